"""How much goes into one query: learnt from what queries cost and which were refused, and never a constant."""

from __future__ import annotations

import threading

from msgspec import Struct, field

from secrel.words.patterns import pattern

_PRICE = pattern(r"complexity of (\d{1,9}), which exceeds max complexity of (\d{1,9})")
_MARGIN = 0.95
DEEPEST = 100
"""How many of a list come with the thing that it hangs on, and how many things; GitLab gives no more in a page."""


class _Known(Struct):
    """What is known of one kind of query: what it cost by the number of things, how long its lists may be."""

    taken: tuple[int, int] = (0, 0)
    refused: tuple[int, int] = (0, 0)
    limit: int = 0
    deep: int = DEEPEST


class Sizes(Struct):
    """Remembers, for all threads, how large queries of each kind may be.

    Nothing is known at first, and all is asked in one: a refusal costs a moment, and says what would be taken.
    """

    _known: dict[str, _Known] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def _of(self, name: str) -> _Known:
        return self._known.setdefault(name, _Known())

    def deep(self, name: str) -> int:
        """Give how long the lists of things may be."""
        with self._lock:
            return self._of(name).deep

    def most(self, name: str, wanted: int) -> int:
        """Give how many things go into one query, of so many that are wanted; 1 at least.

        Never more than a page holds: GitLab leaves out the rest without a word, as if it were not there.
        """
        wanted = min(wanted, DEEPEST)
        with self._lock:
            known = self._of(name)
            count, price = known.refused
            if not count or wanted <= known.taken[0]:
                return max(1, wanted)
            fewer, cheaper = known.taken if known.taken[0] < count else (0, 0)
            for_each = max(1.0, price - cheaper) / (count - fewer) if price else 0.0
            fits = fewer + int((known.limit * _MARGIN - cheaper) / for_each) if for_each else count // 2
            return max(1, min(wanted, fits, count - 1))

    def took(self, name: str, count: int, score: int) -> None:
        """Remember what a query of so many things cost."""
        with self._lock:
            known = self._of(name)
            known.taken = max(known.taken, (count, score))

    def refuses(self, name: str, count: int, deep: int, said: str) -> bool:
        """Remember a refusal; False when one thing alone, with the shortest lists, is too much."""
        price = _PRICE.search(said)
        with self._lock:
            known = self._of(name)
            if count > 1:
                if not known.refused[0] or count <= known.refused[0]:
                    known.refused = count, int(price[1]) if price else 0
                    known.limit = int(price[2]) if price else 0
                known.taken = known.taken if known.taken[0] < count else (0, 0)
                return True
            known.deep = min(known.deep, deep // 2 or 1)
            return deep > 1
