"""Who holds a key that somebody waits for, how long is waited, and what is said of it."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from secrel.words.errors import Refused


def _nobody(_said: str) -> None:
    """Say nothing."""


class Patience(Struct, frozen=True):
    """How long to wait for whoever holds a key: `tell` hears of it after `quiet` seconds, over after `seconds`."""

    seconds: float = 60.0
    quiet: float = 1.0
    tell: Callable[[str], None] = _nobody

    @property
    def steps(self) -> tuple[float, float]:
        """How many seconds to wait before it is told, and after that."""
        quiet = min(self.quiet, self.seconds)
        return quiet, self.seconds - quiet


class Holder(Struct, frozen=True):
    """Whoever holds a key, as far as it is known: empty for what is not; `since` when."""

    said: str = ""
    since: datetime | None = None

    def told(self, key: str) -> str:
        """Say who holds `key`, and since when."""
        since = f" since {self.since:%Y-%m-%d %H:%M:%S %Z}" if self.since else ""
        return f"{self.said or 'another desk'} holds {key or 'the schema of the journal'}{since}"


def myself(by: str) -> str:
    """Say who holds a key from here: the person (empty: nobody sits at the desk), the process and the machine."""
    return f"{by or 'a desk at which nobody sits'} (process {os.getpid()} on {platform.node() or 'this machine'})"


def gives_up(holder: Holder, key: str, seconds: float, place: str) -> Refused:
    """Say that the wait for a key was given up, and what can be done."""
    return Refused(
        f"{holder.told(key)}, and did not let go for {seconds:g} seconds",
        where=place,
        remedy="wait for it, or end that process, and run this again: what it leaves unfinished is settled then",
    )
