"""The mailbox of the sandbox, by Google's own client (item 69)."""

from __future__ import annotations

import base64
from http.client import IncompleteRead
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.support.sandbox import SandboxForTests

CONTENT = b"Message-ID: <one@example.com>\r\nTo: ada@example.com\r\n\r\n.\r\n"


@pytest.fixture
def messages(sandbox: SandboxForTests) -> Any:
    sandbox.control.seed(users=["chair@example.com", "other@example.com"])
    return sandbox.service("chair@example.com", api="gmail").users().messages()


def send(messages: Any, content: bytes = CONTENT) -> Any:
    return messages.send(userId="me", body={"raw": base64.urlsafe_b64encode(content).decode()}).execute()


def test_an_empty_mailbox_says_so(messages: Any) -> None:
    assert messages.list(userId="me", q="rfc822msgid:one@example.com").execute() == {"resultSizeEstimate": 0}


def test_the_same_sent_twice_is_there_twice(messages: Any, sandbox: SandboxForTests) -> None:
    send(messages)
    send(messages)

    found = messages.list(userId="me", q="rfc822msgid:one@example.com").execute()
    assert found["resultSizeEstimate"] == 2
    assert len(sandbox.control.mails()) == 2


def test_a_message_comes_back_as_it_was_sent(messages: Any) -> None:
    sent = send(messages)

    raw = messages.get(userId="me", id=sent["id"], format="raw").execute()["raw"]
    assert base64.urlsafe_b64decode(raw) == CONTENT
    assert sent["labelIds"] == ["SENT"]


def test_nobody_sees_anothers_mailbox(messages: Any, sandbox: SandboxForTests) -> None:
    send(messages)

    other = sandbox.service("other@example.com", api="gmail").users().messages()
    assert other.list(userId="me").execute() == {"resultSizeEstimate": 0}
    with pytest.raises(HttpError, match="403"):
        other.list(userId="chair@example.com").execute()


@pytest.mark.parametrize("body", [{}, {"raw": 1}, {"raw": "%%%"}, {"raw": "VG86IA=="}])
def test_what_is_no_mail_is_refused(messages: Any, body: dict[str, Any]) -> None:
    with pytest.raises(HttpError, match="400"):
        messages.send(userId="me", body=body).execute()


def test_sending_alone_may_not_search(sandbox: SandboxForTests) -> None:
    sandbox.control.seed(users=["chair@example.com"])
    only_sends = sandbox.service(
        "chair@example.com", api="gmail", scopes=("https://www.googleapis.com/auth/gmail.send",)
    )

    send(only_sends.users().messages())
    with pytest.raises(HttpError, match="403"):
        only_sends.users().messages().list(userId="me").execute()


def test_a_lost_reply_leaves_the_mail_sent(messages: Any, sandbox: SandboxForTests) -> None:
    sandbox.control.fault("truncated", route="messages.send")

    with pytest.raises(IncompleteRead):
        send(messages)

    assert len(sandbox.control.mails()) == 1
