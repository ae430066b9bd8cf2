"""The one page that a rehearsal ends with: what was played, what happened, what people did, how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from secrel.evaluate.verdicts import Assessment, Blocked, Waiting
from secrel.rehearsal.cast.crew import Press
from secrel.rehearsal.events import Event
from secrel.rehearsal.playing import Played
from secrel.rehearsal.story import Story
from secrel.words.releases import Kind, joined

_DEADLINE = timedelta(hours=48)
_SAID = {
    "pipeline fails": "the pipeline of {fix} failed",
    "pipeline passes": "the pipeline of {fix} passed again",
    "approval withdrawn": "an approval of {fix} was withdrawn",
    "approval given": "{fix} was approved again",
    "facts corrected": "developers corrected the facts of {fix}: {facts}",
    "fix taken out": "release managers took {fix} out",
    "fix put back": "release managers put {fix} back",
    "exception signed": "an exception from {gate} was signed: {words}",
    "falls ill": "{who} fell ill, for {days} days",
    "due moves": "the release was moved to {to}",
    "version bumped": "{old} became {new}",
    "fix missing from tag": "{version} was to be tagged without {fix}",
    "fix reverted": "somebody reverted {fix} in {target}",
    "draft edited": "somebody edited the draft: “{find}” became “{put}”",
    "checklist edited": "somebody wrote into the checklist: {put}",
    "release cancelled": "the release was cancelled: {words}",
    "release joined": "the release was joined with {into}: {words}",
    "release split": "{fix} was split off into {into}: {words}",
    "test mail garbled": "a test mail had “{put}” where “{find}” belongs",
}
"""How every happening is told."""


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def told(event: Event) -> str:
    """Tell one event in a sentence without a full stop."""
    words = {name: getattr(event.told, name) for name in event.told.__struct_fields__}
    words["to"] = f"{_at(event.to)} UTC" if event.to else ""
    words["facts"] = ", ".join(event.lines)
    words["who"] = (
        f"the {event.told.who.capitalize()}" if event.told.who in ("primary", "secondary") else event.told.who
    )
    return " ".join(_SAID[event.happens].format_map(words).split())


def _happened(story: Story, missed: tuple[Event, ...], ended: datetime) -> list[str]:
    """Tell everything that was not as it should be, in order: the events, what came late, what was not told."""
    rows = [
        (event.at, f"{told(event)}{' (there was nothing to do that to)' if event in missed else ''}")
        for event in story.events
    ]
    deadline = story.release.due - _DEADLINE
    for fix in story.fixes:
        if story.release.kind is Kind.PLANNED and fix.ready > deadline:
            rows.append((fix.ready, f"{fix.name} was ready only after the deadline"))
        if fix.withheld is not None:
            rows.append((fix.arrives, f"{fix.name} came without its affected versions"))
        elif fix.facts.affected is None and not fix.facts.hosted_only:
            rows.append((fix.arrives, f"{fix.name} came without its affected versions, and nobody ever gave them"))
    return [f"- {_at(at)} {what}" for at, what in sorted(rows) if at <= ended] or ["- nothing"]


def _pressed(presses: tuple[Press, ...]) -> Iterator[str]:
    for number, press in enumerate(presses, start=1):
        yield f"{number}. {_at(press.at)} {press.by}: " + (f"`{press.what}`" if press.is_command else press.what)


def _several(presses: tuple[Press, ...], what: str) -> str:
    return f"{len(presses)} {what}{'' if len(presses) == 1 else 's'}"


def _handed(handovers: tuple[Press, ...]) -> Iterator[str]:
    """Say who handed over at the end of their working days, and how often."""
    counts = Counter(press.by for press in handovers)
    if counts:
        yield ""
        yield f"Besides, at the end of a working day: {', '.join(f'{by} {n}' for by, n in sorted(counts.items()))}."


def _open_gates(assessment: Assessment) -> list[str]:
    """Tell what is open at the end: the gates with findings, with the first of them, and those that only wait."""
    rows = []
    for judged in assessment.gates:
        if isinstance(judged.verdict, Blocked):
            first = judged.verdict.findings[0]
            rows.append(f"- **{judged.gate.title}** ({judged.who}): {first.about} {first.what}")
        elif isinstance(judged.verdict, Waiting) and judged.verdict.until is not None:
            rows.append(f"- {judged.gate.title}: opens at {_at(judged.verdict.until)}")
    return ["", "## Still open", "", *rows] if rows else []


def _counts(played: Played) -> Mapping[str, int]:
    outbox, name = played.stage.settings.outbox, played.story.release.name
    kinds = {"email": f"mail/{name}~*.eml", "notice to finders": f"reporters/{name}~*.md"}
    found = {what: len(list(outbox.glob(files))) for what, files in kinds.items()}
    theirs = {fix.cve for other in played.world.beside.values() for fix in other.story.fixes}
    records = [file for file in outbox.glob("cve/*.json") if file.stem not in theirs]
    messages = len(list(outbox.glob(f"messages/*/{name}~*.md")))
    told = {"email": found.pop("email"), "CVE record": len(records), **found}
    return {**told, "message to the team": messages}


def _sent(played: Played) -> str:
    several = {"notice to finders": "notices to finders", "message to the team": "messages to the team"}
    return ", ".join(
        f"{number} {what if number == 1 else several.get(what, f'{what}s')}" for what, number in _counts(played).items()
    )


def _ending(played: Played) -> Iterator[str]:
    if played.until is not None:
        yield f"## It was ended on {_at(played.until)}"
        yield ""
        yield "The documents are as they were then; how a release ends is judged when it is over."
        return
    yield f"## How it ended: {'wrong' if played.wrongs else 'right'}"
    yield ""
    yield from [f"- **{wrong.rule}:** {wrong.what}" for wrong in played.wrongs] or ["All checks passed."]


def summary(played: Played, took: float) -> str:
    """Write the page; `took` is how many seconds the rehearsal took."""
    story = played.story
    lines = [f"# Rehearsal of {story.name}", "", f"{story.title}. All times are UTC.", "", *_release(played, took)]
    for part in played.beside:
        lines += ["", f"# Beside it: {part.story.release.name}", "", *_release(part, took)]
    return "\n".join(lines) + "\n"


def _release(played: Played, took: float) -> list[str]:
    story, last = played.story, played.last
    if last is None:
        return ["It was ended before the release was started."]
    snapshot = last.look.snapshot
    release, live = snapshot.release, snapshot.announced_at
    versions = joined(f"{s.product.short} {joined(s.versions)}" for s in release.shipments)
    in_it = len(snapshot.tracked_fixes)
    lines = [
        f"- **Release:** {versions}, due {_at(release.due)}",
        f"- **Announced:** {_at(live) if live else 'not announced'}",
        f"- **Fixes:** {in_it} in the release, of {len(story.fixes)} in the story",
        f"- **Sent:** {_sent(played)}",
        f"- **Looks:** the desk looked {played.looks} times, in {took:.1f} seconds",
        "",
        f"## What people did: {_several(played.presses, 'action')}, and {_several(played.handovers, 'handover')}",
        "",
        *_pressed(played.presses),
        *_handed(played.handovers),
    ]
    if played.refused:
        refused = dict.fromkeys(f"- {press.by}: {press.what}" for press in played.refused)
        lines += ["", "## What they tried in vain", "", *refused]
    lines += ["", "## What happened on the way", "", *_happened(story, played.missed, played.stage.clock()), ""]
    return [*lines, *_ending(played), *_open_gates(last.look.assessment)]
