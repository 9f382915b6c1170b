"""What a decision may do and who may see what, as somebody would keep it on a sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass, field

SEATS = range(5)
EMPOWERED = frozenset({0, 1, 2, 3})
"""The last seat is heard and not counted."""
NEEDED = 3
YES = ("favour", "live")


@dataclass
class Oracle:
    """`said` is, by seat, the stance of this round and until when it holds; minutes count from the start."""

    now: int = 0
    state: str = "draft"
    round: int = 1
    hands: bool = False
    revealed: bool = False
    was_opened: bool = False
    proposed: int = 1
    said: dict[int, tuple[str, int]] = field(default_factory=dict)
    entered: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    present: set[int] = field(default_factory=set)
    shut: set[int] = field(default_factory=set)
    outside: dict[int, str] = field(default_factory=dict)
    """Seats whose part is beyond their mandate, and what their sponsor said."""
    committed: set[int] = field(default_factory=set)
    is_costed: bool = False
    """Whether it is said what doing nothing costs."""

    @property
    def shown(self) -> str:
        """Once it is decided the state follows from what sponsors and seats said."""
        if self.state != "decided":
            return self.state
        if set(self.outside.values()) - {"ratified"}:
            return "awaiting"
        return "committed" if self.committed >= set(SEATS) else "decided"

    def may_close(self, *, is_complete: bool, are_named: bool) -> bool:
        """D02 and D05, D04, D07; and unless the seats are named, D03 and D06. D01 was asked when it was decided."""
        is_heard = set(self.standing()) >= set(SEATS) and self.committed >= set(SEATS)
        is_done = is_complete and self.is_costed and self.shown != "awaiting" and not self.objecting()
        return self.state == "decided" and is_done and (are_named or is_heard)

    def asks_anew(self, before: str, text: str) -> bool:
        """Closing in other words does not close where sponsors were asked: they are asked about these."""
        return self.state == "decided" and bool(self.outside) and before != text

    def close(self, *, asks_anew: bool) -> None:
        if asks_anew:
            self.outside = dict.fromkeys(self.outside, "asked")
        else:
            self.state = "closed"

    def standing(self) -> dict[int, str]:
        return {seat: stance for seat, (stance, until) in self.said.items() if stance != "hold" or self.now < until}

    def heard(self) -> set[int]:
        """A hold that has run out is missed only once positions are open."""
        return set(self.said if self.blind else self.standing())

    @property
    def blind(self) -> bool:
        return not self.hands and not self.revealed and len(self.said) < len(SEATS)

    def objecting(self) -> set[int]:
        found = self.standing().items()
        return {seat for seat, one in found if one == "hold" or (one == "object" and seat not in self.answered)}

    def there(self) -> int:
        recused = {seat for seat, one in self.standing().items() if one == "recuse" and not self.blind}
        return len(self.present & EMPOWERED - recused)

    def may_say(self, seat: int) -> bool:
        return self.state == "open" or (self.state in ("decided", "closed") and seat in self.entered)

    def may_decide(self) -> bool:
        yes = any(one in YES and seat in EMPOWERED for seat, one in self.standing().items())
        return self.state == "open" and not self.blind and not self.objecting() and self.there() >= NEEDED and yes

    def say(self, seat: int, stance: str, until: int, *, is_entered: bool) -> None:
        was_blind = self.blind
        self.said[seat] = (stance, until)
        self.answered.discard(seat)
        (self.entered.add if is_entered else self.entered.discard)(seat)
        if was_blind and len(self.said) == len(SEATS):
            self.revealed = True

    def next_round(self) -> None:
        if self.blind:
            self.shut.add(self.round)
        self.round += 1
        self.revealed = False
        self.said, self.entered, self.answered = {}, set(), set()

    def to_draft(self) -> None:
        if self.was_opened:
            self.next_round()
        self.state, self.was_opened, self.committed = "draft", False, set()

    def decide(self) -> None:
        """Whatever sponsors said was about another version."""
        self.state, self.outside = "decided", dict.fromkeys(self.outside, "asked")
