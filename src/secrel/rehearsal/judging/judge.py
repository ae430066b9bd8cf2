"""The judge of a rehearsal: compares what the world can see at the end with what really happened in it.

It reads the site's repository, the outbox, the forge and the vendor's git, and the story's own facts; it asks none of
the desk's gates, and shares no code with them. What it finds is what a reader, a finder or an auditor complains of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from secrel.rehearsal.judging.addressing import ADDRESSING
from secrel.rehearsal.judging.announcing import ANNOUNCING
from secrel.rehearsal.judging.choosing import CHOOSING, late
from secrel.rehearsal.judging.following import FOLLOWING
from secrel.rehearsal.judging.holding import HOLDING
from secrel.rehearsal.judging.mailing import MAILING
from secrel.rehearsal.judging.sight import EndedWrong, Sight
from secrel.rehearsal.judging.telling import TELLING, days

RULES: tuple[Callable[[Sight], Iterator[EndedWrong]], ...] = (
    *CHOOSING,
    *ANNOUNCING,
    *FOLLOWING,
    *TELLING,
    *ADDRESSING,
    *HOLDING,
    *MAILING,
)
"""Every rule, each with the complaints it finds."""
TIMED = frozenset({late, days})
"""The rules that hold the forge's times against the story's."""


def judged(sight: Sight) -> tuple[EndedWrong, ...]:
    """List everything that ended wrong; nothing, when all is well.

    On a forge with a clock of its own all of it happened within minutes, in the order of the story: nobody was late.
    """
    rules = RULES if sight.world.stage.is_timed else tuple(rule for rule in RULES if rule not in TIMED)
    return tuple(wrong for rule in rules for wrong in rule(sight))
