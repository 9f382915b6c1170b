"""The people of Halvorsen Cold Chain, who bring food across Europe; every name and address is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DOMAIN = "halvorsen.example"
ZONE = "Europe/Oslo"
CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Character:
    """`mailbox` is the part before the @; one with an @ of its own belongs to somebody outside."""

    name: str
    mailbox: str
    department: str = ""

    @property
    def address(self) -> str:
        return self.mailbox if "@" in self.mailbox else f"{self.mailbox}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Department:
    """Who may sit for it and who says what they may decide; `limit` in whole units, None is no say over money."""

    name: str
    sponsor: Character
    delegate: Character | None
    deputy: Character | None
    scope: str
    limit: int | None = None


CHAIR = Character("Ingrid Halvorsen", "ingrid.halvorsen", "Executive Office")
SCRIBE = Character("Tomáš Novák", "tomas.novak", "Executive Office")
LEADER = Character("Margarethe Lindqvist", "margarethe.lindqvist", "Board")

AMARA = Character("Amara Okafor", "amara.okafor", "Finance")
JONAS = Character("Jonas Weiß", "jonas.weiss", "Finance")
BEATRICE = Character("Béatrice Fournier", "beatrice.fournier", "Finance")
HENRIK = Character("Henrik Sørensen", "henrik.sorensen", "Legal")
LUCJA = Character("Łucja Wiśniewska", "lucja.wisniewska", "Legal")
ARJUN = Character("Arjun Mehta", "arjun.mehta", "Legal")
MEI = Character("Mei Tanaka", "mei.tanaka", "IT Security")
CAGLA = Character("Çağla Yıldız", "cagla.yildiz", "IT Security")
MIHAI = Character("Mihai Ionescu", "mihai.ionescu", "IT Security")
PIOTR = Character("Piotr Wójcik", "piotr.wojcik", "Operations")
ROSA = Character("Rosa Delgado", "rosa.delgado", "Operations")
SVEN = Character("Sven Håkansson", "sven.hakansson", "Operations")
EMRE = Character("Emre Şahin", "emre.sahin", "Sales")
CLAIRE = Character("Claire Dubois", "claire.dubois", "Sales")
OLIVIA = Character("Olivia Grant", "olivia.grant", "Sales")
NADIA = Character("Nadia El-Amin", "nadia.el-amin", "Customer Care")
LUKA = Character("Luka Kovačević", "luka.kovacevic", "Customer Care")
GRACE = Character("Grace Mbeki", "grace.mbeki", "Customer Care")
ZOFIA = Character("Zofia Łukasik", "zofia.lukasik", "Product")
DIEGO = Character("Diego Ramos", "diego.ramos", "Product")
DARIO = Character("Dario Conti", "dario.conti", "Product")
SIOBHAN = Character("Siobhán Byrne", "siobhan.byrne", "Human Resources")
MARTA = Character("Márta Szabó", "marta.szabo", "Human Resources")
EERO = Character("Eero Virtanen", "eero.virtanen", "Operations")
"""Eero sat for Operations before Piotr."""

KATJA = Character("Katja Brandt", "katja.brandt", "Finance")
ISMAEL = Character("Ismael Ortega", "ismael.ortega", "Finance")
FREYA = Character("Freya Nilsen", "freya.nilsen", "Sales")
ANTON = Character("Anton Müller", "anton.muller", "Product")
YUSUF = Character("Yusuf Demir", "yusuf.demir", "Customer Care")
HELENA = Character("Helena Čermáková", "helena.cermakova", "Operations")
NOOR = Character("Noor van Dijk", "noor.vandijk", "Marketing")
LARS = Character("Lars Østby", "lars.ostby", "Marketing")
CHIARA = Character("Chiara Bellini", "chiara.bellini", "Strategy")
PRIYA = Character("Priya Raman", "priya.raman", "Strategy")
WALTER = Character("Walter Huber", "walter.huber@brightbay.example")
SUNNIVA = Character("Sunniva Moe", "sunniva.moe@fjordfisk.example")

ALL_HANDS = "all-hands"
PRODUCT_TEAM = "product-team"

DECISIONS: tuple[Department, ...] = (
    Department("Finance", BEATRICE, AMARA, JONAS, "Credits, payment terms and write-offs for customers", 50_000),
    Department("Legal", ARJUN, HENRIK, LUCJA, "Changes of customer contracts within the standard terms"),
    Department("IT Security", MIHAI, MEI, CAGLA, "Access for customers and partners, and exceptions up to 90 days"),
    Department("Operations", SVEN, EERO, ROSA, "Capacity, routes and overtime for the coming four weeks", 120_000),
    Department("Sales", OLIVIA, EMRE, CLAIRE, "Prices down to the floor, and promises of delivery dates", 80_000),
    Department("Customer Care", GRACE, NADIA, LUKA, "Goodwill for customers, and who answers them", 10_000),
    Department("Product", DARIO, ZOFIA, DIEGO, "Order and scope of the next two releases"),
    Department("Human Resources", MARTA, SIOBHAN, None, "Staffing across departments for up to three months"),
)
"""The seats of Customer Decisions as the meeting began."""

COUNCIL: tuple[Department, ...] = (
    Department("Product", DARIO, DIEGO, ANTON, "What is built, and in which order"),
    Department("IT Security", MIHAI, CAGLA, None, "Which risks a release may carry"),
    Department("Operations", SVEN, ROSA, HELENA, "When a release may reach the depots", 20_000),
    Department("Sales", OLIVIA, FREYA, None, "What may be promised to which customer"),
    Department("Customer Care", GRACE, LUKA, YUSUF, "What customers are told, and when"),
    Department("Legal", ARJUN, LUCJA, HENRIK, "What a release may promise and to whom"),
    Department("Finance", BEATRICE, ISMAEL, None, "Money for the quarter's releases", 60_000),
)
"""The seats of Product Council."""

EVERYBODY: tuple[Character, ...] = tuple(
    character for character in list(globals().values()) if isinstance(character, Character)
)


def users() -> list[dict[str, Any]]:
    """The accounts of the organisation, as the sandbox wants them; the chair may read the Directory."""
    inside = (character for character in EVERYBODY if "@" not in character.mailbox)
    return [
        {
            "email": character.address,
            "name": character.name,
            "department": character.department,
            "time_zone": ZONE,
            "admin": character is CHAIR,
        }
        for character in inside
    ]


def groups() -> list[dict[str, Any]]:
    inside = [character for character in EVERYBODY if "@" not in character.mailbox]
    product = [character for character in inside if character.department == "Product"]
    return [
        {"email": f"{name}@{DOMAIN}", "name": label, "members": [character.address for character in members]}
        for name, label, members in (
            (ALL_HANDS, "All hands", inside[:12]),
            (PRODUCT_TEAM, "Product team", product),
        )
    ]
