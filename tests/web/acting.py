"""A person at the forms of the roster: fills one in, looks at what follows, confirms."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import csrf_of
from tests.web.scenes import SLUG

PAGE = f"/m/{SLUG}/roster"


@dataclass(slots=True)
class AtTheForms:
    browser: FlaskClient
    _seats: dict[str, str] = field(default_factory=dict)

    def page(self) -> str:
        answer = self.browser.get(PAGE)
        assert answer.status_code == 200, answer.text
        return answer.text

    def seat(self, department: str) -> str:
        """The identifier of the department's seat, as the page gives it."""
        if department not in self._seats:
            found = re.findall(r'id="seat-([^"]+)">\s*<th[^>]*>([^<]+)<', self.page())
            self._seats = {html.unescape(name): seat for seat, name in found}
        return self._seats[department]

    def form(self, code: str, department: str = "", **given: str) -> dict[str, str]:
        """What a browser would send of the form as it is first shown, with this typed into it."""
        query = {"seat": self.seat(department)} if department else {}
        answer = self.browser.get(f"{PAGE}/{code}", query_string=query)
        assert answer.status_code == 200, answer.text
        # A field has the name of an argument where a trailing line tells the two apart.
        return fields_of(answer.text) | {name.rstrip("_"): text for name, text in given.items()}

    def send(self, code: str, form: dict[str, str], **more: str) -> TestResponse:
        return self.browser.post(f"{PAGE}/{code}", data=form | more)

    def look(self, code: str, department: str = "", **typed: str) -> TestResponse:
        return self.send(code, self.form(code, department, **typed))

    def confirm(self, code: str, looked: TestResponse, **more: str) -> TestResponse:
        """Press the button of the page that shows what follows."""
        assert looked.status_code == 200, words_of(looked.text)
        return self.send(code, fields_of(looked.text), step="do", **more)

    def act(self, code: str, department: str = "", **typed: str) -> TestResponse:
        """The whole way; `typed` as confirmation by typing goes with the last step."""
        meant = {"typed": typed.pop("typed")} if "typed" in typed else {}
        answer = self.confirm(code, self.look(code, department, **typed), **meant)
        assert answer.status_code == 303, words_of(answer.text)
        return answer

    def undo(self) -> TestResponse:
        page = self.page()
        seq = re.search(r'name="seq" value="(\d+)"', page)
        assert seq is not None, "nothing is offered to be undone"
        return self.browser.post(f"{PAGE}/undo", data={"csrf": csrf_of(page), "seq": seq[1]})


def fields_of(page: str) -> dict[str, str]:
    """Every field of the page's last form, with what stands in it."""
    form = page[page.rindex('<form class="card asks"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="file"' not in tag:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(text)
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


def words_of(page: str) -> str:
    """The words of the page's content, as one line."""
    content = page[page.index("<main") :] if "<main" in page else page
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", content)).split())


def everything(pages: Any) -> dict[str, list[tuple[object, ...]]]:
    from tests.web.test_reading import _everything

    return _everything(pages.scene.database)
