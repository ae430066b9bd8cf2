"""What was done before an error stopped a command: every effect, how it ended, and how to go on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from secrel.apply.applying import Halted
from secrel.cli.complaining import note
from secrel.cli.session import say, tell_outbox, told_outcomes
from secrel.evaluate.remedies import quoted
from secrel.words.errors import SecrelError

_APPROVAL = "--approve"


def tell_halted(fault: SecrelError) -> None:
    """Say how every effect ended before an error, where it stopped a plan; nothing for any other error."""
    if isinstance(fault, Halted):
        say(told_outcomes(fault.outcomes))
        tell_outbox(fault.outcomes[0].effect.key.partition("/")[0], fault.outcomes)


def tell_way(fault: SecrelError, words: Sequence[str]) -> None:
    """Say, of a plan that stopped, which command does the rest: the same, after whatever its error asks for.

    It is given without its approval: what is left is another plan, and is read and approved by itself. What people say
    in their own words is not repeated: it may have to stay secret.
    """
    if not isinstance(fault, Halted):
        return
    told = _unapproved(words)
    if any("=" in word or len(word.split()) != 1 for word in told):
        note("  to do the rest, run the same command again")
    else:
        note(f"  to do the rest, run it again: {' '.join(['secrel', *map(quoted, told)])}")


def _unapproved(words: Sequence[str]) -> list[str]:
    pairs = itertools.pairwise(["", *words])
    kept = [word for before, word in pairs if _APPROVAL not in (before, word)]
    return [word for word in kept if not word.startswith(f"{_APPROVAL}=")]
