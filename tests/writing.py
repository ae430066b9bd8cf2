"""Ask a writer as a desk does, and give addresses."""

from __future__ import annotations

from datetime import UTC, datetime

from secrel.ports.forge import Writer
from secrel.words.effects import Effect
from secrel.words.outcomes import Made, NotMade
from secrel.words.people import Actor

BEGUN = datetime(2026, 11, 2, tzinfo=UTC)
"""When a desk had begun an effect."""


def do(writer: Writer, effect: Effect, by: str = "desk") -> str:
    """Carry out an effect, and give the address of what it made."""
    return writer.do(effect, actor=Actor(by)).address


def there_is(writer: Writer, effect: Effect) -> str | None:
    """Give the address of what an effect made; None when it is certainly not there."""
    answer = writer.find(effect, begun=None)
    assert isinstance(answer, Made | NotMade)
    return answer.address if isinstance(answer, Made) else None
