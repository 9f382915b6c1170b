"""Gmail, through its API: the bytes go out as they are, and by their Message-ID it can be asked whether they did.

A call is sent once (`governance.calendar.calling`). What its answer leaves open is settled by asking, because a second
sending would be a second mail: Gmail knows no idempotency.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from governance.calendar.calling import Caller
from governance.calendar.denials import Asked
from governance.calendar.refusals import unbelievable
from governance.mail.ports import Later, Outcome, Refused, Sent, Unclear, Unreachable
from governance.mail.ready import Ready
from governance.reconcile.ports import CalendarTrouble, OutcomeUnclear, WritesPaused

HOURS_OF_A_PAUSE = 4
"""Google says of an account that has sent too much only that it lasts for hours."""


class GmailTransport:
    can_be_asked = True

    def __init__(self, caller: Caller, *, subject: str, may_send: Callable[[], bool] = lambda: True) -> None:
        self._caller = caller
        self._subject = subject
        self._may_send = may_send

    @contextmanager
    def connect(self) -> Iterator[GmailTransport]:
        """Every call is on its own; nothing is asked before there is a mail."""
        yield self

    def send(self, ready: Ready) -> Outcome:
        if not self._may_send():
            return Later("lease-lost", "Leave it to the worker that has it now.", is_server=True)
        raw = base64.urlsafe_b64encode(ready.content).decode("ascii")
        try:
            answer = self._caller.write(
                lambda client: client.users.messages().send(userId="me", body={"raw": raw}), self._asked(is_write=True)
            )
        except OutcomeUnclear as trouble:
            return Unclear(str(trouble))
        except CalendarTrouble as trouble:
            return self._refusal(trouble)
        found = answer.get("id") if isinstance(answer, dict) else None
        return Sent(found) if isinstance(found, str) and found else Unclear("Gmail's answer names no mail.")

    def find(self, message_id: str) -> Sent | bool | None:
        """Raises Unreachable when Gmail does not say."""
        query = f"rfc822msgid:{message_id.strip('<>')}"
        try:
            answer = self._caller.read(
                lambda client: client.users.messages().list(
                    userId="me", q=query, maxResults=1, includeSpamTrash=True, fields="messages/id,resultSizeEstimate"
                ),
                self._asked(is_write=False),
            )
            return self._found(answer)
        except CalendarTrouble as trouble:
            raise Unreachable(self._later(trouble)) from None

    def _found(self, answer: Any) -> Sent | None:
        """A nonsensical answer is no *not there*: on that one the mail would be sent."""
        messages = answer.get("messages", []) if isinstance(answer, dict) else None
        is_said = isinstance(messages, list) and (messages or "resultSizeEstimate" in answer)
        if not is_said:
            raise unbelievable(self._asked(is_write=False), "it lists no mails")
        return Sent(str(messages[0].get("id"))) if messages else None

    def _asked(self, *, is_write: bool) -> Asked:
        return replace(self._caller.credentials.asked(self._subject), is_write=is_write)

    def _refusal(self, trouble: CalendarTrouble) -> Outcome:
        """Google refuses a call as invalid for what is in it; everything else is between us and Google."""
        if trouble.code == "google-invalid":
            return Refused(code=trouble.code, text="Correct the address: Gmail does not take this mail.")
        return self._later(trouble)

    def _later(self, trouble: CalendarTrouble) -> Later:
        wait = trouble.retry_after
        if isinstance(trouble, WritesPaused) and wait is None:
            wait = HOURS_OF_A_PAUSE * 3600.0
        words = _WORDS.get(trouble.code, "{trouble}").format(trouble=trouble, subject=self._subject)
        return Later(trouble.code, words, wait, is_server=True)


# Where the sentence for calendars would send people to the wrong place.
_WORDS = {
    "google-api-disabled": "Enable the Gmail API for the project of the credentials in the Google Cloud console: the "
    "project may not use it yet.",
    "google-shared-read-only": "Switch Gmail on for {subject} in the Admin console: Google refuses to send for it.",
    "google-forbidden": "Switch Gmail on for {subject} in the Admin console: Google refuses to show its mailbox.",
    "google-not-found": "Name an account that has a mailbox as mail.gmail.subject: {subject} has none.",
    "google-writes-paused": "Wait some hours: {subject} has sent as many mails as Google allows for a day.",
    "google-throttled": "Wait: {subject} made too many calls to Gmail.",
    "google-unbelievable": "Check the network of this machine for a proxy or sign-in page that answers in Google's "
    "place: the answer about a mailbox cannot be true.",
}
