"""A server in a process of its own, for tests that stop it.

It prints the port it listens on. Its demo has one act, which says that it has begun and goes on when it is told to.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from governance.database import Database
from tests.web.conftest import config_for
from web import serve


@dataclass(frozen=True, slots=True)
class _Act:
    id: str = "wait"
    label: str = "Wait"
    explanation: str = "Until told to go on."


class _Waiting:
    def acts(self) -> tuple[_Act, ...]:
        return (_Act(),)

    def perform(self, act_id: str, slug: str) -> None:
        print("acting", flush=True)
        sys.stdin.readline()


def main(address: str) -> None:
    database = Database(address)
    serve(
        config_for(),
        "127.0.0.1",
        0,
        database=database,
        demo=_Waiting(),
        on_listening=lambda port: print(port, flush=True),
    )
    database.dispose()
