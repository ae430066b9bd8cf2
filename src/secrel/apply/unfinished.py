"""What was begun and never finished: looked for in the world, and settled by what is found there (style 4.8)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from secrel.apply.applying import Applying
from secrel.journal.entries import Entry, Remembered, in_doubt
from secrel.journal.intents import effect_of, then_of
from secrel.words.errors import SecrelError, said_with_remedy
from secrel.words.outcomes import CannotTell, Made, NotMade, Receipt


class Unfinished(Struct, frozen=True):
    """An effect that was begun and not finished, by the entry of its intent, and what became of it.

    `Made`: it is there, and has its receipt now. `NotMade`: it is not, and is free to be done again. `CannotTell`: it
    stays in doubt until a person says what they know.
    """

    intent: Entry
    became: Made | NotMade | CannotTell


def settle_unfinished(release: str, world: Applying) -> Iterator[Unfinished]:
    """Look for every effect of `release` that was begun and not finished, and settle those of which the world tells.

    Whichever plan began it, and whatever is planned by now: a crash between the world and its receipt ends here. Waits
    for a desk that is still at one of them.
    """
    for intent in in_doubt(world.journal.entries(release)):
        with world.journal.holding(release, intent.key, by=world.by) as so_far:
            if so_far.begun is None:
                continue  # whoever was at it has finished it
            became = _looked_for(intent, world)
            if isinstance(became, Made):
                receipt = Receipt(intent.key, became.address, world.now(), found=True, prepared=became.prepared)
                world.journal.settle(release, receipt, by=world.by, then=then_of(intent))
            elif isinstance(became, NotMade):
                world.journal.add(Entry(world.now(), release, Remembered.WITHDRAWN, intent.key, world.by, {}))
        yield Unfinished(intent, became)


def _looked_for(intent: Entry, world: Applying) -> Made | NotMade | CannotTell:
    try:
        effect = effect_of(intent)
        if not effect.findable:
            return CannotTell("nobody can look for it")
        return world.writers[type(effect.action)].find(effect, begun=intent.at)
    except SecrelError as fault:  # a place that does not answer today tells nothing, and holds nothing else up
        return CannotTell(said_with_remedy(fault))
