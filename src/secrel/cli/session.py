"""What every command needs: where the desk is, who sits at it, how answers and errors are told."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from secrel.cli.complaining import note, shown, waiting
from secrel.cli.doubts import tell_doubts, told_unfinished
from secrel.desk import rotation
from secrel.evaluate.remedies import quoted
from secrel.faces import plan as faces_plan
from secrel.faces.status import words as standing
from secrel.faces.status.board import board_of
from secrel.journal.entries import in_doubt
from secrel.journal.waiting import Patience
from secrel.roster import zones
from secrel.wiring import desk_at, now, people_at
from secrel.words.errors import Exit, Misused
from secrel.words.forge import NOTE
from secrel.words.patterns import pattern
from secrel.words.people import handle_of
from secrel.words.releases import joined

if TYPE_CHECKING:  # a command loads what it uses, and these are types alone
    from secrel.apply.applying import Outcome
    from secrel.desk.carrying_out import Carried
    from secrel.desk.desk import Desk
    from secrel.papers.scene import Scene
    from secrel.plan.plan import Plan
    from secrel.ports.people import ForgePeople
    from secrel.words.forge import Issue, MergeRequest

Format = Literal["text", "markdown", "json"]
"""The forms in which an answer can be had."""


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """Where the desk is, and who sits at it."""

    desk: Annotated[Path, Parameter(env_var="SECREL_DESK")] = Path()
    """The desk's folder, with secrel.toml in it."""
    by: Annotated[str, Parameter(env_var="SECREL_BY")] = ""
    """Your username in the team."""
    clock: Annotated[Callable[[], datetime], Parameter(parse=False)] = now
    """What tells the time; no flag sets it: whoever runs a command line from Python may hand one in."""


NOWHERE = Where()
_LONGEST_KEY = 60
_MENTIONED = pattern(r"(?<![\w`@/.\\])@([A-Za-z0-9_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_])?)", re.ASCII)
_NARROWEST, _WIDTH, _WIDEST = 40, 100, 140


__all__ = ["NOWHERE", "Format", "Where", "note", "say"]


def open_desk(where: Where) -> Desk:
    """Open the desk; raises what opening raises. Whom it waits for is said beside the answer."""
    return desk_at(where.desk, where.by, where.clock, Patience(tell=waiting))


def open_people(where: Where) -> ForgePeople:
    """Open the side of the embedded forge that people use; raises `Misused` when nobody is named."""
    someone(where)
    return people_at(where.desk, where.clock)


def release_name(desk: Desk, given: str) -> str:
    """Give the release that is meant: the one named, or the next one that is due, or else the last one that was.

    One that was cancelled is meant when it is named, or when there is no other.

    Raises `Misused` when there is none at all.
    """
    if given:
        return given

    every = [release for release, _ in rotation.known_releases(desk)]
    known = [release for release in every if desk.cancelled(release.name) is None] or every
    ahead = [release for release in known if release.due >= desk.now()]
    if not known:
        raise Misused("there is no release", remedy="start one: secrel start --from release.yaml")
    return (ahead[0] if ahead else known[-1]).name


def someone(where: Where) -> str:
    """Give the username of whoever acts; raises `Misused` when nobody is named."""
    if not where.by:
        raise Misused("nobody is named", remedy="say who you are: --by USERNAME, or set SECREL_BY")
    return where.by


def say(text: str) -> None:
    """Give the answer, on standard output."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def is_coloured() -> bool:
    """Whether the answer goes to a terminal that wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """How wide the answer may be: the terminal's width, or what COLUMNS says; 100 where there is neither."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() or sys.stdout.isatty():
        return max(_NARROWEST, min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDEST))
    return _WIDTH


def told_outcomes(outcomes: Sequence[Outcome]) -> str:
    """Say what was carried out: one line for each effect, with the address of what it made or changed."""
    width = min(max((len(outcome.effect.key) for outcome in outcomes), default=0), _LONGEST_KEY)
    lines = [f"{_came_of(one):<8} {one.effect.key:<{width}}  {one.effect.summary}{_at(one)}" for one in outcomes]
    lines += [f"  why {one.effect.key} is {one.done.value}: {one.why}" for one in outcomes if one.why]
    return shown("\n".join(lines)) if lines else "nothing to do"


def _at(outcome: Outcome) -> str:
    place = outcome.address.removeprefix("local:")
    return f" ({place})" if place and place not in outcome.effect.summary else ""


def _came_of(outcome: Outcome) -> str:
    return "prepared" if outcome.prepared and outcome.done.value == "done" else outcome.done.value


def tell_outbox(release: str, outcomes: Sequence[Outcome]) -> None:
    """Say that what was prepared now is still to be sent by somebody."""
    count = sum(outcome.prepared for outcome in outcomes)
    if count:
        note(f"{count} prepared in the outbox, to be sent by a person: secrel outbox {quoted(release)}")


def tell_unheard(outcomes: Sequence[Outcome], by: str, *, tells: bool) -> None:
    """Say whom the notes that were written now ask for something, where the forge tells nobody of them."""
    bodies = (getattr(one.effect.action, "body", "") for one in outcomes if NOTE in one.address)
    named = dict.fromkeys(name for body in bodies for name in _MENTIONED.findall(body.partition("\n")[0]))
    others = [name for name in named if handle_of(name) != handle_of(by)]
    if others and not tells:
        note(f"this forge tells nobody of a note: tell {joined(others)} yourself")


def apply_command(where: Where, plan: Plan, only: Sequence[str] = (), words: Sequence[str] = ()) -> str:
    """Give the command that carries a plan out, as whoever asks would run it here: `words`, or `apply`."""
    parts = ["secrel", *(words or ["apply", quoted(plan.release), *(f"--only {name}" for name in only)])]
    parts += [f"--approve {plan.digest}"] if plan.needs_approval else []
    alone = plan.needs_approval and handle_of(where.by) in plan.authors
    parts += [f"--by {quoted(where.by) if where.by and not alone else 'USERNAME'}"]
    return as_typed(" ".join([*parts, *desk_flag(where)]))


def reader_of(desk: Desk) -> tzinfo | None:
    """Give the zone of whoever sits at the desk, None for somebody whom the team does not have."""
    person = desk.person(desk.by)
    return zones.zone_named(person.zone) if person else None


def item_at(people: ForgePeople, ref: str) -> Issue | MergeRequest:
    """Give the issue or merge request with a reference; raises `Misused` when there is none."""
    found: Mapping[str, Issue | MergeRequest] = people.merge_requests([ref]) if "!" in ref else people.issues([ref])
    if not found:
        raise Misused(f"there is no {ref[:80]!r}", remedy="name it as PROJECT#NUMBER, or PROJECT!NUMBER")
    return next(iter(found.values()))


def as_typed(command: str) -> str:
    """Give a command without what the environment says already: who sits at the desk (`SECREL_BY`)."""
    by = os.environ.get("SECREL_BY", "")
    return re.sub(rf" --by {re.escape(quoted(by))}(?= |$)", "", command) if by else command


def desk_flag(where: Where) -> list[str]:
    """Give the flag that names this desk, where a command would not find it by itself."""
    is_known = where.desk == Path() or str(where.desk) == os.environ.get("SECREL_DESK")
    return [] if is_known else ["--desk", quoted(str(where.desk))]


def finish(where: Where, carried: Carried, only: Sequence[str] = (), words: Sequence[str] = ()) -> int:
    """Say what was carried out, and show what is left for a person, with the command that does it: `words`, or `apply`.

    Exit `broken` when something stays in doubt, and otherwise `refused` when something is left.
    """
    left = carried.left
    settled = told_unfinished(carried.unfinished)
    for line in settled:
        say(shown(line))
    if carried.outcomes:
        say(told_outcomes(carried.outcomes))
        tell_outbox(left.release, carried.outcomes)
        tell_unheard(carried.outcomes, carried.look.by, tells=carried.look.snapshot.tells)
    elif not (settled or carried.doubts or left.effects or left.refusals):
        say("nothing to do")
    tell_held(left)
    tell_prepared(left)
    tell_later(left)
    word = _leave(left, apply_command(where, left, only, words)) if left.effects or left.refusals else Exit.DONE
    return tell_doubts(carried.doubts, looked=True) or word


def finish_approved(desk: Desk, release: str, outcomes: Sequence[Outcome]) -> int:
    """Say how what a person approved was carried out: exit `broken` when something stays in doubt."""
    say(told_outcomes(outcomes))
    tell_outbox(release, outcomes)
    tell_unheard(outcomes, desk.by, tells=desk.forge.tells)
    return tell_doubts(in_doubt(desk.journal.entries(release)), looked=True)


def follow(carried: Carried) -> int:
    """Say what was carried out after what a person approved; what needs another approval is read by itself, later."""
    left = carried.left
    if carried.outcomes:
        say(told_outcomes(carried.outcomes))
        tell_outbox(left.release, carried.outcomes)
        tell_unheard(carried.outcomes, carried.look.by, tells=carried.look.snapshot.tells)
    tell_held(left)
    tell_prepared(left)
    tell_later(left)
    if left.effects:
        note(as_typed(f"next: more needs an approval: secrel plan {quoted(left.release)}"))
    return tell_doubts(carried.doubts, looked=True)


def _leave(left: Plan, command: str) -> int:
    if left.effects:
        say(faces_plan.render_plan(left, width=columns(), colour=is_coloured(), next_command=""))
    for said in dict.fromkeys(f"{refusal.rule}: {refusal.what}" for refusal in left.refusals):
        note(f"refused: {left.release}: {said}")
    if left.refusals:
        ways = dict.fromkeys(one.remedy or f"secrel status {left.release}" for one in left.refusals)
        for way in ways:
            note(f"  to go on: {way}")
    else:
        is_theirs = not any(effect.reveals or not effect.findable for effect in left.effects)
        what = "takes over what people opened" if is_theirs else "makes something public, or cannot be undone"
        note(f"refused: {left.release}: this {what}: read it, then approve it")
        note(f"  to go on: {command}")
    return Exit.REFUSED


def ask_to_read(where: Where, made: Plan, why: str, words: Sequence[str]) -> int:
    """Show a plan that a person has to read first, and the command that carries it out: `words`, and its digest."""
    parts = ["secrel", *words, "--approve", made.digest, "--by", quoted(where.by), *desk_flag(where)]
    say(faces_plan.render_plan(made, width=columns(), colour=is_coloured(), next_command=""))
    note(f"refused: {made.release}: {why}: read it, then approve it")
    note(f"  to go on: {as_typed(' '.join(parts))}")
    return Exit.REFUSED


def tell_next(scene: Scene) -> None:
    """Say who has to act first, until when and with which command; or that nobody has to, and when somebody will.

    The same as the first line of a status, which need not be asked for then.
    """
    note(as_typed(f"next: {standing.next_said(board_of(scene))}"))


def tell_apply(where: Where, release: str) -> None:
    """Say with which command the documents of a release follow what was just changed."""
    words = ["secrel", "apply", quoted(release), "--by", quoted(where.by), *desk_flag(where)]
    note(as_typed(f"next: {' '.join(words)}"))


def tell_later(plan: Plan) -> None:
    """Say what the desk does by itself at another time, and the command that does it at once."""
    for one in plan.later:
        note(f"later: {plan.release}: {one.what}, from {one.at:%H:%M %Z} on; at once: {as_typed(one.command)}")


def tell_held(plan: Plan) -> None:
    """Say what is not planned though its turn has come, why, and what lets it be."""
    for rule, what, remedy in dict.fromkeys((one.rule, one.what, one.remedy) for one in plan.held):
        note(f"held back: {plan.release}: {rule}: {what}")
        note(as_typed(f"  to go on: {remedy or f'secrel status {quoted(plan.release)}'}"))


def tell_prepared(plan: Plan) -> None:
    """Say what others have to do under their own names, each with the command they run."""
    for one in plan.prepared:
        note(f"prepared: {plan.release}: {one.what}: {as_typed(one.command)}")
