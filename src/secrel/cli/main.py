"""The door of the command line: arguments in, an exit word out; the one place where every error becomes text."""

from __future__ import annotations

import dataclasses
import gc
import inspect
import os
import sys
from typing import TYPE_CHECKING, Any

import cyclopts

from secrel import __version__, answers
from secrel.cli import complaining, halting, misusing
from secrel.cli.spelling import spell_out
from secrel.shipped import text_beside
from secrel.words import errors
from secrel.words.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from inspect import BoundArguments

COMMANDS = {
    "init": "secrel.cli.setting_up:init",
    "doctor": "secrel.cli.setting_up:doctor",
    "start": "secrel.cli.start:start",
    "fix": "secrel.cli.fix:app",
    "cancel": "secrel.cli.cancelling:cancel",
    "join": "secrel.cli.cancelling:join",
    "split": "secrel.cli.cancelling:split",
    "status": "secrel.cli.status:status",
    "show": "secrel.cli.showing:show",
    "diff": "secrel.cli.showing:diff",
    "checklist": "secrel.cli.checking:checklist",
    "check-merge-requests": "secrel.cli.checking:check_merge_requests",
    "make-blogpost": "secrel.cli.posting:make_blogpost",
    "cve": "secrel.cli.cve:app",
    "affected": "secrel.cli.proving:affected",
    "email": "secrel.cli.email:app",
    "handover": "secrel.cli.handing_over:handover",
    "claim": "secrel.cli.handing_over:claim",
    "rotation": "secrel.cli.rotation:app",
    "forge": "secrel.cli.forge:app",
    "plan": "secrel.cli.planning:plan",
    "apply": "secrel.cli.planning:apply",
    "terminate": "secrel.cli.posting:terminate",
    "outbox": "secrel.cli.sending:outbox",
    "sent": "secrel.cli.sending:sent",
    "journal": "secrel.cli.journal:journal",
    "rehearse": "secrel.cli.rehearse:rehearse",
    "manual": "secrel.cli.manual:manual",
    "completion": "secrel.cli.completing:completion",
}
"""Every command, and where it lives: a command is loaded when it is run."""

_EPILOGUE = "Exit words: 0 done, 1 broken, 2 misused, 3 blocked, 4 refused, 5 unseen, 130 interrupted."


def make_app() -> object:
    """Make the application with all its commands, none of them loaded yet."""
    app = cyclopts.App(
        name="secrel",
        help="The security release desk: runs a vendor's security releases from evidence, plans and approvals.",
        help_epilogue=_EPILOGUE,
        help_format="markdown",
        version=__version__,
        default_parameter=cyclopts.Parameter(negative=(), show_default=_default),
    )
    for name, place in COMMANDS.items():
        flags = {} if place.endswith(":app") else {"version_flags": ()}  # only `secrel --version` asks for it
        app.command(place, name=name, **flags)
    return app


def _default(value: object) -> Any:
    """Name a default on a page of help; None for one that is nothing, of which the description says what it means."""
    return None if value in ("", False, None, ()) else str(value)


def root_help() -> str:
    """The first page of help, as it ships; a test compares it with what the application makes."""
    return text_beside("secrel.cli", "help.txt")


def run(words: list[str], *, clock: Callable[[], datetime] | None = None) -> int:
    """Run one command line and give its exit word.

    `clock` tells the time instead of the machine's: transcripts and tests are played at a time of their own.
    """
    spell_out()
    if words in ([], ["--help"], ["-h"]):
        sys.stdout.write(root_help())
        return Exit.DONE
    if words[0] == "--version":
        sys.stdout.write(f"{__version__}\n")
        return Exit.DONE

    try:
        return _answered(words, clock)
    except errors.SecrelError as fault:
        halting.tell_halted(fault)
        word = complaining.complain(fault)
        halting.tell_way(fault, words)
        return word
    except BrokenPipeError:
        raise
    except OSError as fault:
        what = f"the system does not do what was asked ({fault.strerror or type(fault).__name__})"
        place = str(fault.filename or "")
        return complaining.complain(
            errors.Broken(what, where=place, remedy="look at the disk and at the rights, and run it again")
        )


def _answered(words: list[str], clock: Callable[[], datetime] | None) -> int:
    if words[0] not in COMMANDS:
        raise misusing.no_command(words[0], COMMANDS)
    app: Any = make_app()
    try:
        command, bound, _ = app.parse_args(words, print_error=False, exit_on_error=False)
    except cyclopts.CycloptsError as fault:
        raise misusing.misused(fault) from fault
    if clock is not None:
        _set_clock(command, bound, clock)
    try:
        return int(command(*bound.args, **bound.kwargs) or 0)
    finally:
        answers.leave()


def _set_clock(command: Callable[..., Any], bound: BoundArguments, clock: Callable[[], datetime]) -> None:
    """Hand the clock to a command that asks for the time: as an argument of its own, or with where the desk is."""
    names = inspect.signature(command).parameters
    bound.apply_defaults()
    if "clock" in names:
        bound.arguments["clock"] = clock
    if "where" in names:
        bound.arguments["where"] = dataclasses.replace(bound.arguments["where"], clock=clock)


def main(*, clock: Callable[[], datetime] | None = None) -> None:
    """Run the command line of this process; nothing escapes as a traceback, which could tell what is secret.

    `clock` as in `run`.
    """
    gc.set_threshold(1_000_000, 50, 50)  # a command is short: what it loads and reads is no garbage
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads for sums that nobody asks of it
    try:
        word = run(sys.argv[1:], clock=clock)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing that was settled is lost; run the command again\n")
        word = int(Exit.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        word = int(Exit.DONE)
    except Exception as fault:  # noqa: BLE001 - the outermost handler, the only one that catches everything
        place = fault.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "unknown"
        sys.stderr.write(f"broken: {where}: internal error, please report it ({type(fault).__name__})\n")
        sys.stderr.write("  to go on: run the command again; if it stays, report this line; it holds no secret\n")
        word = int(Exit.BROKEN)
    gc.freeze()  # and nothing of it is looked through once more when the process ends
    sys.exit(word)
