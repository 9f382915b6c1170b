"""What Customer Decisions has decided since the week that was called off, and what it has not decided yet."""

from __future__ import annotations

from governance.domain.decisions.values import Answer
from governance.seed import cast
from governance.seed.case import Case, Objection, option

LATER: tuple[Case, ...] = (
    Case(
        key="kitchens",
        week=8,
        department="Customer Care",
        title="One contact for hospital kitchens",
        question="Hospitals call five numbers when a delivery is short. Who answers, and may decide?",
        customer="Clinique Saint-Aubin and six other hospitals",
        nothing="A kitchen that cooks for six hundred patients is put through twice",
        options=(
            option(
                "Two people of Customer Care with a number of their own, from six to six",
                "One call, and an answer in that call",
                "One and a half positions",
            ),
            option("A line in the usual menu", "One step less", "None"),
        ),
        owner=cast.NADIA,
        due=20,
        teller="Nadia El-Amin, each kitchen by phone",
        live=("Finance",),
    ),
    Case(
        key="surcharge",
        week=8,
        department="Customer Care",
        title="Pay back the fuel surcharge that Grønn Kurv paid twice",
        question="It was on the invoice and in the price for five months. All of it, or from their complaint on?",
        customer="Grønn Kurv",
        nothing="They find the other three months by themselves",
        options=(
            option(
                "Pay back all five months at once",
                "7,900 with the next statement, and a letter that says why",
                "7,900",
            ),
            option("Pay back from their complaint on", "3,100", "3,100", "They count for themselves"),
        ),
        owner=cast.AMARA,
        due=6,
        teller="Amara Okafor, by letter",
        money=7_900,
        payer="Customer Care",
    ),
    Case(
        key="messages",
        week=9,
        department="Product",
        title="Late trucks: a message straight from the truck",
        question="Dispatch calls, but not at night. Can the truck say itself that it is late?",
        customer="All with a fixed window",
        nothing="From midnight to five nobody is called",
        options=(
            option(
                "The truck sends a message with the new time, by itself, at any hour",
                "Everybody knows within five minutes, at night too",
                "Two weeks of Product, then nothing",
                "Some customers have given a number that nobody reads",
            ),
            option("A night shift in dispatch", "Calls at any hour", "5,200 a month"),
        ),
        owner=cast.ZOFIA,
        due=18,
        teller="Customer Care, with the next newsletter",
        live=("Operations",),
        papers="Calls made and missed in the past seven weeks",
    ),
    Case(
        key="trailer",
        week=10,
        department="Operations",
        title="A second cooling unit for the Bergen trailers",
        question="Twice a unit failed on the mountain. Do we double it on the five trailers that go there?",
        customer="Hotel Kongshavn, Ostebod and all of Bergen",
        nothing="One failure a month, 11,000 each, and a hotel without dinner",
        options=(
            option(
                "A second unit on all five, within six weeks",
                "No delivery to Bergen is lost to a cooling unit",
                "140,000",
            ),
            option("Two units, on the trailers that failed", "Three of five tours are safe", "56,000"),
        ),
        owner=cast.PIOTR,
        due=40,
        teller="Sales, when the first trailer drives",
        money=140_000,
        payer="Operations",
        minutes=20,
    ),
    Case(
        key="invoices",
        week=11,
        since=9,
        department="Finance",
        title="Write off two disputed invoices of Kantine Nord",
        question="Two invoices from the spring, both sides have a point. Do we go on?",
        customer="Kantine Nord",
        nothing="Their buyer talks with us about the spring, not about the autumn",
        options=(
            option(
                "Write off both, and agree on photographs at the ramp from now on",
                "The matter is closed today",
                "12,600",
            ),
            option("Hand them to a lawyer", "They buy elsewhere meanwhile", "About 4,000, and the customer"),
        ),
        owner=cast.AMARA,
        due=7,
        teller="Amara Okafor and Emre Şahin together",
        money=12_600,
        payer="Finance",
        needs={"Operations": "A telephone with a camera at the ramp of Kantine Nord"},
    ),
    Case(
        key="slot",
        week=12,
        department="Operations",
        title="A fixed slot at the ramp for Clinique Saint-Aubin",
        question="Their truck waits behind ours in the morning. Do we give them a slot, at our own cost?",
        customer="Clinique Saint-Aubin",
        nothing="Lunch for six hundred is late about once a week",
        options=(
            option("Ramp 3 from 6:10 to 6:30, every day", "They leave before half past six", "One tour starts later"),
            option("First come, first served, with a marshal", "Ten minutes less on most days", "One shift"),
        ),
        owner=cast.PIOTR,
        due=14,
        teller="Piotr Wójcik, to their driver",
        live=("Sales",),
    ),
)

AWAITING = Case(
    key="guarantee",
    week=12,
    department="Sales",
    title="Guarantee Fjordfisk two degrees from ship to shop",
    question="They sign for three years if we pay whenever a box was warmer than two degrees. Do we?",
    customer="Fjordfisk",
    nothing="They ask the others, and one of the others will say yes",
    options=(
        option("Guarantee it, with a cap of 95,000 a year", "Fish they can promise on, for three years", "95,000"),
        option("Guarantee it for one year only", "A promise for a third of the time they sign for", "30,000"),
    ),
    owner=cast.EMRE,
    due=21,
    teller="Emre Şahin",
    money=95_000,
    payer="Sales",
    live=("Finance", "Operations"),
)
"""Decided last week, and beyond what Sales may spend: its sponsor has been asked."""

TO_CLOSE = Case(
    key="hotline",
    week=12,
    department="Customer Care",
    title="A hotline at weekends for hospital kitchens",
    question="Hospitals cook on Sundays. Who answers them then?",
    customer="Clinique Saint-Aubin and six other hospitals",
    nothing="On Sunday they call the driver, who has no key to the depot",
    options=(
        option(
            "One person on call, who may open the depot",
            "Somebody answers within fifteen minutes on any day",
            "1,900 a month",
        ),
        option("A second delivery on Saturdays", "Fewer shortages on Sundays", "3,400 a month"),
    ),
    live=("Legal",),
    money=1_900,
    payer="Customer Care",
    owner=cast.NADIA,
    due=21,
    teller="Nadia El-Amin, each kitchen by phone",
)
"""Decided last week by all, and not closed: nobody has heard yet what Product will do about it."""

OPEN = Case(
    key="exchange",
    week=13,
    department="Customer Care",
    title="Exchange spoiled goods on the same day, up to 500",
    question="A customer opens a spoiled box in the morning. May the driver of the afternoon bring another, unasked?",
    customer="Bistro Allegro, Ostebod and all smaller kitchens",
    nothing="They buy at the supermarket, and we credit the box three weeks later",
    options=(
        option(
            "Whoever answers the phone may send goods up to 500 with the next tour, without asking",
            "The kitchen can cook in the evening",
            "About 4,000 a month",
            "Some will ask for what was never spoiled",
        ),
        option("Exchange after a photograph was looked at", "On the next day in most cases", "About 2,500 a month"),
        option("Credit the box at once, and bring nothing", "Money, but no dinner", "About 3,000 a month"),
    ),
    live=("IT Security",),
    objection=Objection(
        department="Legal",
        reason="Goods that leave without a record cannot be called back when a whole batch is bad",
        removes="The number of the box is read out on the phone and written down before another one leaves",
        interest="That we can reach every customer of a batch within two hours",
        answer=Answer.MEASURE_ADDED,
    ),
    minutes=20,
    papers="What 41 kitchens told us about spoiled boxes",
)
"""Four seats have said what they think of it, and nobody has read it."""

DRAFT = Case(
    key="meals",
    week=13,
    department="Product",
    title="Frozen meals for Ostebod from the Malmö depot",
    question="Ostebod asks for twelve ready meals from next quarter on. Do we list them, and from where?",
    customer="Ostebod",
    nothing="They get them from somebody who will soon offer cheese as well",
    options=(option("List six, from Malmö, as a trial of ten weeks", "Half of what they asked for, in ten weeks"),),
)
"""A second way out is still missing, and what doing nothing costs has been thought of already."""
