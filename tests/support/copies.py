"""Programs of the project as processes that need not import: copies of one that has imported everything already.

A copy is a process like any other, with files, environment, folder and signals of its own: it is stopped and killed
as any other. What a start from the command line does besides is shown by tests/cli. Where processes cannot be copied
a start imports for itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from typing import IO, Any

PROJECT = Path(__file__).parents[2]
LONGEST = 60.0

CONTEXT: Any = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
if os.name != "nt":
    CONTEXT.set_forkserver_preload(["pytest", "tests.support.imported"])

_NUMBERS = {"stdin": 0, "stdout": 1, "stderr": 2}


class Copy:
    """As much of `subprocess.Popen` as the tests use, in text."""

    def __init__(self, process: Any, gate: int | None, streams: dict[str, IO[str]]) -> None:
        self.stdin, self.stdout, self.stderr = (streams.get(name) for name in _NUMBERS)
        self.pid: int = process.pid
        self.returncode: int | None = None
        self._process = process
        self._gate = gate
        self._asking = threading.Lock()  # the code can be read only once

    def go(self) -> None:
        """Let one begin that was started to wait for this."""
        assert self._gate is not None
        os.close(self._gate)
        self._gate = None

    def poll(self) -> int | None:
        with self._asking:
            if self.returncode is None and wait([self._process.sentinel], 0):
                self.returncode = self._process.exitcode
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not wait([self._process.sentinel], timeout):
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
        code = self.poll()
        assert code is not None
        return code

    def communicate(self, said: str | None = None, timeout: float | None = None) -> tuple[str, str]:
        """Everything that it says until its end."""
        heard = {"stdout": "", "stderr": ""}

        def hear(name: str, stream: IO[str]) -> None:
            with contextlib.suppress(ValueError):  # closed, because it was not to be waited for any longer
                heard[name] = stream.read()

        streams = [
            (name, stream) for name in heard if (stream := getattr(self, name)) is not None and not stream.closed
        ]
        hearers = [threading.Thread(target=hear, args=one, daemon=True) for one in streams]
        for hearer in hearers:
            hearer.start()
        if self.stdin is not None and not self.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self.stdin.write(said or "")
                self.stdin.close()
        self.wait(timeout)
        for hearer in hearers:
            hearer.join(LONGEST)
        for _, stream in streams:
            stream.close()
        return heard["stdout"], heard["stderr"]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Wait for its end, and leave no file open."""
        self.wait(LONGEST)
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def __enter__(self) -> Copy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def start(
    function: Callable[..., int | None],
    *arguments: Any,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    is_held: bool = False,
) -> Copy:
    """A process that ends with what the function returns; one that `is_held` begins only at `go()`.

    Args:
        function: is named in the new process, so it is one of a module.
        stdin, stdout, stderr: as for `subprocess.Popen`.
    """
    asked = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
    theirs: dict[int, Connection | str] = {}
    ours: dict[str, IO[str]] = {}
    for name, how in asked.items():
        if how == PIPE:
            theirs[_NUMBERS[name]], ours[name] = _piped(is_read_by_us=name != "stdin")
        elif how in (DEVNULL, STDOUT):
            theirs[_NUMBERS[name]] = os.devnull if how == DEVNULL else "stdout"
    waited_for, gate = _gate() if is_held else (None, None)
    begun = cwd or Path.cwd(), dict(os.environ if env is None else env), theirs, waited_for
    process = CONTEXT.Process(target=_begin, args=(function, arguments, *begun), daemon=True)
    with _at_home():
        process.start()
    for one in (*theirs.values(), waited_for):
        if isinstance(one, Connection):
            one.close()
    return Copy(process, gate, ours)


def _piped(*, is_read_by_us: bool) -> tuple[Connection, IO[str]]:
    reading, writing = os.pipe()
    if is_read_by_us:
        return Connection(writing, readable=False), os.fdopen(reading)
    return Connection(reading, writable=False), os.fdopen(writing, "w")


def _gate() -> tuple[Connection, int]:
    reading, writing = os.pipe()
    return Connection(reading, writable=False), writing


@contextmanager
def _at_home() -> Iterator[None]:
    """What the copies are made of imports from the folder in which it is started."""
    if os.name == "nt":
        yield
        return
    with contextlib.chdir(PROJECT):
        forkserver.ensure_running()
    yield


def _begin(
    function: Callable[..., int | None],
    arguments: tuple[Any, ...],
    cwd: Path,
    env: dict[str, str],
    streams: dict[int, Connection | str],
    gate: Connection | None,
) -> None:
    """In the new process."""
    if gate is not None:
        os.read(gate.fileno(), 1)
        gate.close()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, stream in sorted(streams.items()):
        if isinstance(stream, Connection):
            os.dup2(stream.fileno(), number)
            stream.close()
        else:
            os.dup2(1 if stream == "stdout" else os.open(stream, os.O_RDWR), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.exit(function(*arguments))
