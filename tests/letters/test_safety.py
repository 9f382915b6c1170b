"""What is left of a text from outside: what people read of it, and nothing that steers."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.mail.facts import NoteLeft
from governance.mail.safety import LONGEST_LINE, LONGEST_TEXT, safe_line, safe_link, safe_text, safe_values

_JOINERS = {"\u200c", "\u200d", "\ufe0e", "\ufe0f"}
_ENCODED = st.builds(
    lambda charset, how, text: f"=?{charset}?{how}?{text}?=",
    st.sampled_from(["utf-8", "latin-1", "utf-7", "utf-16", "unicode_escape", "nonsense", "idna", "punycode"]),
    st.sampled_from("qQbB"),
    st.text("=0DAabB3F?_Zz+/ \r\n", max_size=40),
)
_PIECES = st.lists(st.one_of(st.text(max_size=12), st.characters(), _ENCODED, st.sampled_from(["=", "?", "=?", "?="])))
_TEXTS = _PIECES.map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "Customer Decisions",
        "Łucja Wiśniewska",
        "Größe 3 – “sofort”",
        "会議の決定",
        "تصمیم‌ها",
        "👩‍💻 ✔️",
        "a = b? c",
        "1 < 2 & 3",
    ],
)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert (safe_line(text), safe_text(text)) == (text, text)


def test_a_text_keeps_its_lines_and_a_line_has_none() -> None:
    text = "One\r\nTwo\u2028Three\x85\n\n\n\nFour\x0bFive"

    assert safe_text(text) == "One\nTwo\nThree\n\nFour\nFive"
    assert safe_line(text) == "One Two Three Four Five"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("=?utf-8?q?x=0D=0AReply-To=3A_evil?=", "x Reply-To: evil"),
        ("=?utf-8?b?SsO2cmc=?=", "Jörg"),
        ("=?utf-8?q?J=C3=B6rg?=  =?utf-8?q?_M?=", "Jörg M"),
        ("=?utf-8*en?q?J=C3=B6rg?=", "Jörg"),
        ("=?utf-8?b?PT91dGYtOD9xP0o9QzM9QjZyZz89?=", "Jörg"),
        ("=?utf-8?b?!!!?=", ""),
        ("=?unknown?q?abc?=", "abc"),
        ("=\u200b?utf-8?q?x=0D?=", "= ?utf-8?q?x=0D?="),
        ("a\ud800b\x00c\u202ed\ufffee", "abcde"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_what_steers_is_taken_out_after_decoding(text: str, left: str) -> None:
    assert safe_line(text) == left


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "=?utf-8?q?" * 50_000, "=?a?q?" * 9_000 + "?=" * 9_000, "é\n" * 90_000]
)
def test_a_text_without_an_end_ends(text: str) -> None:
    assert len(safe_line(text)) <= LONGEST_LINE
    assert len(safe_text(text)) <= LONGEST_TEXT


@given(_TEXTS)
@example("=?utf-8?q?=3D=3Futf-8=3Fq=3F=3D0D?= =?")
def test_nothing_that_steers_is_ever_left(text: str) -> None:
    line, lines = safe_line(text), safe_text(text)

    assert [one for one in line if steers(one)] == []
    assert [one for one in lines.replace("\n", "") if steers(one)] == []
    assert ("=?" in line, "=?" in lines) == (False, False)
    assert (line.strip(), lines.strip()) == (line, lines)
    lines.encode()


@given(_TEXTS)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe_text(safe_text(text)) == safe_text(text)
    assert safe_line(safe_line(text)) == safe_line(text)


def test_every_text_of_a_value_is_made_safe_at_any_depth() -> None:
    note = NoteLeft(department="a\0b", name="=?utf-8?q?=0D?=x", address="a@b.example", text="1\r\n2")

    assert safe_values(note) == NoteLeft(department="ab", name="x", address="a@b.example", text="1\n2")
    assert safe_values({"a": [{"b\0": ("c\0", 1, None, True)}]}) == {"a": [{"b": ["c", 1, None, True]}]}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://a.example/\r\nBcc: x",
        "https://a.example/ x",
        'https://a.example/"onclick=',
        "https://user@a.example/",
        "https:///path",
        "ftp://a.example/",
        "//a.example/",
        "https://a.example/<script>",
        "",
    ],
)
def test_what_is_no_address_of_a_page_is_no_link(address: str) -> None:
    assert safe_link(address) is None


@pytest.mark.parametrize(
    "address", ["https://a.example/m/x?a=1&b=2#c", "http://localhost:8080/", "http://[::1]:80/l/a.b-c_d"]
)
def test_an_address_of_a_page_is_a_link(address: str) -> None:
    assert safe_link(address) == address


def steers(one: str) -> bool:
    return one not in _JOINERS and (
        unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(one) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B")
    )
