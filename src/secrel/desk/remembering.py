"""What a desk made on the forge and its journal does not know: a memory that was lost is never begun anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from secrel.evaluate.remedies import quoted
from secrel.journal.entries import receipts
from secrel.observe.observing import tracking_rule
from secrel.words.errors import Broken
from secrel.words.parts import Part, known, mapped, need

if TYPE_CHECKING:  # whoever asks has them
    from secrel.desk.desk import Desk
    from secrel.journal.journal import Journal
    from secrel.ports.forge import ForgeReader
    from secrel.process.table import Process


_MADE = "what was made for {}"


def forgotten(forge: ForgeReader, process: Process, journal: Journal, name: str) -> Part[Mapping[str, str]]:
    """Give what the forge has of the release `name` and the journal knows nothing of: addresses by effects' keys.

    Nothing is made before its intent is in the journal. What is here says that the journal's file was deleted,
    emptied, or is an older or another desk's: what it does not know would be planned anew.
    """
    # before the journal is asked: another desk's intent is in there by then
    marks = forge.marks(name, tracking_rule(process))
    return mapped(marks, lambda made: {key: made[key] for key in journal.unknown(list(made))})


def lost(desk: Desk, name: str) -> Mapping[str, str]:
    """Give what `forgotten` gives; raises `NotSeen` when it could not be seen."""
    return need(forgotten(desk.forge, desk.process, desk.journal, name), _MADE.format(name))


def lost_and_way(name: str, found: Mapping[str, str]) -> tuple[str, str]:
    """Say what a journal has lost, and the ways to go on."""
    key, address = next(iter(found.items()))
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    what = (
        f"the journal has lost its memory: the forge has {key} at {address}{more}, made by a desk, "
        "and the journal has neither begun nor finished it"
    )
    way = (
        "put the journal's file back from a backup, or name the right journal in secrel.toml; "
        f"when it is gone for good: secrel journal {quoted(name)} --adopt --by USERNAME"
    )
    return what, way


def refuse_lost(desk: Desk, name: str) -> Mapping[str, str]:
    """Raise `Broken` when the journal knows nothing of what the forge has of this release; `NotSeen` if unseen.

    Gives what was made there, addresses by keys, so that nobody has to ask again.
    """
    # before the journal is asked, as in `forgotten`
    made = need(desk.forge.marks(name, tracking_rule(desk.process)), _MADE.format(name))
    found = {key: made[key] for key in desk.journal.unknown(list(made))}
    if found:
        what, way = lost_and_way(name, found)
        raise Broken(what, where=f"{name}, {desk.journal.place}", remedy=way)
    return made


def refuse_known(desk: Desk, name: str) -> None:
    """Raise `Broken` when the forge has a release that could not be looked at, and the journal knows nothing of it.

    What people opened and a desk took over is found by the journal's address: without it, it looks as if it were not
    there.
    """
    found = known(forgotten(desk.forge, desk.process, desk.journal, name), {})
    if found:
        what, way = lost_and_way(name, found)
        raise Broken(what, where=f"{name}, {desk.journal.place}", remedy=way)


def refuse_vanished(desk: Desk, name: str, made: Collection[str]) -> None:
    """Raise `Broken` when the forge has nothing of a release that the journal says was begun there.

    `made` are the keys of what it has. A forge that was emptied, or is another one, would be taken for one on which
    all is done already.
    """
    begun = receipts(desk.journal.entries(name)).get(f"{name}/tracking")
    if begun is not None and begun.key not in made:
        raise Broken(
            f"the journal says that the tracking issue was opened at {begun.address}, and the forge has none of it",
            where=name,
            remedy="put the forge back from a backup, or name the right forge in secrel.toml",
        )
