"""2,000 texts that want to become something else, and mails that hold one of them in every field."""

from __future__ import annotations

import base64
import dataclasses
import random
from collections.abc import Iterator, Mapping
from typing import Any

from governance.mail.building import Mail
from governance.seed.letters import examples

HOW_MANY = 2_000
_INJECTED = "Bcc: mallory@evil.example"
_BODY = "\r\n\r\n<h1>Pay here</h1>"
_ENDS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\n\r", "\0\r\n")
_CHARSETS = ("utf-8", "iso-8859-1", "utf-7", "us-ascii", "x-unknown", "utf-16", "unicode_escape", "utf-8*en")
_SCRIPTS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "<svg><script href=data:text/javascript,window.hit=1 /></svg>",
    "<math><mtext></mtext><mglyph><style><img src onerror=window.hit=1></style></mglyph></math>",
    '"><script>window.hit=1</script>',
    "'\"onmouseover=window.hit=1 style=position:fixed;inset:0 x='",
    "</td></tr></table><iframe srcdoc='<script>parent.hit=1</script>'>",
    "</mj-text><mj-raw><script>window.hit=1</script></mj-raw><mj-text>",
    "{{ ''.__class__.__mro__ }}",
    "{% include '/etc/passwd' %}",
    "{{ cycler.__init__.__globals__ }}",
    "<!--[if mso]><script>window.hit=1</script><![endif]-->",
    "<![CDATA[<script>window.hit=1</script>]]>",
    "]]><script>window.hit=1</script>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><button>Confirm</button></form>",
    "<a href=https://evil.example>Confirm</a>",
    "[Confirm](javascript:window.hit=1)",
    "[Confirm](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "&#60;script&#62;window.hit=1&#60;/script&#62;",
    "&lt;img src=x onerror=window.hit=1&gt;",
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "<details open ontoggle=window.hit=1>",
    "<video><source onerror=window.hit=1></video>",
    "\x00<scr\x00ipt>window.hit=1</script>",
    "＜script＞window.hit=1＜/script＞",
)
_OTHERS = (
    "\ud800 alone",
    "\udfff\ud800",
    "\ufeffmark\ufffe\uffff",
    "\u202egnp.exe\u202c",
    "\u2066\u2067\u2069 isolated",
    "\u200f\u061c right",
    ".",
    "..\r\n.\r\nQUIT",
    "From nobody Thu Jan  1 00:00:00 1970",
    "x" * 10_000,
    "ü" * 10_000,
    "= " * 5_000,
    "a\u0301\u0301\u0301\u0301\u0301\u0301" * 300,
    "Alice, evil@evil.example",
    '"A" <evil@evil.example>,',
    "A <evil@evil.example>",
    "(comment) A",
    "A;B:C,evil@evil.example;",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Mine",
    ";ATTENDEE=mailto:evil@evil.example:",
    "BEGIN:VALARM",
    "--=_boundary--",
    "=0D=0ABcc: evil@evil.example",
    "%0D%0ABcc:%20evil@evil.example",
    "\x1b[2J\x1b[31mred",
    "=1+1",
    "\t@SUM(A1)",
    "",
    " ",
    "\u3164",
    "2026-13-45T99:99",
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00+14:00",
    "../../etc/passwd",
    "Europe/../../../etc/localtime",
    "1. " * 400,
    "> " * 200 + "deep",
    "* " * 300 + "deep",
    "[" * 2_000,
    "`" * 1_999,
)


def texts(how_many: int = HOW_MANY) -> list[str]:
    """Each of them once, in the same order for ever."""
    first = list(dict.fromkeys((*_OTHERS, *_SCRIPTS)))
    others = [text for text in dict.fromkeys(_made()) if text not in first]
    return [*first, *random.Random(7).sample(others, how_many - len(first))]


def scripts() -> list[str]:
    return list(_SCRIPTS)


def mail_with(text: str, number: int) -> Mail:
    """An example, another one for every number, with the text in each of its fields."""
    chosen = examples()[number % len(examples())].mail
    return dataclasses.replace(
        chosen, facts=filled(chosen.facts, text), context=filled(chosen.context, text, keep=("public_url",))
    )


def filled(value: Any, text: str, keep: tuple[str, ...] = ()) -> Any:
    """A copy in which every text is that text; numbers, and what is None, stay."""
    if isinstance(value, str):
        return text
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value) if one.name not in keep]
        return dataclasses.replace(value, **{name: filled(getattr(value, name), text) for name in names})
    if isinstance(value, Mapping):
        return {key: filled(one, text) for key, one in value.items()}
    return [filled(one, text) for one in value] if isinstance(value, list | tuple) else value


def _made() -> Iterator[str]:
    yield from _OTHERS
    yield from _SCRIPTS
    for end in _ENDS:
        for start in ("Weekly", "", "Größe", "x" * 90):
            for name in ("Bcc", "Reply-To", "Content-Type", "Subject", "From", " Folded", ""):
                yield f"{start}{end}{name}: evil@evil.example{end}{end}<h1>Pay here</h1>"
    for charset in _CHARSETS:
        for hidden in (*(f"x{end}{_INJECTED}{_BODY}" for end in _ENDS), *_SCRIPTS):
            yield from _encoded(charset, hidden)
    for one in _SCRIPTS:
        for end in _ENDS:
            yield f"Weekly{end}{one}"
        yield f"{one}\u202e{one[::-1]}"


def _encoded(charset: str, hidden: str) -> Iterator[str]:
    """As an encoded word: quoted, in base 64, and one inside the other."""
    raw = hidden.encode("utf-8", "surrogatepass")
    quoted = "".join(f"={byte:02X}" for byte in raw)
    yield f"=?{charset}?q?{quoted}?="
    yield f"Weekly =?{charset}?B?{base64.b64encode(raw).decode()}?= meeting"
    inner = f"=?utf-8?b?{base64.b64encode(raw).decode()}?="
    yield f"=?{charset}?Q?{''.join(f'={byte:02X}' for byte in inner.encode())}?="
    yield f"=?{charset}?q?{quoted[:9]}?= =?{charset}?q?{quoted[9:]}?="
    yield f"=\u200b?{charset}?q?{quoted}?\u200b="
