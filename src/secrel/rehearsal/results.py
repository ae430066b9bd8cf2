"""What a rehearsal leaves behind: every document as it would be published, the journal, the status of each phase."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from secrel.desk.carrying_out import Carried
from secrel.desk.texts.papers import email_now
from secrel.evaluate.verdicts import Assessment, Blocked, Passed, Waived
from secrel.rehearsal.playing import Played
from secrel.rehearsal.stage import Stage
from secrel.render.status import status_markdown
from secrel.snapshot.seen import Seen
from secrel.words.forge import Issue
from secrel.words.releases import joined


@dataclass
class Phases:
    """The status of the release at the end of each phase: when all its gates held for the first time."""

    seen: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def note(self, stage: Stage, carried: Carried) -> None:
        """Remember the phases that are complete now."""
        assessment, process = carried.look.assessment, stage.process
        for phase in process.phases:
            if phase.name in self.seen:
                continue
            gates = [judged for judged in assessment.gates if judged.gate.phase == phase.name]
            if gates and all(isinstance(judged.verdict, Passed | Waived) for judged in gates):
                text = status_markdown(assessment, carried.look.snapshot, process)
                self.seen[phase.name] = (assessment.at, text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="")


def _issue_text(issue: Issue) -> str:
    state = "public" if not issue.confidential else "confidential"
    notes = "".join(f"\n---\n{note.by}, {note.at:%Y-%m-%d %H:%M %Z}:\n\n{note.body}\n" for note in issue.notes)
    return f"# {issue.title}\n\n{issue.ref}, {issue.state}, {state}\n\n{issue.body}\n{notes}"


def _documents(played: Played) -> Iterator[tuple[str, str]]:
    """Every document, by its place in the folder of documents."""
    last = played.last
    if last is None:
        return
    snapshot, forge, name = last.look.snapshot, played.stage.forge, played.story.release.name
    issues = {"tracking-issue": snapshot.tracking, "checklist": snapshot.checklist, "comms": snapshot.comms}
    for place, part in issues.items():
        if isinstance(part, Seen) and part.value is not None:
            yield f"{place}.md", _issue_text(part.value)
    for kind, found in (("draft-post", snapshot.draft), ("post", snapshot.post)):
        if isinstance(found, Seen) and found.value is not None:
            for path, text in found.value.files:
                yield f"{kind}/{path.rpartition('/')[2]}", text
    for mark, issue in sorted(forge.issues_by_marks(f"{name}/cve/request/").items()):
        yield f"cve-requests/{mark.rpartition('/')[2].replace('#', '-')}.md", _issue_text(issue)
    if isinstance(snapshot.post, Seen) and snapshot.post.value is not None:
        mail = email_now(played.stage.desk("clockwork"), last.look)
        yield "email/email.html", mail.html
        yield "email/email.txt", mail.text


def summary(played: Played, took: float) -> str:
    """One page: what was played, what happened, what people did, how it ended."""
    story, last = played.story, played.last
    lines = [f"# Rehearsal of {story.name}", "", f"{story.title}.", ""]
    if last is None:
        return "\n".join([*lines, "The rehearsal ended before the release was started."]) + "\n"
    snapshot = last.look.snapshot
    release, live = snapshot.release, snapshot.announced_at
    versions = joined(f"{s.product.short} {joined(s.versions)}" for s in release.shipments)
    outbox = _outbox_counts(played)
    lines += [
        f"- **Release:** {versions}, due {release.due:%Y-%m-%d %H:%M %Z}",
        f"- **Announced:** {f'{live:%Y-%m-%d %H:%M %Z}' if live else 'not announced'}",
        f"- **Fixes:** {len(snapshot.tracked_fixes)} announced of {len(story.fixes)} in the story",
        f"- **Sent:** {', '.join(f'{number} {what}' for what, number in outbox.items())}",
        f"- **Looks:** the desk looked {played.looks} times, in {took:.1f} seconds",
        "",
        f"## What people did: {len(played.presses)} actions",
        "",
        *(f"{n}. {press.at:%Y-%m-%d %H:%M} {press.by}: `{press.what}`" for n, press in enumerate(played.presses, 1)),
        "",
        "## What went wrong on the way",
        "",
        *([f"- {e.at:%Y-%m-%d %H:%M} {e.happens}{_about(e.told)}" for e in story.events] or ["- nothing"]),
        "",
        f"## How it ended: {'wrong' if played.wrongs else 'right'}",
        "",
        *([f"- **{wrong.rule}:** {wrong.what}" for wrong in played.wrongs] or ["Nobody has anything to complain of."]),
        *_open_gates(last.look.assessment),
    ]
    return "\n".join(lines) + "\n"


def _about(told: object) -> str:
    values = [value for value in msgspec.to_builtins(told).values() if value not in ("", 0)][2:]
    return f" ({', '.join(str(value) for value in values)})" if values else ""


def _open_gates(assessment: Assessment) -> list[str]:
    still = [judged for judged in assessment.gates if isinstance(judged.verdict, Blocked)]
    return ["", "Still open:", "", *(f"- {judged.gate.title}" for judged in still)] if still else []


def _outbox_counts(played: Played) -> Mapping[str, int]:
    outbox = played.stage.settings.outbox
    files = [file for file in outbox.rglob("*") if file.is_file()] if outbox.is_dir() else []
    kinds = {"emails": ".eml", "CVE records": ".json"}
    return {what: sum(file.suffix == ending for file in files) for what, ending in kinds.items()} | {
        "messages": sum(file.suffix == ".md" for file in files)
    }


def write_results(played: Played, phases: Phases, took: float) -> Path:
    """Write everything into the rehearsal's folder, and give the summary's file."""
    folder = played.stage.folder
    for place, text in _documents(played):
        _write(folder / "documents" / place, text)
    outbox = played.stage.settings.outbox
    if outbox.is_dir():
        shutil.copytree(outbox, folder / "documents" / "outbox", dirs_exist_ok=True)
    for number, (phase, (_, text)) in enumerate(phases.seen.items(), start=1):
        _write(folder / "status" / f"{number:02}-{phase}.md", text)
    entries = played.stage.desk("clockwork").journal.entries()
    _write(folder / "journal.jsonl", "".join(f"{json.dumps(msgspec.to_builtins(entry))}\n" for entry in entries))
    _write(folder / "summary.md", summary(played, took))
    return folder / "summary.md"
