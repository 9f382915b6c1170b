"""The command line with leases a tenth as long: `python -m tests.support.hurried worker`."""

from __future__ import annotations

import sys

from governance.services import workers

FACTOR = 10

if __name__ == "__main__":  # the tests that start this must not get hurried themselves
    workers.BEAT_SECONDS /= FACTOR
    workers.LEASE_SECONDS /= FACTOR

    from governance.cli import main  # only now: what takes a copy of the times takes the short ones

    sys.exit(main())
