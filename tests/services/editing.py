"""One of many editors of a draft, as a process of its own: it adds a word to the question, again and again.

    python -m tests.services.editing DATABASE ADDRESS COOKIE CSRF NAME NUMBER

It prints each word once it was acknowledged. Refused, it must be shown what was saved and what it typed; it then adds
its word to what was saved.
"""

from __future__ import annotations

import html
import re
import sys
from datetime import datetime

from governance.database import Database
from tests.web.conftest import config_for
from web import create_app

_QUESTION = re.compile(r"<dt>The question to decide</dt><dd[^>]*>(.*?)</dd>", re.DOTALL)


def main(url: str, address: str, cookie: str, csrf: str, name: str, number: str) -> None:
    url, _, now = url.rpartition("@")
    app = create_app(config_for(), Database(url), clock=lambda: datetime.fromisoformat(now))
    browser = app.test_client()
    browser.set_cookie("governance", cookie)
    for turn in range(int(number)):
        word = f"{name}{turn}"
        form = _form(browser.get(address).text)
        form |= {"csrf": csrf, "question": f"{form['question']} {word}"}
        while (answer := browser.post(address, data=form)).status_code != 303:
            assert answer.status_code == 409, answer.text
            mine = _form(answer.text)
            assert mine["question"] == form["question"].strip(), "what was typed"
            saved = html.unescape(_QUESTION.search(answer.text)[1])  # type: ignore[index]
            form |= {"version": mine["version"], "question": f"{saved} {word}"}
        print(word, flush=True)


def _form(page: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', page))
    fields |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page))
    fields |= {"way": "consent", "payer": ""}
    return {one: html.unescape(value).strip() for one, value in fields.items()}


if __name__ == "__main__":
    main(*sys.argv[1:])
