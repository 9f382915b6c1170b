"""Rules in words for whoever leads a meeting: what a mode means, what was found, what another mode would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from governance.domain.rules import Mode, Rule
from governance.services.meeting_page import Fate, Remark
from governance.services.rule_pages import Rehearsal, RuleLine
from governance.store.rule_pages import LastSet, Written
from web.wording.acts import deed_done
from web.wording.badges import Badge
from web.wording.times import count


def groups(lines: Sequence[RuleLine]) -> list[tuple[str, str, list[RuleLine]]]:
    """Title, explanation and rules of each part."""
    return [(*_GROUPS[letter], list(some)) for letter, some in groupby(lines, key=lambda line: line.rule.code[0])]


def mode(of: Mode) -> Badge:
    return _MODES[of]


def choice(of: Mode) -> str:
    return of.value.capitalize()


def what_it_does(rule: Rule, of: Mode) -> str:
    """“A guest is not entitled to the meeting: is taken off.”, by what the mode makes of it."""
    if of is Mode.OFF:
        return "Nobody looks for this."
    if of is Mode.OBSERVE:
        writes = rule.default is Mode.ENFORCE
        return "It is shown here, and nothing is written to the invitation." if writes else _told(rule)
    return _told(rule)


def found(line: RuleLine) -> str:
    many = len(line.remarks)
    return count(many, "remark") if many else "Nothing found"


def written(line: RuleLine) -> str:
    return f"{count(line.written_many, 'change')} in the last 30 days" if line.written else ""


def deed(of: Written, names: Mapping[str, str]) -> str:
    return deed_done({"kind": of.kind, "target": of.target, "scope": of.scope}, names)


def set_by(last: LastSet, names: Mapping[str, str]) -> str:
    who = names.get(last.by, last.by) if last.by else "An administrator"
    return f"Set by {who}"


def question(of: Rehearsal) -> str:
    return f"Set {of.rule.code} to {choice(of.wanted)}?"


def consequence(of: Rehearsal) -> str:
    """In one sentence what confirming brings, before the lists."""
    if of.wanted is of.present:
        return f"{of.rule.code} is set to {choice(of.present)} already; there is nothing to change."
    parts = [
        f"makes {count(len(of.begins), 'change')} to the invitation" if of.begins else "",
        f"leaves {count(len(of.ends), 'change')} undone that would be made now" if of.ends else "",
        f"remarks {count(len(of.told), 'more thing')}" if of.told and not of.begins else "",
        f"no longer remarks {count(len(of.silent), 'thing')}" if of.silent and not of.ends else "",
    ]
    said = [part for part in parts if part]
    if not said:
        return "As things stand now, nothing on the invitation changes by it."
    return f"The next look then {' and '.join(said)}."


def releasing(of: Rehearsal) -> str:
    """What becomes of the changes that would else wait for a person."""
    waiting = sum(1 for remark in of.begins if remark.fate is Fate.WAITS_FOR_YOU)
    if not waiting:
        return ""
    if of.approves:
        return f"Confirming approves {_them(waiting)}: exactly what is listed here, for 7 days."
    return "They then wait for approval on the page of the meeting, with everything else that waits there."


def confirm(of: Rehearsal) -> str:
    return f"Set to {choice(of.wanted)}"


def stale(of: Rehearsal, was: str, names: Mapping[str, str]) -> str:
    """For who confirmed something that is no longer so; the typed text is still there."""
    if of.present.value == was:
        return "Look at the consequences again: they changed since you opened this page. Nothing was done."
    who = names.get(of.last_set.by, of.last_set.by) if of.last_set and of.last_set.by else "Somebody"
    return (
        f"Look again and decide anew: {who} has set {of.rule.code} to {choice(of.present)} meanwhile, "
        f"you wanted {choice(of.wanted)}. Nothing was done."
    )


def fate(remark: Remark, of: Rehearsal) -> str:
    """Why a change does not come at once, or nothing: what confirming releases does."""
    is_released = remark.fate is Fate.WAITS_FOR_YOU and bool(of.approves)
    return f"Waits: {remark.held[:1].lower()}{remark.held[1:]}" if remark.held and not is_released else ""


def _told(rule: Rule) -> str:
    return _REMEDIES.get(rule.code, f"{rule.remedy[:1].upper()}{rule.remedy[1:]}.")


def _them(many: int) -> str:
    return "this change" if many == 1 else f"these {many} changes"


_GROUPS = {
    "I": ("The invitation", "What people may do to the event, and what becomes of it."),
    "M": ("Seats and mandates", "Nothing is written for these; those who can mend it are told."),
}

_MODES = {
    Mode.OFF: Badge("Off", "circle-minus", "quiet"),
    Mode.OBSERVE: Badge("Observe", "eye", "wait"),
    Mode.ENFORCE: Badge("Enforce", "circle-check", "good"),
}

_REMEDIES = {
    "I01": "The guest is taken off and told why.",
    "I02": "The second person is taken off and told who their delegate is.",
    "I03": "They are not added before the sponsor has given a mandate; who is there already stays until you decide.",
    "I04": "You choose who keeps a seat, or raise the cap.",
    "I05": "They are added as required, and put back once a day when somebody takes them off.",
    "I06": "They are made required.",
    "I07": "The extra guests are struck.",
    "I08": "The list is taken off; nobody is written to.",
    "I09": "The setting is switched off.",
    "I10": "The setting is switched off.",
    "I11": "Our lines are put back; the rest of the description is left alone.",
    "I12": "It is reported to you. Where the whole series is in doubt, nothing is written until you decide.",
    "I13": "The delegate is asked, then the sponsor.",
    "I14": "Nothing is written on that event until all guests are known, in every mode.",
    "I15": "It is tried once an hour, and you are asked whether the roster is to change.",
    "M01": "The sponsor is told.",
    "M02": "The sponsor is told 42, 14 and 3 days before.",
    "M03": "The sponsor is told.",
    "M04": "The sponsor is told.",
    "M05": "Nothing is written for either until you decide.",
    "M06": "The sponsor is told.",
}
