"""What the tests of journals share: an effect, an intent of it, threads, and the database beside the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, create_engine

from secrel.journal.journal import Journal
from secrel.words.effects import Comment, Effect

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
NAME = "2026-11"


def an_effect(number: int = 1) -> Effect:
    """An effect with a short text."""
    return Effect(f"{NAME}/note/{number}", Comment("p#1", "the body ☃"), "s")


def begin(journal: Journal, effect: Effect, at: datetime = AT) -> None:
    """Commit an intent, and let go of its key."""
    with journal.holding(NAME, effect.key) as so_far:
        journal.begin(effect, so_far, by="amara", at=at)


def in_threads(count: int, work: Callable[[int], object]) -> None:
    """Let so many threads work, each with its number, and wait for all."""
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(work, range(count)))


@contextmanager
def raw(where: str) -> Iterator[Connection]:
    """Open the database beside the journal, and commit."""
    engine = create_engine(where.replace("://", "+psycopg://", 1) if "://" in where else f"sqlite:///{where}")
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
