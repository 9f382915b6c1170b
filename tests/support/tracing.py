"""Watches a process at its system calls, and ends it at an exact one."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

PATIENCE = 30.0


def attach(
    pid: int, syscalls: str, kill_at: int | None = None, *, inject: str = "", trace: Path | None = None
) -> threading.Thread:
    """Returns once the process is watched; the watcher ends with it, and the thread with the watcher.

    Args:
        kill_at: at the n-th such call of one of its threads.
        inject: what happens else at such calls, in strace's words.
        trace: a file that gets the calls.
    """
    what = f"signal=SIGKILL:when={kill_at}" if kill_at is not None else inject
    command = ["strace", "-f", "-qq", "-e", "signal=none", "-e", f"trace={syscalls}", "-o", str(trace or os.devnull)]
    injected = ["-e", f"inject={syscalls}:{what}"] if what else []
    watcher = subprocess.Popen([*command, *injected, "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    status = Path(f"/proc/{pid}/status")
    deadline = time.monotonic() + PATIENCE
    while "TracerPid:\t0\n" in status.read_text():
        if watcher.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"strace cannot attach: {watcher.communicate()[1][:200]}")
        time.sleep(0.005)
    watching = threading.Thread(target=watcher.communicate, daemon=True)
    watching.start()
    return watching


@functools.cache
def why_not_traced() -> str | None:
    """Why no process here can be ended at a system call, if so."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    with subprocess.Popen(["sleep", "9"]) as tried:
        try:
            attach(tried.pid, "fsync", 1)
        except AssertionError as error:
            return str(error)
        finally:
            tried.kill()
    return None
