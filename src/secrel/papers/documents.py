"""What each document says now, and how that is merged with what people did to it (mission M3, M5, M6, M7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from secrel.papers.checklist import refresh_checklist, render_checklist
from secrel.papers.cve_request import PATH_KEY, Requester, render_request
from secrel.papers.email.comms import Comms, render_comms_issue
from secrel.papers.email.current import email_now, mail_links
from secrel.papers.messages.pieces import IssueText
from secrel.papers.post.current import post_now
from secrel.papers.scene import Scene
from secrel.words.advisories import Advisory, Contents
from secrel.words.documents import TABLE
from secrel.words.effects import plain
from secrel.words.merging import Merged, hidden, merge, shown
from secrel.words.releases import Release

DRAFT = "Draft: "
"""How the title of a post begins that is no more than a draft."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The text of one document: `write` gives its title and body as the facts are now, for the fix it is about if any.

    `merge` is given the desk's own last text (None: nobody knows), what it would write now, and the text as found.
    """

    write: Callable[[Scene, str], IssueText]
    merge: Callable[[str | None, str, str], Merged]


def up_to_date(name: str, scene: Scene, found: str, about: str = "") -> Merged:
    """Give the text that a document should have, with all that people did to it; raises what its paper raises."""
    paper, last = PAPERS[name], scene.snapshot.written.get(TABLE[name].of(about))
    return paper.merge(last.text if last else None, paper.write(scene, about).body, found)


def _checklist(scene: Scene, _about: str) -> IssueText:
    body = plain(render_checklist(scene.assessment, scene.snapshot, scene.process))
    return IssueText(f"Security release checklist: {scene.name}", body)


def _comms(scene: Scene, _about: str) -> IssueText:
    asked = Comms(
        asked=(scene.process.people["communications"],),
        draft=scene.address("draft"),
        tracking=scene.issue("tracking").url,
    )
    issue = render_comms_issue(scene.contents, email_now(scene), mail_links(scene), asked)
    return IssueText(issue.title, plain(issue.body))


def _cve(scene: Scene, about: str) -> IssueText:
    cna = scene.process.cna
    requester = Requester(
        cna.get("requester", cna["short_name"]),
        cna["email"],
        path_key=cna.get("path_key", PATH_KEY),
        has_bounty="bug_bounty" in scene.process.addresses,
    )
    return _request(scene.advisory(about), scene.snapshot.release, requester)


@lru_cache(maxsize=1024)
def _request(advisory: Advisory, release: Release, requester: Requester) -> IssueText:
    request = render_request(advisory, Contents(release, (advisory,)), requester)
    return IssueText(request.title, plain(request.body))


def _draft(scene: Scene, _about: str) -> IssueText:
    post = post_now(scene)
    return IssueText(f"{DRAFT}{post.title}", post.text)


def _by_line(base: str | None, now: str, found: str) -> Merged:
    """Merge by the keys of lines: boxes follow the evidence, and the text says itself where the two disagree."""
    return Merged(refresh_checklist(found, base or "", now).text, (), now)


def _with_conflicts(base: str | None, now: str, found: str) -> Merged:
    """Merge, and show below a person's lines what the desk would write; without a base the text stays as found."""
    merged = merge(now if base is None else base, now, hidden(found))
    return Merged(shown(merged), merged.conflicts, merged.base)


def _silently(base: str | None, now: str, found: str) -> Merged:
    """Merge, and let a person's lines stand: what is published shows no conflict, and the gates say what is wrong."""
    return Merged(merge(now if base is None else base, now, found).text, (), now)


PAPERS: Mapping[str, Paper] = {
    "checklist": Paper(_checklist, _by_line),
    "comms": Paper(_comms, _with_conflicts),
    "cve": Paper(_cve, _with_conflicts),
    "draft": Paper(_draft, _silently),
}
"""The text of every document that the desk keeps up to date, by the name of its identity (`words.documents`)."""
