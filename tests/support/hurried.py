"""The command line with leases a tenth as long: `python -m tests.support.hurried worker`."""

from __future__ import annotations

import sys

from governance.services import workers

FACTOR = 10

workers.BEAT_SECONDS /= FACTOR
workers.LEASE_SECONDS /= FACTOR

if __name__ == "__main__":
    from governance.cli import main  # only now: what takes a copy of the times takes the short ones

    sys.exit(main())
