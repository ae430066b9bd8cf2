"""Patterns that are compiled when they are first used: a command has hundreds of them at hand, and uses a few."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Uncompiled:
    """Stands for a compiled pattern; what is first asked of it compiles it."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # asked only for what is not kept here yet, so that a pattern in use costs what a compiled one costs
        if name == "_compiled":
            found: Any = re.compile(self.pattern, self._flags)
        else:
            found = getattr(self._compiled, name)
        self.__dict__[name] = found
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give a pattern that is compiled when it is first used, for the top of a module; `flags` are those of `re`.

    It has the methods of a compiled pattern, and is no argument for the functions of `re`.
    """
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags))
