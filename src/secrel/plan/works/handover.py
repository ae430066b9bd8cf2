"""Hand over to the other on duty at the end of a working day (mission M2)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from secrel.evaluate.deadlines import Deadline, What, deadlines
from secrel.evaluate.people import sender_of, unsent
from secrel.evaluate.verdicts import Blocked, Finding, Judged
from secrel.papers.messages.handing_over import Handover, Left, handover
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, once
from secrel.plan.plan import Prepared
from secrel.roster.presence import end_of_day, newest_shift
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, PostMessage, plain
from secrel.words.errors import NotSeen
from secrel.words.parts import Seen, known
from secrel.words.patterns import pattern
from secrel.words.people import Person, handle_of

_MOST_LEFT = 8
_REF = pattern(r"[^\s#!]+[#!]\d+", re.ASCII)


def work(scene: Scene) -> Iterator[Step]:
    """Want the handover of whoever sits at the desk, once their working day has ended; prepare those of others.

    Nobody speaks in another's name: what a colleague has to say is theirs to send.
    """
    for finding in _missing(scene):
        person = scene.snapshot.person(finding.about)
        if person is None or finding.since != end_of_day(person, day_of(scene, person)):
            continue  # it can no longer be sent
        if handle_of(scene.by) == handle_of(person.username):
            yield from once(scene, _key(scene, person), partial(_written, scene, person))
        else:
            what = f"the handover of {person.username} of {day_of(scene, person)} is theirs to send"
            yield Prepared(person.username, what, finding.remedy)


def _missing(scene: Scene) -> Iterator[Finding]:
    for judged in scene.assessment.blocked:
        if judged.gate.makes == "handover" and isinstance(judged.verdict, Blocked):
            yield from judged.verdict.findings


def _written(scene: Scene, person: Person, _: str) -> Effect:
    if not scene.snapshot.is_whole:
        said = "not all of the release could be seen, and a handover would not say so"
        raise NotSeen(said, remedy="look again: secrel doctor")
    return posted(scene, person, said_by(scene, person))


def _key(scene: Scene, person: Person) -> str:
    return scene.key("handover", day_of(scene, person).isoformat(), person.username)


def day_of(scene: Scene, person: Person) -> date:
    """Give the working day that a handover is of: the newest that has begun, over or not."""
    return newest_shift(person, scene.now)


def said_by(scene: Scene, person: Person, notes: tuple[str, ...] = ()) -> str:
    """Say how the release stands, for whoever goes on from here; `notes` are the writer's own words."""
    snapshot, duty, release = scene.snapshot, scene.snapshot.duty, scene.snapshot.release
    username = person.username
    other = (duty.secondary if username == duty.primary else duty.primary) if duty else ""
    # that this very handover is missing is not among what is left
    left = [judged for judged in scene.assessment.gates if judged.is_somebodys and judged.gate.makes != "handover"]
    blocked = sum(isinstance(judged.verdict, Blocked) for judged in left)
    count, live = len(snapshot.tracked_fixes), snapshot.announced_at
    fixes = f"{count} fix{'es' if count != 1 else ''}" if isinstance(snapshot.fixes, Seen) else "fixes unseen"
    state = f"announced on {_at(scene, live)}" if live else f"due {_at(scene, release.due)}"
    gates = f"{blocked or 'none'} of {len(scene.assessment.gates)} gates blocked"
    late = {judged.gate.name for judged in left if isinstance(judged.verdict, Blocked)}
    ahead = next((one for one in deadlines(scene.assessment) if not one.is_past or one.gate.name in late), None)
    said = Handover(
        release=release.name,
        from_=username,
        to=other or scene.process.named("people", "team"),
        day=day_of(scene, person),
        status=f"{fixes}, {state}; {gates}.",
        next_steps=_next(scene, ahead) if ahead else "",
        left=(*(_left(scene, judged) for judged in left[:_MOST_LEFT]), *_to_send(scene)),
        links={name: scene.address(name) for name, identity in TABLE.items() if identity.link},
        notes=notes,
        team=scene.process.team,
    )
    return plain(unmarked(handover(said, templates=scene.wording)))


def _next(scene: Scene, ahead: Deadline) -> str:
    when = f"by {_at(scene, ahead.at)}" if ahead.what is What.DUE else f"from {_at(scene, ahead.at)} on"
    if ahead.is_past:
        when = f"overdue since {_at(scene, ahead.at)}"
    return f"{ahead.gate.title}: {ahead.who}, {when}"


def _at(scene: Scene, at: datetime) -> str:
    return f"{at.astimezone(scene.snapshot.release.due.tzinfo):%Y-%m-%d %H:%M %Z}"


def _left(scene: Scene, judged: Judged) -> Left:
    """Say what a gate still wants, by whom, and which issues and merge requests it is about, with their addresses."""
    found = judged.verdict.findings if isinstance(judged.verdict, Blocked) else ()
    abouts = dict.fromkeys(finding.about for finding in found if _REF.fullmatch(finding.about))
    requests = (request for fix in scene.snapshot.tracked_fixes for request in known(fix.merge_requests, ()))
    urls = {request.ref: request.url for request in requests}
    return Left(f"{judged.gate.title} ({judged.who})", tuple(urls.get(about) or about for about in abouts))


def _to_send(scene: Scene) -> Iterator[Left]:
    """Say what lies in the outbox, and is done only when somebody has sent it: how much each has to send."""
    counts = Counter(sender_of(scene.assessment, one.key) or "somebody" for one in unsent(scene.snapshot))
    for who, count in sorted(counts.items()):
        yield Left(f"{count} prepared in the outbox and not sent yet ({who})")


def posted(scene: Scene, person: Person, text: str) -> Effect:
    """Make the effect that posts a handover to the team's channel."""
    channel = scene.process.named("channels", "team")
    return Effect(_key(scene, person), PostMessage(channel, text), f"handover of {person.username} in {channel}")
