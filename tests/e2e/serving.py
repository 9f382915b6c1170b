"""The pages in a process of their own, which prints its port: `python -m tests.e2e.serving DATABASE`.

With a demo the side panel is there; each act is printed, for the test to do what people would.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from governance.database import Database
from tests.web.conftest import config_for
from web import serve


@dataclass(frozen=True, slots=True)
class _Act:
    id: str
    label: str
    explanation: str


class _ToldToTheTest:
    def acts(self) -> tuple[_Act, ...]:
        return (
            _Act("forward", "Forward the invitation", "A delegate sends it on to a colleague without a seat."),
            _Act("back", "Put everything back", "The calendar as it was when the demo began."),
        )

    def perform(self, act_id: str, slug: str) -> None:
        print(f"{act_id} {slug}", flush=True)


def main(address: str, is_demo: bool) -> None:
    database = Database(address)
    demo = _ToldToTheTest() if is_demo else None
    serve(config_for(), "127.0.0.1", 0, database=database, demo=demo, on_listening=lambda port: print(port, flush=True))
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], is_demo=False)
