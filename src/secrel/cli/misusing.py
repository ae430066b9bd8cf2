"""What is no command line, in our words: what is wrong with it, and the page of help to read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from secrel.words.errors import Misused, did_you_mean

_KINDS = {int: "a whole number", float: "a number", bool: "yes or no, and the flag alone says yes"}


def _near(word: str, known: Iterable[str]) -> str:
    near = did_you_mean(word, known)
    return near and f"; {near}"


def no_command(word: str, known: Iterable[str]) -> Misused:
    """Say that the first word is none of the commands that are `known`."""
    if word.startswith("-"):
        what = f"there is no option {word[:60]!r} here; a command comes first, and its options after it"
        return Misused(what, remedy="secrel --help")
    return Misused(f"there is no command {word[:60]!r}{_near(word, known)}", remedy="secrel --help")


def _unknown_command(fault: UnknownCommandError) -> str:
    group = " ".join(fault.command_chain or ())
    known = [name for name in fault.app or () if not name.startswith("-")]
    word = (fault.unused_tokens or [""])[0]
    return f"there is no command {f'{group} {word[:60]}'!r}; there are: {', '.join(known)}"


def _unknown_option(fault: UnknownOptionError) -> str:
    word = str(fault.token.keyword or fault.token.value).partition("=")[0]
    known = [name for argument in fault.argument_collection if argument.parse for name in argument.names]
    return f"there is no option {word[:60]!r}{_near(word, known)}"


def _missing(fault: MissingArgumentError) -> str:
    argument: Any = fault.argument
    used = fault.keyword or next((token.keyword for token in reversed(argument.tokens) if token.keyword), None)
    return f"{used} needs a value" if used else f"{argument.name} is missing"


def _strange(fault: CoercionError) -> str:
    token, kind = fault.token, fault.target_type
    if token is None or fault.argument is None:
        return _first_line(fault)
    name = token.keyword or fault.argument.name
    if kind in _KINDS:
        return f"{name}: {token.value[:60]!r} is not {_KINDS[kind]}"
    known = [str(one) for one in get_args(fault.argument.hint)]
    if known:
        return f"{name}: {token.value[:60]!r} is none of {', '.join(known)}"
    return _first_line(fault)


def _first_line(fault: CycloptsError) -> str:
    first = re.sub(r"\s+", " ", str(fault).strip()).removesuffix(".")[:200]
    return first[:1].lower() + first[1:]


def misused(fault: CycloptsError) -> Misused:
    """Say what the parser complains about."""
    match fault:
        case UnknownCommandError():
            what = _unknown_command(fault)
        case UnknownOptionError():
            what = _unknown_option(fault)
        case UnusedCliTokensError():
            count = len(fault.unused_tokens or ())  # not the words themselves, which may be what is to stay secret
            what = f"unexpected argument{f's: the last {count}' if count > 1 else ': the last one'}"
        case MissingArgumentError():
            what = _missing(fault)
        case RepeatArgumentError():
            what = f"{fault.token.keyword} is given twice"
        case CoercionError():
            what = _strange(fault)
        case _:
            what = _first_line(fault)
    return Misused(what, remedy=" ".join(["secrel", *(fault.command_chain or ()), "--help"]))
