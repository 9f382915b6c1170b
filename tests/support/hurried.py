"""The command line with leases a tenth as long, for a process of its own."""

from __future__ import annotations

from governance import cli
from governance.leasing import sharing
from governance.services import workers

FACTOR = 10


def main(words: list[str]) -> int:
    workers.BEAT_SECONDS /= FACTOR
    workers.LEASE_SECONDS /= FACTOR
    sharing.LEASE_SECONDS = workers.LEASE_SECONDS  # has taken a copy
    return cli.main(words)
