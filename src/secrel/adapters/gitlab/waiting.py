"""How long to leave a server alone: what both kinds of 429 say, and what is paced beforehand (gitlab-api.md 3)."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

from secrel.adapters.gitlab.faults import Answer

_UNTOLD = 60.0
"""How long to wait, in seconds, after a refusal that says nothing that can be believed: the period of most limits."""
_FIRST = 1.0
_MOST_TOLD = 86_400


class Timing(Struct, frozen=True):
    """The clock, and how to wait some seconds: both are given, so that tests wait for nothing.

    `tell` hears what is waited for, when that takes longer than a moment; None: nobody does.
    """

    now: Callable[[], datetime]
    wait: Callable[[float], None]
    tell: Callable[[str], None] | None = None


_MOMENT = 2.0
_EVERY = 10.0


class Rest:
    """Lets time pass, and says why: once in ten seconds at most, however many threads wait."""

    def __init__(self, timing: Timing) -> None:
        """Take the clock, how to wait, and who hears of it."""
        self._timing = timing
        self._last = 0.0
        self._lock = threading.Lock()

    def take(self, seconds: float, why: str = "") -> None:
        """Wait; `why` is what it is for, empty for a pause that belongs to the work."""
        tell = self._timing.tell
        if tell and why and seconds >= _MOMENT and self._is_time():
            tell(f"{why}; asked again in {seconds:.0f} seconds")
        self._timing.wait(seconds)

    def _is_time(self) -> bool:
        now = self._timing.now().timestamp()
        with self._lock:
            if self._last and now - self._last < _EVERY:
                return False
            self._last = now
        return True


def told_wait(answer: Answer, now: datetime) -> float | None:
    """Give for how many seconds an answer asks to be left alone; None when it does not say so in a way that holds.

    `Retry-After` is a number of seconds or a date, which is taken by the server's own clock. `RateLimit-Reset` is only
    believed when nothing is left of that limit: else it describes another one.
    """
    headers = answer.headers
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdecimal():
        return min(float(told[:9]), _MOST_TOLD)
    instant = _date(told)
    if instant is not None:
        return _until((instant - _server_time(headers, now)).total_seconds())
    reset = headers.get("ratelimit-reset", "").strip()
    if headers.get("ratelimit-remaining", "").strip() == "0" and reset.isascii() and reset.isdecimal():
        return _until(float(reset[:12]) - _server_time(headers, now).timestamp())
    return None


def backoff(attempt: int, told: float | None, *, is_limit: bool) -> float:
    """Give how long to wait before the next attempt; `attempt` counts from 0.

    What the server tells is obeyed, and a little more each time; a limit that tells nothing is that of a minute.
    """
    growth: float = 2**attempt
    if told is not None:
        return told + _FIRST * (growth - 1)
    return (_UNTOLD if is_limit else _FIRST) * growth


def _until(seconds: float) -> float:
    return max(0.0, min(seconds, _MOST_TOLD))


def _date(told: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(told) if told else None
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found is not None and found.tzinfo is not None else None


def _server_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """Give what time it is at the server, as it says; else what it is here."""
    return _date(headers.get("date", "").strip()) or now


_WINDOW = 60.0


class Pace:
    """Holds requests back so that a limit is not reached: at most so many of a kind in any minute; for all threads."""

    def __init__(self, timing: Timing, rest: Rest, limits: Mapping[str, int]) -> None:
        """Take the clock, how to wait, and the most of each kind in a minute."""
        self._timing = timing
        self._rest = rest
        self._limits = limits
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, kind: str) -> None:
        """Wait until one more request of a kind may be sent, and count it; a kind without a limit goes at once."""
        most = self._limits.get(kind)
        if most is None:
            return
        with self._lock:
            sent, now = self._sent[kind], self._timing.now().timestamp()
            turn = now if len(sent) < most else max(now, sent[-most] + _WINDOW)
            sent.append(turn)
            while len(sent) > most:
                sent.popleft()
        if turn > now:
            self._rest.take(turn - now, f"GitLab takes {most} {kind} in a minute, and that many were made")
