"""The command line: finds the command, reads its arguments, and turns every error into one sentence and a number.

Only what a command needs is imported, and only when it runs: `governance --help` costs hardly more than Python itself.
That is why the commands are a plain table and argparse is loaded for the one that was asked for (measured: a bare
`import click` alone takes three and a half times as long as `python -c pass`).

This is the only module of `governance` that may import `web` and `jobs`, inside its functions.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from governance.commands.misuse import NotUnderstood

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

WELL, ERROR, NOTABLE, NOT_UNDERSTOOD = 0, 1, 2, 64
"""Exit codes. What 2 means is each command's own: changes planned, something held, problems."""


class Command(NamedTuple):
    """`place` is the module that has a function `name` and its `name_arguments`."""

    about: str
    place: str
    name: str


_SETUP, _MEETING, _ROSTER = "governance.commands.setup", "governance.commands.meeting", "governance.commands.roster"
_COPIES, _MAIL = "governance.commands.copies", "governance.commands.mail"
_PLANS, _RECORDS, _HERE = "governance.commands.plans", "governance.commands.records", __name__
_REHEARSING, _SUMMARY = "governance.commands.rehearsing", "governance.commands.summary"

COMMANDS: dict[str, Command | dict[str, Command]] = {
    "init": Command("write config.toml with a fresh key", _SETUP, "init"),
    "migrate": Command("bring the database to the current schema", _SETUP, "migrate"),
    "check": Command("try configuration, database, calendars, mail and clock", _SETUP, "check"),
    "demo": Command("show the whole service on this machine, without any account", _HERE, "demo"),
    "rehearse": Command("read old minutes and report what would have been flagged", _REHEARSING, "rehearse"),
    "run": Command("serve the pages and do the work, together", _HERE, "run"),
    "web": Command("serve the pages", _HERE, "web"),
    "worker": Command("do the work", _HERE, "worker"),
    "meeting": {
        "find": Command("list the recurring events of a calendar", _MEETING, "find"),
        "adopt": Command("put a recurring event under governance", _MEETING, "adopt"),
        "list": Command("list the meetings", _MEETING, "list_"),
        "show": Command("show one meeting and its settings", _MEETING, "show"),
        "set": Command("change cap, roles, charter or rules", _MEETING, "set_"),
        "relink": Command("go on with another event", _MEETING, "relink"),
        "pause": Command("write nothing for a while", _MEETING, "pause"),
        "resume": Command("write again", _MEETING, "resume"),
        "release": Command("end the governance of a meeting", _MEETING, "release"),
    },
    "roster": {
        "import": Command("read a roster from a CSV file", _ROSTER, "import_"),
        "show": Command("show seats, delegates, mandates and deputies", _ROSTER, "show"),
        "export": Command("print the roster as a CSV file", _ROSTER, "export"),
        "vacate": Command("take the delegate off a seat", _ROSTER, "vacate"),
        "mandate": Command("record or withdraw a mandate", _ROSTER, "mandate"),
        "deputy": Command("name a deputy, or the stand-in of a day", _ROSTER, "deputy"),
        "visitor": Command("admit somebody to one occurrence", _ROSTER, "visitor"),
        "guest": Command("admit somebody until a last day", _ROSTER, "guest"),
        "alias": Command("say that two addresses are one person's", _ROSTER, "alias"),
    },
    "mail": {
        "list": Command("list the mails that wait for a person", _MAIL, "list_"),
        "send": Command("let mails go out that were held, unclear or refused", _MAIL, "send"),
        "drop": Command("let mails never go out", _MAIL, "drop"),
        "undeliverable": Command("list the addresses that mail is refused for", _MAIL, "undeliverable"),
    },
    "plan": Command("look, and print what would change and why", _PLANS, "plan"),
    "approve": Command("release the held changes of a plan", _PLANS, "approve"),
    "reject": Command("decline the held changes of a plan", _PLANS, "reject"),
    "sync": Command("look and mend once, now", _PLANS, "sync"),
    "summary": Command("send or show the weekly mails of the last occurrence", _SUMMARY, "summary"),
    "sign-in": Command("print a one-time sign-in address for an administrator", _SETUP, "sign_in"),
    "status": Command("show meetings, last reads and writes, and problems", _RECORDS, "status"),
    "ledger": {"verify": Command("prove that the ledger is whole", _RECORDS, "verify")},
    "export": Command("write everything as CSV, JSON and Markdown", _RECORDS, "export"),
    "backup": Command("write a consistent copy of the database", _COPIES, "backup"),
    "restore": Command("put a copy of the database back", _COPIES, "restore"),
}

_OPTIONS = (
    ("--config FILE", "the configuration, instead of $GOVERNANCE_CONFIG or ./config.toml"),
    ("--debug", "show where an unexpected error came from"),
    ("--version", "print the version"),
    ("--help", "print this, or what a command takes"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing is raised but what ends the process anyway."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_debugging = "--debug" in words
    try:
        return _dispatch([word for word in words if word != "--debug"])
    except NotUnderstood as unclear:
        return _fail(str(unclear), NOT_UNDERSTOOD)
    except KeyboardInterrupt:
        return _fail("Run the command again to finish it: it was interrupted.", ERROR)
    except BrokenPipeError:
        # Whoever read our output went away, `governance status | head` for one: nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WELL
    except Exception as error:
        if is_debugging:
            raise
        return _fail(_in_one_sentence(error), ERROR)


def _dispatch(words: list[str]) -> int:
    config, words = _take_config(words)
    if words[:1] in (["--help"], ["-h"], ["help"]):
        return _help_on(words[1:])
    if words[:1] == ["--version"]:
        from governance import __version__

        print(f"governance {__version__}")
        return WELL
    if not words:
        print(_overview(), file=sys.stderr)
        return NOT_UNDERSTOOD
    path, command, rest = _find(words)
    if command is None:
        print(_group_help(path))
        return WELL
    return _run(path, command, rest, config)


def _take_config(words: list[str]) -> tuple[str | None, list[str]]:
    """`--config FILE` is taken wherever it stands, before and after the command alike."""
    rest: list[str] = []
    config: str | None = None
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            return config, [*rest, word, *remaining]
        if word == "--config":
            config = next(remaining, None)
            if not config:
                raise NotUnderstood("Name the configuration's file after --config.")
        elif word.startswith("--config="):
            config = word.partition("=")[2]
        else:
            rest.append(word)
    return config, rest


def _find(words: list[str]) -> tuple[str, Command | None, list[str]]:
    """The command with its full name; None for a group whose help was asked for."""
    first, *rest = words
    found = COMMANDS.get(first)
    if found is None:
        raise NotUnderstood(_suggestion(first, "", _every_path()))
    if isinstance(found, Command):
        return first, found, rest
    if rest[:1] in (["--help"], ["-h"]):
        return first, None, []
    if not rest:
        raise NotUnderstood(f"Say what to do: `governance {first}` takes one of {', '.join(found)}.")
    inner = found.get(rest[0])
    if inner is None:
        raise NotUnderstood(_suggestion(rest[0], f"{first} ", [f"{first} {name}" for name in found]))
    return f"{first} {rest[0]}", inner, rest[1:]


def _every_path() -> list[str]:
    return [
        path
        for name, command in COMMANDS.items()
        for path in ([name] if isinstance(command, Command) else [name, *(f"{name} {inner}" for inner in command)])
    ]


def _suggestion(word: str, prefix: str, paths: list[str]) -> str:
    import difflib

    last_words = {path.rpartition(" ")[2]: path for path in paths}
    close = difflib.get_close_matches(word, list(last_words), n=1)
    shown = f"`governance {prefix}{word[:40]}` is no command"
    if close:
        return f"Run `governance {last_words[close[0]]}` if that is what you meant: {shown}."
    return f"Run `governance {prefix}--help` for all there are: {shown}."


def _run(path: str, command: Command, words: list[str], config: str | None) -> int:
    from importlib import import_module

    module: Any = sys.modules[__name__] if command.place == __name__ else import_module(command.place)
    parser = _parser(path, command)
    getattr(module, f"{command.name}_arguments")(parser)
    given = parser.parse_args(words)
    given.config = config
    outcome = getattr(module, command.name)(given)
    sys.stdout.flush()
    return int(outcome or WELL)


def _parser(path: str, command: Command) -> ArgumentParser:
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise NotUnderstood(f"Run `governance {path} --help` for what it takes: {_readable(message, self)}.")

    return Parser(
        prog=f"governance {path}",
        description=f"{command.about[0].upper()}{command.about[1:]}.",
        allow_abbrev=False,
    )


def _readable(message: str, parser: ArgumentParser) -> str:
    prefix = "unrecognized arguments: "
    if not message.startswith(prefix):
        return message.replace("the following arguments are required:", "missing:")
    import difflib

    word = message.removeprefix(prefix).split()[0].partition("=")[0]
    close = difflib.get_close_matches(word, list(parser._option_string_actions), n=1)
    return f"{word} is not known" + (f", did you mean {close[0]}" if close else "")


def _help_on(words: list[str]) -> int:
    if not words:
        print(_overview())
        return WELL
    return _dispatch([*words, "--help"])


def _overview() -> str:
    lines = ["Usage: governance [--config FILE] COMMAND …", "", "Makes a weekly meeting obey its roster.", ""]
    for name, command in COMMANDS.items():
        if isinstance(command, Command):
            lines.append(f"  {name:<12} {command.about}")
        else:
            lines.append(f"  {name:<12} {', '.join(command)}")
    lines += ["", *(f"  {option:<14} {about}" for option, about in _OPTIONS)]
    return "\n".join(lines)


def _group_help(name: str) -> str:
    group = COMMANDS[name]
    lines = [f"Usage: governance {name} COMMAND …", ""]
    if isinstance(group, dict):
        lines += [f"  {inner:<10} {command.about}" for inner, command in group.items()]
    return "\n".join([*lines, "", f"`governance {name} COMMAND --help` says what a command takes."])


def _in_one_sentence(error: Exception) -> str:
    from governance.domain.errors import GovernanceError

    if isinstance(error, GovernanceError):
        return str(error)
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200].rstrip(". :")
    return f"Run the command again with --debug and report what it prints: {what}."


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


# --- Commands that put the program together


def demo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, metavar="PORT", help="where the pages are served")
    parser.add_argument("--dir", metavar="DIR", help="keep the demo's files there (default: gone afterwards)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def demo(given: Namespace) -> int:
    from pathlib import Path

    from governance.seed.demo import DEFAULT_PORT, run_demo

    directory = Path(given.dir) if given.dir else None
    return run_demo(port=_or(given.port, DEFAULT_PORT), directory=directory, open_browser=not given.no_browser)


def web_arguments(parser: ArgumentParser) -> None:
    _listening(parser)


def web(given: Namespace) -> int:
    from governance.commands.site import open_site

    _serve(open_site(given).config, given)
    return WELL


def worker_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do all that is due, then stop")


def worker(given: Namespace) -> int:
    from governance.commands.site import open_site
    from jobs.worker import run_worker

    return run_worker(open_site(given).config, once=given.once)


def run_arguments(parser: ArgumentParser) -> None:
    _listening(parser)


def run(given: Namespace) -> int:
    """The pages in this process, the work in another: neither waits for the other's Python, and they end together."""
    import signal
    import subprocess
    import threading
    from contextlib import suppress

    from governance.commands.site import open_site

    config = open_site(given).config
    # From the first moment: the work may end before the pages are there to be told.
    signal.signal(signal.SIGTERM, _end)
    command = [sys.executable, "-m", "governance.cli", "--config", str(config.path), "worker"]
    is_ending = threading.Event()
    # In a session of its own: Ctrl-C reaches this process alone, which then ends the other.
    with subprocess.Popen(command, start_new_session=True) as working:  # noqa: S603  # our own program
        threading.Thread(target=_end_with, args=(working, is_ending), daemon=True).start()
        try:
            with suppress(SystemExit):
                _serve(config, given)
        finally:
            is_ending.set()
            working.terminate()
    # It may have been told to end before it could listen to that.
    return WELL if working.returncode in (0, -signal.SIGTERM) else ERROR


_AGAIN_SECONDS = 6.0
"""Longer than the pages take to end by themselves: they are not to be interrupted at that."""


def _end(_signal: int, _frame: Any) -> None:
    raise SystemExit(0)


def _end_with(working: Any, is_ending: Any) -> None:
    """Pages without anybody who does the work would only look as if all were well.

    Said again until it is heard: an exception that a signal raises while Python tidies up an object is lost.
    """
    import signal

    working.wait()
    while not is_ending.is_set():
        os.kill(os.getpid(), signal.SIGTERM)
        is_ending.wait(_AGAIN_SECONDS)


def _serve(config: Any, given: Namespace) -> None:
    from governance.logs import set_up_logs
    from web import serve

    set_up_logs(config.log)
    host = given.host or config.web.host
    serve(
        config,
        host,
        _or(given.port, config.web.port),
        on_listening=lambda port: print(f"Listening on http://{host}:{port}", flush=True),
    )


def _listening(parser: ArgumentParser) -> None:
    parser.add_argument("--host", metavar="HOST", help="where to listen, instead of web.host")
    parser.add_argument("--port", type=_port, metavar="PORT", help="where to listen, instead of web.port")


def _port(text: str) -> int:
    from argparse import ArgumentTypeError

    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ArgumentTypeError(f"{text[:20]} is no port from 0 to 65535")
    return int(text)


def _or(given: int | None, otherwise: int) -> int:
    return otherwise if given is None else given


if __name__ == "__main__":
    sys.exit(main())
