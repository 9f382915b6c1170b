"""What would change on the invitation, why, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from governance.services.meeting_page import Fate, Held, HeldPerson, MeetingPage, Remark, RuleFindings, Verdict
from web.wording.times import count


@dataclass(frozen=True, slots=True)
class Look:
    """A shape for each kind of change; who comes and who goes have a tone as well."""

    icon: str
    tone: str


def deed(remark: Remark) -> str:
    """What approval would do, e.g. “Take off the invitation”."""
    if remark.kind == "set-flag":
        return _FLAGS.get(remark.flag or "", "Switch a setting of the invitation off")
    return _DEEDS.get(remark.kind or "", "Change the invitation")


def where(remark: Remark, zone: str) -> str:
    """“every week” or the one day."""
    return "every week" if remark.occurrence is None else f"only on {_day(remark.occurrence, zone)}"


def held_title(held: Held) -> str:
    return f"{count(len(held.remarks), 'change')} to the invitation {_wait(len(held.remarks))} for you"


def held_summary(held: Held) -> str:
    """“Takes 3 people off, adds 5, changes 2 settings.” – people are counted once."""
    kinds = Counter(kind for person in held.people for kind in {remark.kind for remark in person.remarks if person.who})
    settings = sum(1 for remark in held.remarks if remark.who is None)
    parts = [
        f"takes {count(kinds['remove-guest'], 'person', 'people')} off" if kinds["remove-guest"] else "",
        f"adds {count(kinds['add-guest'], 'person', 'people')}" if kinds["add-guest"] else "",
        f"makes {count(kinds['require-guest'], 'person', 'people')} required" if kinds["require-guest"] else "",
        f"strikes the extra guests of {count(kinds['clear-plus-ones'], 'person', 'people')}"
        if kinds["clear-plus-ones"]
        else "",
        f"puts {count(settings, 'setting')} of the invitation right" if settings else "",
    ]
    said = [part for part in parts if part]
    joined = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    return f"Approving {joined}. Nothing of it happens before you do."


def verdict_sentence(verdict: Verdict) -> str:
    if verdict.is_approved:
        return f"{verdict.by} approved these changes; the service carries them out when it next looks."
    return f"{verdict.by} rejected these changes; the invitation stays as it is until they are approved after all."


def stale_sentence(held: Held | None, new: int) -> str:
    if held is None:
        return "Nothing is left to decide: what waited has been settled since you opened this page. Nothing was done."
    has = "has" if new == 1 else "have"
    what = f"{count(new, 'change')} {has} come up, marked New" if new else "some of it was settled"
    return f"Look at the changes again and decide anew: since you opened this page {what}. Nothing was done yet."


def only_remarks(page: MeetingPage) -> tuple[RuleFindings, ...]:
    """Findings that no change on the page stands for."""
    return _of(page, lambda remark: remark.fate in (Fate.NOTED, Fate.ONLY_WATCHED))


def behind_changes(page: MeetingPage) -> tuple[RuleFindings, ...]:
    """Findings whose change is listed further up: the same reasons, by rule."""
    return _of(page, lambda remark: remark.fate not in (Fate.NOTED, Fate.ONLY_WATCHED))


def behind_title(groups: Sequence[RuleFindings]) -> str:
    many = sum(len(group.remarks) for group in groups)
    return f"{count(many, 'remark')} behind the changes further up, by rule"


def _of(page: MeetingPage, wanted: Callable[[Remark], bool]) -> tuple[RuleFindings, ...]:
    picked = (replace(group, remarks=tuple(filter(wanted, _once(group.remarks)))) for group in page.findings)
    return tuple(group for group in picked if group.remarks)


def _once(remarks: Sequence[Remark]) -> list[Remark]:
    """What holds every week need not be said again of one day."""
    every_week = {remark.reason for remark in remarks if remark.occurrence is None}
    return [remark for remark in remarks if remark.occurrence is None or remark.reason not in every_week]


def rule_title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def all_of(held: Held) -> str:
    """“all 17 changes”, “this change”: what the button approves."""
    many = len(held.remarks)
    return "this change" if many == 1 else f"all {many} changes"


def more_of(people: Sequence[HeldPerson]) -> str:
    """“4 more people and the invitation itself”."""
    named = sum(1 for person in people if person.who)
    more = count(named, "more person", "more people") if named else ""
    return " and ".join(part for part in (more, "the invitation itself" if named < len(people) else "") if part)


def why_held(why: str) -> str:
    """The reason as a sentence of its own."""
    return f"{why[:1].upper()}{why[1:].rstrip('.')}."


def look(remark: Remark) -> Look:
    return _LOOKS.get(remark.kind or "", Look("wand", "quiet"))


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"


def _day(instant: datetime, zone: str) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}"


_DEEDS = {
    "add-guest": "Add to the invitation",
    "remove-guest": "Take off the invitation",
    "require-guest": "Make required",
    "clear-plus-ones": "Strike the extra guests",
    "restore-charter": "Put our lines back into the description",
}

_FLAGS = {
    "guests-can-invite": "Switch off “guests may invite others”",
    "guests-can-modify": "Switch off “guests may change the event”",
}

_LOOKS = {
    "add-guest": Look("user-plus", "add"),
    "remove-guest": Look("user-minus", "off"),
    "require-guest": Look("user-check", "quiet"),
    "clear-plus-ones": Look("users-group", "quiet"),
    "set-flag": Look("toggle-left", "quiet"),
    "restore-charter": Look("file-text", "quiet"),
}
