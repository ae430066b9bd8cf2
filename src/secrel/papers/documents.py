"""What each document says now, and how that is merged with what people did to it (mission M3, M5, M6, M7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from secrel.answers import kept
from secrel.evaluate.people import is_corrected
from secrel.papers import checklist
from secrel.papers.cve_request import fields, request
from secrel.papers.email import comms
from secrel.papers.email import current as current_email
from secrel.papers.email.written import Comms, Email, MailLinks
from secrel.papers.messages import tracking
from secrel.papers.messages.pieces import IssueText
from secrel.papers.post.current import description_of, post_now
from secrel.papers.scene import Scene, Sheet
from secrel.process.table import GIT, Process
from secrel.verify import cve_form
from secrel.words.advisories import Advisory, Contents
from secrel.words.documents import CORRECTION, LIVE, TABLE, Identity
from secrel.words.effects import plain
from secrel.words.errors import Misused, NotSeen
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.heads import Head, MergedHead, head_of, is_touched, merge_heads
from secrel.words.merging import Merged, hidden, merge, shown
from secrel.words.parts import known
from secrel.words.patterns import pattern
from secrel.words.releases import Kind, Release, joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

DRAFT = "Draft: "
"""How the title of a post begins that is no more than a draft."""


class Paper(Struct, frozen=True):
    """The text of one document: `write` gives all of it as the facts are now, for the fix it is about if any.

    `merge` is given the desk's own last text (None: nobody knows; empty: there is none in it, since people wrote all of
    it), what the desk would write now, and the text as found.
    """

    write: Callable[[Scene, str], Sheet]
    merge: Callable[[str | None, str, str], Merged]


def sheet_of(name: str, scene: Scene, about: str = "") -> Sheet:
    """Give a document as the desk would write it now; raises what its paper raises.

    It is written once for a scene, and its text when that is read: a look asks for many a document several times.
    """
    kept = scene.sheets.get((name, about))
    if kept is None:
        kept = scene.sheets[name, about] = PAPERS[name].write(scene, about)
    return kept


def base_of(name: str, sheet: Sheet, found: str) -> str:
    """Give the base from which a document that people wrote is merged from now on; empty: nothing in it is the desk's.

    That is what the desk would have written, when theirs has most of its lines: both come of one template. What is
    found by the keys of its lines needs none: all of the desk's lines are added to theirs. Raises what writing it
    raises.
    """
    if PAPERS[name].merge is _by_line:
        return ""
    ours, theirs = (frozenset(filter(None, map(str.strip, text.splitlines()))) for text in (sheet.body, found))
    return sheet.body if 2 * len(ours & theirs) > len(ours) else ""


def up_to_date(name: str, scene: Scene, found: str, about: str = "") -> Merged:
    """Give the text that a document should have, with all that people did to it; raises what its paper raises."""
    return _body(name, scene, found, about, sheet_of(name, scene, about))


def corrected(scene: Scene) -> tuple[str, str, str] | None:
    """Give the path of the post that is live, its text, and the text that it should have as the facts are now.

    It is the text on the site, whoever wrote it there; while a correction is open it is that of the correction, which
    is what will be live. What people wrote stays. None while no post is live, or it could not be seen; raises what
    writing the post raises, and `NotSeen` where the site could not be seen.
    """
    post, correction = known(scene.snapshot.post, None), known(scene.snapshot.correction, None)
    if post is None or post.state is not State.MERGED or not post.files:
        return None
    path, live = post.files[0][0], post.live
    if correction is not None and correction.state is not State.CLOSED:
        live |= correction.live if correction.state is State.MERGED else dict(correction.files)
    if path not in live:
        return None
    text = live[path]
    written = scene.snapshot.written
    last = written.get(CORRECTION) or written.get("draft")
    return path, text, _silently(last.text if last else None, post_now(scene).text, text).text


def texts_now(scene: Scene) -> dict[str, str]:
    """Give what the documents that are open, or the post once it is live, should say now, for their gates.

    The checklist is left out, since it shows what the gates say, and so is what cannot be told.
    """
    found: dict[str, str] = {}
    with suppress(Misused, NotSeen):  # the gate that misses the fact says so
        if (told := corrected(scene)) is not None:
            return {LIVE: told[2]}
        draft = known(scene.snapshot.draft, None)
        if draft is not None and draft.state is State.OPENED and draft.files:
            found["draft"] = up_to_date("draft", scene, draft.files[0][1]).text
        for name in ("tracking", "comms") if known(scene.snapshot.live, scene.now) is None else ():
            issue = known(scene.snapshot.document(name), None)
            if isinstance(issue, Issue) and issue.state is State.OPENED:
                found[name] = up_to_date(name, scene, issue.body).text
    return found


def head_now(name: str, scene: Scene, found: Issue | MergeRequest, about: str = "") -> MergedHead:
    """Give the head that a document should have, with all that people did to it; raises what its paper raises."""
    return _head(name, scene, found, about, sheet_of(name, scene, about))


def _body(name: str, scene: Scene, found: str, about: str, sheet: Sheet) -> Merged:
    last = scene.snapshot.written.get(TABLE[name].of(about))
    return PAPERS[name].merge(last.text if last else None, sheet.body, found)


def _head(name: str, scene: Scene, found: Issue | MergeRequest, about: str, sheet: Sheet) -> MergedHead:
    last = scene.snapshot.written.get(TABLE[name].of(about))
    return merge_heads(last.head if last else None, sheet.head, head_of(found))


def disputes(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Say of each document what a person changed in it that the facts changed as well: theirs stands until they agree.

    So is a figure of the facts that a person changed or took out: people go by it. What they wrote beside stays theirs.
    The lines of a checklist say that themselves, and those of a draft are held to the facts by gates of their own.
    """
    found = {name: known(scene.snapshot.document(name), None) for name in PAPERS}
    each = [(name, "", one) for name, one in found.items()]
    each += [("cve", fix.ref, known(fix.cve_request, None)) for fix in scene.snapshot.tracked_fixes]
    told = {TABLE[name].of(about): tuple(_disputed(name, scene, one, about)) for name, about, one in each if one}
    return {name: said for name, said in told.items() if said}


def _disputed(name: str, scene: Scene, found: Issue | MergeRequest, about: str) -> Iterator[str]:
    last = scene.snapshot.written.get(TABLE[name].of(about))
    if found.state is not State.OPENED or last is None:
        return
    shows_conflicts = PAPERS[name].merge is _with_conflicts
    if shows_conflicts and not last.text:
        yield "people wrote it, and what the desk adds is not in it yet"
        return
    # what nobody touched is no dispute, whatever it would say now: most documents need not be written to be looked at
    is_text_touched = shows_conflicts and last.text != hidden(found.body)
    if not (is_text_touched or is_touched(last.head, head_of(found))):
        return
    with suppress(Misused, NotSeen):  # the gate that misses the fact says so
        sheet = sheet_of(name, scene, about)
        for what in _head(name, scene, found, about, sheet).disputed:
            yield f"somebody changed its {_CALLED.get(what, what)}, and the facts changed it as well"
        if not is_text_touched:
            return
        merged = _body(name, scene, found.body, about, sheet)
        if count := len(merged.conflicts):
            yield f"in {count} place{'s' if count > 1 else ''} somebody changed it, and the facts changed it as well"
        elif lost := _figures(sheet.body) - _figures(merged.text):
            yield f"somebody changed in it what the facts say of {joined(lost)}"


def _figures(text: str) -> Counter[str]:
    """Count what people would act on: versions, days, times, numbers of CVE ids."""
    return Counter(_FIGURE.findall(text))


_CALLED = {"due": "day"}
_FIGURE = pattern(r"\d+(?:[.:-]\d+)+")


def label_of(identity: Identity, process: Process) -> str:
    """Give the label of a document; raises `Misused` where the process has none."""
    return process.named("labels", identity.label)


def _on_duty(scene: Scene) -> tuple[str, ...]:
    duty = scene.snapshot.duty
    return tuple(filter(None, (duty.primary, duty.secondary))) if duty else ()


def _sheet(identity: Identity, scene: Scene, title: str, write: Callable[[], str]) -> Sheet:
    labels, due = (label_of(identity, scene.process),), scene.snapshot.release.due.date()
    return Sheet(Head(title, labels=labels, assignees=_on_duty(scene), due=due), write)


def _checklist(scene: Scene, _about: str) -> Sheet:
    def body() -> str:
        return plain(checklist.render_checklist(scene.assessment, scene.snapshot, scene.process))

    return _sheet(TABLE["checklist"], scene, f"Security release checklist: {scene.name}", body)


def _comms(scene: Scene, _about: str) -> Sheet:
    asked = Comms(
        asked=(scene.process.named("people", "communications"),),
        segment=scene.process.named("addresses", "segment"),
        draft=scene.address("draft"),
        tracking=scene.issue("tracking").url,
        corrects=is_corrected(scene.snapshot, scene.key("email")),
    )
    own, email, links = scene.templates.get("email"), current_email.email_now(scene), current_email.mail_links(scene)
    if own is None:
        issue = _comms_text(scene.contents, email, links, asked)
    else:
        issue = comms.render_comms_issue(scene.contents, email, links, asked, templates=own)
    return _sheet(TABLE["comms"], scene, issue.title, lambda: plain(issue.body))


@kept(IssueText, size=32)
def _comms_text(contents: Contents, email: Email, links: MailLinks, asked: Comms) -> IssueText:
    return comms.render_comms_issue(contents, email, links, asked)


def _cve(scene: Scene, about: str) -> Sheet:
    process = scene.process
    requester = fields.Requester(
        process.cna.get("requester") or process.named("cna", "short_name"),
        process.named("cna", "email"),
        path_key=process.cna.get("path_key") or cve_form.PATH_KEY,
        has_bounty=bool(process.addresses.get("bug_bounty")),
    )
    title, body = _request(scene.cited(about), scene.snapshot.release, requester)
    return Sheet(Head(title, labels=(label_of(TABLE["cve"], process),)), lambda: body)


@lru_cache(maxsize=1024)
def _request(advisory: Advisory, release: Release, requester: fields.Requester) -> tuple[str, str]:
    asked = request.render_request(advisory, Contents(release, (advisory,)), requester)
    return asked.title, plain(asked.body)


def _draft(scene: Scene, _about: str) -> Sheet:
    post, duty = post_now(scene), scene.snapshot.duty
    head = Head(
        f"{DRAFT}{post.title}",
        description_of(post, scene.snapshot.release),
        (label_of(TABLE["draft"], scene.process),),
        (duty.primary,) if duty else (),
        (duty.secondary,) if duty else (),
    )
    return Sheet(head, lambda: post.text)


def _tracking(scene: Scene, _about: str) -> Sheet:
    links = tracking.TrackingLinks(scene.address("draft"), scene.address("post"), scene.address("comms"))
    return tracking_sheet(scene.snapshot.release, scene.process, links, scene.wording)


def tracking_sheet(
    release: Release, process: Process, links: tracking.TrackingLinks, wording: Templates | None = None
) -> Sheet:
    """Give the tracking issue of a release, which leads to `links`; `wording` is the user's own, where there is any."""
    managers, with_branches = (process.named("people", "release_managers"),), GIT not in process.lacks
    if wording is None:
        text = _tracking_text(release, managers, links, with_branches)
    else:
        text = tracking.tracking_issue(release, managers, links, with_branches=with_branches, templates=wording)
    roles = ["upcoming", "security", *(["critical"] if release.kind is Kind.UNPLANNED else [])]
    labels = sorted({process.named("labels", role) for role in roles if role != "critical" or role in process.labels})
    head = Head(text.title, labels=tuple(labels), assignees=managers, due=release.due.date())
    return Sheet(head, lambda: plain(text.body))


@kept(IssueText, size=32)
def _tracking_text(
    release: Release,
    managers: tuple[str, ...],
    links: tracking.TrackingLinks,
    with_branches: bool,  # noqa: FBT001 - answers are kept by what stands in a place
) -> IssueText:
    return tracking.tracking_issue(release, managers, links, with_branches=with_branches)


def _by_line(base: str | None, now: str, found: str) -> Merged:
    """Merge by the keys of lines: boxes follow the evidence, and the text says itself where the two disagree."""
    return Merged(checklist.refresh_checklist(found, base or "", now).text, (), now)


def _with_conflicts(base: str | None, now: str, found: str) -> Merged:
    """Merge, and show below a person's lines what the desk would write; while nobody knows a base the text stays.

    Where people wrote all of it, the desk's own text comes below theirs: who works by it finds there what is so.
    """
    if base == "":
        return Merged(f"{found.rstrip()}\n\n{now}" if found.strip() else now, (), now)
    merged = merge(now if base is None else base, now, hidden(found))
    return Merged(shown(merged), merged.conflicts, merged.base)


def _silently(base: str | None, now: str, found: str) -> Merged:
    """Merge, and let a person's lines stand: what is published shows no conflict, and the gates say what is wrong."""
    return Merged(merge(base or now, now, found).text, (), now)


PAPERS: Mapping[str, Paper] = {
    "checklist": Paper(_checklist, _by_line),
    "comms": Paper(_comms, _with_conflicts),
    "cve": Paper(_cve, _with_conflicts),
    "draft": Paper(_draft, _silently),
    "tracking": Paper(_tracking, _with_conflicts),
}
"""The text of every document that the desk keeps up to date, by the name of its identity (`words.documents`)."""
