"""Text of people inside Markdown is text, whatever it looks like."""

import pytest
from markdown_it import MarkdownIt

from governance.services.markdown_text import line_of, lines_of


@pytest.mark.parametrize("text", ["plain", "two words", "Ünïcödé – 日本"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert line_of(text) == lines_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("# no heading", "- no list", "+ none", "1. none", "12) none", "> none", "* none", "=cmd", "| no | table |"),
        *("[no](http://link.example)", "<script>no</script>", "&amp;", "*no* _no_ `no` ~~no~~", "\\", "---", "==="),
        *("    no code", "a\n- b\n1. c\n===", "[x]: http://no.example"),
    ],
)
def test_nothing_of_it_is_taken_for_more_than_text(text: str) -> None:
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"before\n\n{lines_of(text)}\n")

    assert [one.type for one in shown if one.type not in ("paragraph_open", "paragraph_close", "inline")] == []
    inner = [child for one in shown for child in one.children or ()]
    assert {one.type for one in inner} <= {"text", "text_special", "softbreak"}
    said = "".join("\n" if one.type == "softbreak" else one.content for one in inner)
    assert said == "before" + "\n".join(line.strip() for line in text.strip().splitlines())
