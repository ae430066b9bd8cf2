"""What lines of work are made of: effects that are wanted, or the reason why one is held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from secrel.evaluate.people import has_left
from secrel.papers.scene import Scene
from secrel.plan.plan import Prepared, Refusal
from secrel.words.documents import AGAIN
from secrel.words.effects import Effect, PostMessage
from secrel.words.errors import Misused, NotSeen
from secrel.words.outcomes import ANEW, first_key
from secrel.words.parts import known

Step = Effect | Refusal | Prepared
"""What a line of work gives: an effect, why it is held back, or what is somebody else's to do."""
Work = Callable[[Scene], Iterator[Step]]
"""A line of work: it gives what it wants done now, with the exact bytes that will be sent."""


def once(scene: Scene, key: str, make: Callable[[str], Effect | None]) -> Iterator[Step]:
    """Give what `make` makes under `key`, unless that is done already, or there is nothing to change (None).

    What cannot be made because a fact is missing, or was not seen, is held back with the reason: the rest goes on.
    """
    if key in scene.snapshot.receipts:
        return
    try:
        effect = make(key)
    except (Misused, NotSeen) as fault:
        rule = "unseen" if isinstance(fault, NotSeen) else "facts"
        yield Refusal(rule, str(fault), (key,), fault.remedy)
        return
    if effect is not None:
        yield effect


def sending(scene: Scene, key: str, make: Callable[[str], Effect]) -> Iterator[Step]:
    """Give what `make` makes of something to send: once, and anew when the facts have changed what it says.

    What is prepared anew takes the place of what was prepared before, and is sent in its stead.
    """
    yield from once(scene, key, make)
    changed = scene.snapshot.outdated.get(key)
    if key in scene.snapshot.receipts and changed is not None and known(changed, ()):

        def anew(number: str) -> Effect:
            effect = make(number)
            return replace(effect, summary=f"{effect.summary}, as the facts are now")

        prefix = f"{key}/{ANEW}"
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", anew)


CORRECTED = "This takes the place of what was said before, since it has changed meanwhile.\n\n"
"""How what is said again begins, to people who have the words before it."""


def in_place(scene: Scene, key: str, text: str) -> str:
    """Give a text that is prepared under `key`, which says so where people have what it takes the place of."""
    has_one = key != first_key(key) and has_left(scene.snapshot, first_key(key))
    return f"{CORRECTED}{text}" if has_one else text


def called(
    scene: Scene, call: str, make: Callable[[str], Effect], facts: Callable[[], Iterable[str]]
) -> Iterator[Step]:
    """Give what `make` makes of a call (`words.documents.CALLS`): once, and again when people go by old facts.

    `facts` are those that people go by, as the call says them: one that the call would say now, and did not say when
    it was said last, makes it be said again. After the announcement nobody goes by it any more.
    """
    key, last = scene.key(call), scene.snapshot.written.get(call)
    yield from once(scene, key, make)
    if key not in scene.snapshot.receipts or last is None or scene.snapshot.announced_at is not None:
        return

    def again(number: str) -> Effect | None:
        effect = make(number)
        field = "text" if isinstance(effect.action, PostMessage) else "body"
        now = getattr(effect.action, field)
        if all(fact in last.text for fact in facts() if fact in now):
            return None
        news: dict[str, Any] = {field: f"{CORRECTED}{now}"}
        action = replace(effect.action, **news)
        return replace(effect, action=action, summary=f"{effect.summary}, as it is now")

    prefix = f"{key}/{AGAIN}"
    yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", again)
