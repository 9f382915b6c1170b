"""What a worker costs while nothing happens: it is watched from outside, as the system counts it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.offices import count_writes, office_with, worker_process, written
from tests.benchmarks.rows import Bound, Kind, Row, count
from tests.jobs.conftest import Office, wait_until
from tests.jobs.pushed import announcing, wait_until_confirmed
from tests.support.sandbox import SandboxForTests

CALENDARS, MEETINGS = 10, 5
SETTLED_SECONDS = 5.0
SYNCS = ("fsync", "fdatasync")


def rest(sandbox: SandboxForTests, *, seconds: float) -> list[Row]:
    """A worker whose calendars are announced, so that nothing is polled, in a process of its own."""
    if sys.platform != "linux":
        print("Run this on Linux for the idle worker: it is read from /proc.", file=sys.stderr)
        return []
    with office_with(sandbox, calendars=CALENDARS, meetings=MEETINGS) as office:
        count_writes(office.database)
        with announcing(office) as served, worker_process(served) as pid:
            wait_until_confirmed(served, CALENDARS)
            _settle(served)
            return _watched(served, pid, seconds)


def _watched(office: Office, pid: int, seconds: float) -> list[Row]:
    office.control.clear_log()
    rows, switches, cpu, begun = written(office.database), _waits(pid), _cpu_seconds(pid), time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - begun
    cpu, switches, rows = _cpu_seconds(pid) - cpu, _waits(pid) - switches, written(office.database) - rows
    asked = len(office.control.log())
    beats = rows.pop("worker", 0)
    name = f"an idle worker, {CALENDARS * MEETINGS} meetings on {CALENDARS} announced calendars, {passed:.0f} s"
    return [
        count(name, "requests", asked, 0, "between two backstops", goal="P1"),
        count(name, "rows written", rows.total(), 0, "in all tables but the worker's", goal="P21"),
        _row(name, "heartbeats", Kind.A_SECOND, beats / passed, 0.0, "rows written in the worker's table"),
        _row(name, "wake-ups", Kind.A_SECOND, switches / passed, 2.0, "waits that ended, of all threads"),
        _row(name, "CPU", Kind.PERCENT, 100 * cpu / passed, 0.5, f"of a core; {cpu * 1000:.0f} ms"),
        *_syncs(name, pid, seconds),
    ]


def _row(about: str, name: str, kind: Kind, measured: float, limit: float, note: str) -> Row:
    return Row(
        about=about, name=name, kind=kind, measured=measured, limit=limit, bound=Bound.AT_MOST, goal="P21", note=note
    )


def _settle(office: Office) -> None:
    """Until nothing has been asked of Google for some seconds."""
    last: tuple[int, float] = (-1, 0.0)

    def settled() -> bool:
        nonlocal last
        asked = len(office.control.log())
        if asked != last[0]:
            last = (asked, time.monotonic())
        return time.monotonic() - last[1] > SETTLED_SECONDS

    wait_until(settled, "the worker does not come to rest")


def _waits(pid: int) -> int:
    """Voluntary context switches so far, of all threads: how often one had waited for something and went on."""
    told = [status.read_text() for status in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(number) for text in told for number in re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11], fields[12]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _syncs(about: str, pid: int, seconds: float) -> list[Row]:
    """Counted after all else: whoever is traced wakes up more often."""
    strace = shutil.which("strace")
    if strace is None:
        print("Install strace for what an idle worker writes to the disk.", file=sys.stderr)
        return []
    command = [strace, "-f", "-q", "-e", f"trace={','.join(SYNCS)}", "-p", str(pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        time.sleep(seconds)
        tracer.send_signal(signal.SIGINT)
        _, told = tracer.communicate(timeout=10)
    if "attach" in told:
        print("Allow strace to attach for what an idle worker writes to the disk.", file=sys.stderr)
        return []
    calls = sum(told.count(f"{name}(") for name in SYNCS)
    return [_row(about, "fsync and fdatasync", Kind.A_SECOND, calls / seconds, 0.0, f"{calls} in {seconds:.0f} s")]
