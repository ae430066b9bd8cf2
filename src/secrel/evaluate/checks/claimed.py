"""Somebody said, under their name, what only a person can say, and said it of what is so now.

Rule: docs/process/gitlab/timing-agreed.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.params import Told
from secrel.evaluate.people import Subject, barred_from, last_word_on, still_about, subject_of
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot


class Params(Told, frozen=True):
    """`wanted`: what has to be said, as the end of the sentence "nobody has said …".

    `about`: the facts it is said of; when one of them changes, it has to be said again. `if_denied`: a gate; only while
    a no stands against that, this has to be said.
    """

    wanted: str = "so"
    about: tuple[Subject, ...] = ()
    if_denied: str = ""


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Find the newest claim for this gate that is no exception, and compare what it is about with what is so."""
    params = question.params
    no = last_word_on(snapshot, params.if_denied)
    if params.if_denied and (no is None or not no.denies):
        yield Evidence(params.if_denied, "nobody has said no to it")
        return
    said, now = last_word_on(snapshot, question.gate.name), subject_of(snapshot, params.about)
    if said is None or said.denies:
        asked = f" since {no.by} said no: {no.words}" if no else ""
        yield Finding(question.gate.name, f"nobody has said {params.wanted}{asked}")
    elif barred := barred_from(snapshot, question.gate, said.by):
        yield Finding(
            question.gate.name, f"{said.by} said {params.wanted}, and is {' and '.join(sorted(barred))} by now"
        )
    elif not still_about(said, snapshot, params.about):
        was = said.about or "something that was not recorded"
        yield Finding(question.gate.name, f"{said.by} said {params.wanted} of {was}, and it is {now} now: ask again")
    else:
        of = f" of {now}" if now else ""
        words = f": {said.words}" if said.words else ""
        yield Evidence(said.by, f"said so{of} at {said.at:%Y-%m-%d %H:%M %Z}{words}")
