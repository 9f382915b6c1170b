"""A mail server, by SMTP. It cannot be asked what it has: an answer lost after the last byte leaves a mail unclear.

Up to the dot that ends a mail nothing has happened (RFC 5321, 4.1.1.4), whatever breaks. The dot is sent by itself, and
not when the worker has lost the row meanwhile. Where the server takes several commands at once (PIPELINING, RFC 2920),
a mail costs two round trips.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from governance.calendar.connections import trust
from governance.calendar.deadlines import Call, Deadlines, Interrupted, Interruption
from governance.config.model import Smtp
from governance.mail.ports import Later, Outcome, Refused, Sent, Unclear, Unreachable
from governance.mail.ready import Ready
from governance.mail.transports.answers import Answer, refusal_of, words_of
from governance.mail.transports.talking import Talk

SECONDS = 28.0
"""For connecting, and again for each mail, from the first byte to the last answer."""

_GOODBYE_SECONDS = 2.0
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_DOTS = re.compile(rb"(?m)^\.")
_UNSAFE = re.compile(r"[\s<>\x00-\x1f\x7f]")

MaySend = Callable[[], bool]


class SmtpTransport:
    can_be_asked = False

    def __init__(self, smtp: Smtp, deadlines: Deadlines, *, local_name: str, may_send: MaySend = lambda: True) -> None:
        self._smtp = smtp
        self._deadlines = deadlines
        self._local_name = local_name
        self._may_send = may_send

    @contextmanager
    def connect(self) -> Iterator[SmtpConnection]:
        talk = self._opened()
        connection = SmtpConnection(talk, self._deadlines, self._may_send)
        try:
            yield connection
        finally:
            connection.close()

    def _opened(self) -> Talk:
        call = Call.within(SECONDS)
        talk = Talk(call, local_name=self._local_name, tls=trust() if self._smtp.security == "tls" else None)
        is_open = False
        try:
            self._deadlines.begin(call)
            self._introduce(talk)
            is_open = True
        except Interrupted:
            raise Unreachable(_stopping()) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Unreachable(self._why(error, call)) from None
        finally:
            self._deadlines.end(call)
            if not is_open:
                talk.let_go()
        return talk

    def _introduce(self, talk: Talk) -> None:
        talk.open(self._smtp.host or "", self._smtp.port)
        talk.greet()
        if self._smtp.security == "starttls":
            talk.starttls(context=trust())
            talk.greet()
        if self._smtp.username:
            talk.login(self._smtp.username, self._smtp.password or "")

    def _why(self, error: Exception, call: Call) -> Later:
        where = f"mail.smtp ({self._smtp.host}:{self._smtp.port}, {self._smtp.security})"
        match error:
            case _ if call.interruption is Interruption.STOP:
                return _stopping()
            case _ if call.interruption is not None:
                return _later("mail-silent", f"Look after the mail server of {where}: it did not answer in time.")
            case smtplib.SMTPAuthenticationError() if 400 <= error.smtp_code < 500:
                return _later("mail-busy", f"Wait: the mail server of {where} lets nobody in for now.")
            case smtplib.SMTPAuthenticationError():
                return _later("mail-login", f"Correct username and password in {where}: the mail server refuses them.")
            case ssl.SSLCertVerificationError():
                return _later(
                    "mail-certificate",
                    f"Let this machine trust the certificate of {where}, and check its clock: {error.verify_message}.",
                )
            case smtplib.SMTPNotSupportedError():
                return _later("mail-security", f"Correct mail.smtp.security or username in {where}: {_words(error)}.")
            case smtplib.SMTPResponseException():
                said = words_of(Answer(error.smtp_code, _bytes(error.smtp_error)))
                return _later("mail-busy", f"Wait, or look after the mail server of {where}: it said {said}.")
            case _:
                return _later("mail-unreachable", f"Correct {where}, or start the mail server: {_words(error)}.")


class SmtpConnection:
    """One conversation. After trouble with the connection it is of no use any more; its answers say so."""

    def __init__(self, talk: Talk, deadlines: Deadlines, may_send: MaySend) -> None:
        self._talk = talk
        self._deadlines = deadlines
        self._may_send = may_send
        self._is_broken = False
        self._must_reset = False
        self._is_past_the_dot = False

    def find(self, message_id: str) -> bool:
        return False

    def send(self, ready: Ready) -> Outcome:
        call = Call.within(SECONDS)
        self._is_past_the_dot = False
        try:
            self._deadlines.begin(call)
            self._talk.go_on_with(call)
            return self._transaction(ready)
        except Interrupted:
            self._is_broken = True
            return _stopping()
        except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
            self._is_broken = True
            return self._broken_off(error, call)
        finally:
            self._deadlines.end(call)

    def close(self) -> None:
        """Says goodbye where that takes no time."""
        call = Call.within(_GOODBYE_SECONDS)
        with suppress(OSError, Interrupted):
            if not self._is_broken:
                self._deadlines.begin(call)
                self._talk.go_on_with(call)
                self._talk.quit()
        self._deadlines.end(call)
        self._talk.let_go()

    def _transaction(self, ready: Ready) -> Outcome:
        unsendable = self._unsendable(ready)
        if unsendable is not None:
            return unsendable
        content = _stuffed(ready.content)
        answers = self._envelope(ready, len(content))
        outcome = next((refusal_of(name, one) for name, one in answers if not _is_good(name, one)), None)
        if outcome is not None:
            return self._ended(outcome, answers)
        return self._body(content)

    def _unsendable(self, ready: Ready) -> Refused | None:
        """What cannot be said in a command; an address with a line end in it would be a command of its own."""
        for address in (ready.sender, ready.recipient):
            is_recipient = address is ready.recipient
            if _UNSAFE.search(address) or "@" not in address:
                return Refused(
                    code="mail-address",
                    text="Correct the address: no mail can be sent to it.",
                    is_address=is_recipient,
                )
            if not address.isascii() and not self._talk.has_extn("smtputf8"):
                words = "Use a mail server that takes addresses beyond ASCII (SMTPUTF8)."
                return Refused(code="mail-address", text=words, is_address=is_recipient)
        return None

    def _envelope(self, ready: Ready, size: int) -> list[tuple[str, Answer]]:
        options = [f" SIZE={size}"] if self._talk.has_extn("size") else []
        if not ready.content.isascii() and self._talk.has_extn("8bitmime"):
            options.append(" BODY=8BITMIME")
        if not (ready.sender + ready.recipient).isascii():
            options.append(" SMTPUTF8")
        commands = [
            *([("RSET", "RSET")] if self._must_reset else []),
            ("MAIL", f"MAIL FROM:<{ready.sender}>{''.join(options)}"),
            ("RCPT", f"RCPT TO:<{ready.recipient}>"),
            ("DATA", "DATA"),
        ]
        if self._talk.has_extn("pipelining"):
            self._write("".join(f"{line}\r\n" for _, line in commands).encode())
            return [(name, self._answer()) for name, _ in commands]
        answers: list[tuple[str, Answer]] = []
        for name, line in commands:
            self._write(f"{line}\r\n".encode())
            answers.append((name, self._answer()))
            if not _is_good(*answers[-1]):
                break
        return answers

    def _ended(self, outcome: Outcome, answers: list[tuple[str, Answer]]) -> Outcome:
        """The server may wait for the text all the same (RFC 2920, 3.1): it gets none."""
        if answers[-1][0] == "DATA" and answers[-1][1].code == 354:
            self._write(b".\r\n")
            self._answer()
        self._must_reset = True
        self._is_broken = any(answer.code == 421 for _, answer in answers)
        return outcome

    def _body(self, content: bytes) -> Outcome:
        self._write(content)
        if not self._may_send():
            self._is_broken = True
            return Later("lease-lost", "Leave it to the worker that has it now.", is_server=True)
        self._is_past_the_dot = True
        self._write(b".\r\n")
        answer = self._answer()
        self._must_reset = False
        if answer.code == 250:
            return Sent(words_of(answer)[:200])
        if answer.code < 400:
            self._is_broken = True
            return Unclear(f"The mail server answered the whole mail with {words_of(answer)}.")
        self._must_reset = True
        self._is_broken = answer.code == 421
        return refusal_of("DATA", answer)

    def _broken_off(self, error: Exception, call: Call) -> Outcome:
        why = "it did not answer in time" if call.interruption is not None else _words(error)
        if self._is_past_the_dot:
            return Unclear(f"The mail was sent, and the answer of the mail server was lost: {why}.")
        return Later("mail-lost", f"Wait: the connection to the mail server broke, {why}.", is_server=True)

    def _write(self, data: bytes) -> None:
        if self._talk.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self._talk.sock.sendall(data)

    def _answer(self) -> Answer:
        return Answer(*self._talk.getreply())


def _is_good(name: str, answer: Answer) -> bool:
    return answer.code == 354 if name == "DATA" else 200 <= answer.code < 300


def _stuffed(content: bytes) -> bytes:
    """Line ends as the protocol has them and no other, and no line that would end the mail (RFC 5321, 4.5.2)."""
    lines = _DOTS.sub(b"..", _LINE_ENDS.sub(b"\r\n", content))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _stopping() -> Later:
    return _later("stopping", "Start the service again: it is stopping.")


def _later(code: str, text: str) -> Later:
    return Later(code, text, is_server=True)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _words(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no machine of that name"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()
