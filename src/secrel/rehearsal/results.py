"""What a rehearsal leaves behind: every document as it would be published, the journal, the status of each phase."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from secrel.desk.carrying_out import Carried
from secrel.evaluate.verdicts import Passed, Waived
from secrel.faces.status.board import board_of
from secrel.faces.status.html import status_html
from secrel.faces.status.page import status_markdown
from secrel.journal.entries import builtins_of
from secrel.papers.email.current import email_now
from secrel.papers.world import world_of
from secrel.rehearsal.playing import Played
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.summary import summary
from secrel.words.forge import Issue, State
from secrel.words.parts import Seen, settled


class Phases(Struct):
    """The status of the release at the end of each phase: when all its gates held for the first time."""

    seen: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, stage: Stage, carried: Carried) -> None:
        """Remember the phases that are complete now."""
        assessment, process = carried.look.assessment, stage.process
        own = "" if carried.look.name == stage.story.release.name else f"{carried.look.name}-"
        for phase in process.phases:
            if f"{own}{phase.name}" in self.seen:
                continue
            gates = [judged for judged in assessment.gates if judged.gate.phase == phase.name]
            if gates and all(isinstance(judged.verdict, Passed | Waived) for judged in gates):
                self.seen[f"{own}{phase.name}"] = _status(carried)


def _status(carried: Carried) -> dict[str, str]:
    """Give the status as Markdown, and as a page with what waits then and the documents as they are then."""
    board = board_of(carried.look, plan=carried.left, documents=world_of(carried.look))
    return {"md": status_markdown(board), "html": status_html(board)}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="")


def _issue_text(issue: Issue) -> str:
    state = "public" if not issue.confidential else "confidential"
    told = settled(issue.notes, "the notes")
    notes = "".join(f"\n---\n{note.by}, {note.at:%Y-%m-%d %H:%M %Z}:\n\n{note.body}\n" for note in told)
    return f"# {issue.title}\n\n{issue.ref}, {issue.state}, {state}\n\n{issue.body}\n{notes}"


def _documents(played: Played) -> Iterator[tuple[str, str]]:
    """Every document, by its place in the folder of documents."""
    last = played.last
    if last is None:
        return
    snapshot, world = last.look.snapshot, played.world
    issues = {
        "tracking-issue": snapshot.tracking,
        "checklist": snapshot.checklist,
        "comms": snapshot.comms,
        "next-tracking-issue": snapshot.next_tracking,
    }
    for place, part in issues.items():
        if isinstance(part, Seen) and part.value is not None:
            yield f"{place}.md", _issue_text(part.value)
    for kind, found in (("draft-post", snapshot.draft), ("post", snapshot.post), ("post", snapshot.correction)):
        if isinstance(found, Seen) and found.value is not None:
            is_there = found is not snapshot.correction or found.value.state is State.MERGED
            for path, text in found.value.files if is_there else ():  # what corrected the post takes its place
                yield f"{kind}/{path.rpartition('/')[2]}", text
    requests = {ref: world.request(fix) for fix, ref in sorted(world.known.issues.items())}
    for ref, request in ((ref, one) for ref, one in requests.items() if one is not None):
        yield f"cve-requests/{ref.rpartition('/')[2].replace('#', '-')}.md", _issue_text(request)
    if isinstance(snapshot.post, Seen) and snapshot.post.value is not None:
        mail = email_now(last.look)
        yield "email/email.html", mail.html
        yield "email/email.txt", mail.text


def write_results(played: Played, phases: Phases, took: float) -> Path:
    """Write everything into the rehearsal's folder, and give the summary's file."""
    folder = played.stage.folder
    for part in (played, *played.beside):
        own = "" if part is played else part.story.release.name
        for place, text in _documents(part):
            _write(folder / "documents" / own / place, text)
    outbox = played.stage.settings.outbox
    if outbox.is_dir():
        shutil.copytree(outbox, folder / "documents" / "outbox", dirs_exist_ok=True)
    told = [(f"{number:02}-{phase}", texts) for number, (phase, texts) in enumerate(phases.seen.items(), start=1)]
    told += [("end", _status(played.last))] if played.last is not None else []
    for place, texts in told:
        for kind, text in texts.items():
            _write(folder / "status" / f"{place}.{kind}", text)
    entries = played.stage.desk().journal.entries()
    _write(folder / "journal.jsonl", "".join(f"{json.dumps(builtins_of(entry))}\n" for entry in entries))
    _write(folder / "summary.md", summary(played, took))
    return folder / "summary.md"
