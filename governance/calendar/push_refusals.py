"""Why Google opens no channel for notifications, and what somebody can do about it. Pure.

Nothing depends on notifications: without them every calendar is read at its regular times.
"""

from __future__ import annotations

from governance.calendar.denials import Asked, Denial
from governance.reconcile.ports import CalendarTrouble, Refused


def push_trouble_of(denial: Denial, asked: Asked) -> CalendarTrouble | None:
    """What a refused call about a channel means; None where it means the same as for any other call."""
    if "pushNotSupportedForRequestedResource" in denial.reasons:
        return _unsupported(asked)
    if "push.webhookUrlUnauthorized" in denial.reasons:
        return _unauthorised_address()
    if "channelIdNotUnique" in denial.reasons:
        return _id_in_use()
    return _refused_address() if denial.status == 400 else None


def _unsupported(asked: Asked) -> Refused:
    return Refused(
        "Adopt the meeting from a person's or a shared calendar, or set google.push to false in config.toml",
        f"Google sends no notifications about {asked.on_calendar}",
        code="google-push-unsupported",
    )


def _refused_address() -> Refused:
    return Refused(
        "Set site.public_url in config.toml to an https address that Google can reach, or google.push to false",
        "Google sends notifications only to such an address, with a certificate that everybody trusts",
        code="google-push-address",
    )


def _unauthorised_address() -> Refused:
    return Refused(
        "Verify the domain of site.public_url for the project in the Google Cloud console, or set google.push to false "
        "in config.toml",
        "Google does not yet let the project have notifications sent to that domain",
        code="google-push-unauthorised",
    )


def _id_in_use() -> Refused:
    return Refused(
        "Open the channel under another id",
        "Google already had one under this id, perhaps of a call whose answer was lost",
        code="google-channel-known",
    )
