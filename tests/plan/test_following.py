"""Every document follows every fact: whichever changes, what the desk would write now is what people read (mission M3).

Documents come from the table of papers and calls, facts from the fields of what a release announces: a new one of
either is tried without a word here, or has to be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.papers.documents import PAPERS, sheet_of
from secrel.papers.scene import Scene, Sheet
from secrel.plan.planning import plan_release, steps_of
from secrel.snapshot.seen import Snapshot, Written
from secrel.words.advisories import Advisory, BugFix, Contents, Credit, CreditSource, DependencyUpdate, UpgradeNote
from secrel.words.documents import CALLS, TABLE
from secrel.words.effects import Comment, Effect, PostMessage, RewriteFiles, RewriteIssue, SetHead
from secrel.words.forge import Issue, MergeRequest
from secrel.words.heads import Head, head_of
from secrel.words.ids import CveId, Cwe
from secrel.words.parts import Part, need
from secrel.words.releases import Kind, Release
from secrel.words.vectors import Vector
from tests.builders import (
    DUE,
    a_contents,
    a_draft,
    a_duty,
    a_fix,
    a_live_post,
    a_release,
    a_snapshot,
    an_advisory,
    an_issue,
    receipts,
    seen,
    spans,
    with_parts,
)
from tests.plan.scenes import a_scene

FIX = "acme/app#1"
VERSIONS = ("18.5.2", "18.4.5", "18.3.6")
ADVISORY: Mapping[str, Any] = {
    "title": "Another title",
    "description": "Another description of it.",
    "edition": "Acme App EE",
    "affected": spans(("18.5.2", "18.4.4")),
    "vector": Vector.parse("CVSS:3.1/AV:N/AC:H/PR:H/UI:N/S:U/C:L/I:N/A:N"),
    "weakness": Cwe(79, "Cross-site Scripting"),
    "cve_id": CveId("CVE-2026-7777"),
    "no_cve": "a hardening",
    "credits": (Credit("somebody-else", CreditSource.HACKERONE),),
    "references": ("https://acme.test/more",),
    "related": (CveId("CVE-2025-1234"),),
    "workaround": "Turn it off.",
    "assigned_by": "Another CNA",
    "hosted_only": "acme.test",
}
INSIDE = {"issue_url", "own_url", "origins", "disclosure_days", "fixed_already", "allowed"}
"""Facts of a fix that no document of a release in the making says."""
CONTENTS: Mapping[str, Any] = {
    "dependencies": (DependencyUpdate("libfoo", "2.1", "app"),),
    "bug_fixes": (BugFix("18.5.2", "A bug", "https://acme.test/bug"),),
    "upgrade_notes": (UpgradeNote("18.5.2", ("downtime",)),),
}
RELEASE: Mapping[str, Any] = {
    "due": DUE + timedelta(days=8),
    "kind": Kind.UNPLANNED,
    "shipments": a_release(VERSIONS).shipments,
    "disclosure_days": 45,
    "form": "2026",
}


def world(release: Release | None = None, told: Mapping[str, Any] | None = None, **rest: Any) -> Snapshot:
    """A release, with one of its facts otherwise."""
    ours = release or a_release()
    duty = rest.pop("duty", a_duty())
    versions = [str(version) for version in ours.main.versions]
    one = replace(an_advisory(1, versions), **(told or {}))
    contents = a_contents(ours, [one, an_advisory(2, versions)], **rest)
    return a_snapshot([a_fix(1), a_fix(2)], release=ours, contents=contents, duty=duty)


@cache
def changes() -> Mapping[str, Snapshot]:
    """One release for each fact, in which that fact is another."""
    found = {f"fix/{name}": world(told={name: value}) for name, value in ADVISORY.items()}
    found |= {f"contents/{name}": world(**{name: value}) for name, value in CONTENTS.items()}
    found |= {f"release/{name}": world(replace(a_release(), **{name: value})) for name, value in RELEASE.items()}
    return found | {"duty": world(duty=a_duty("chidi", "dewi"))}


def about(name: str) -> str:
    return FIX if TABLE[name].is_per_fix else ""


def as_found(name: str, sheet: Sheet) -> Issue | MergeRequest:
    """A document on the forge that says what the desk wrote."""
    head, labels = sheet.head, frozenset(sheet.head.labels)
    if TABLE[name].is_merge_request:
        people: dict[str, Any] = {"assignees": head.assignees, "reviewers": head.reviewers}
        path = "sites/uncategorized/source/releases/posts/2026-11-25-security-release.html.md"
        files = ((path, sheet.body),)
        return a_draft(title=head.title, body=head.description, labels=labels, files=files, **people)
    number = 700 + list(PAPERS).index(name)
    told: dict[str, Any] = {"assignees": head.assignees, "due": head.due, "labels": labels}
    return an_issue(number, title=head.title, body=sheet.body, mark=TABLE[name].opening("2026-11"), **told)


def with_document(snapshot: Snapshot, name: str, found: Issue | MergeRequest, written: Written) -> Scene:
    """The release with one document as it was found, and what the desk last wrote into it."""
    identity = TABLE[name]
    done = {**snapshot.receipts, **receipts(f"/{identity.opening('x', about(name)).partition('/')[2]}")}
    there: dict[str, Any] = {"receipts": done, "written": {identity.of(about(name)): written}}
    if identity.is_per_fix:
        assert isinstance(found, Issue)
        fixes = [replace(a_fix(1), cve_request=seen(found)), a_fix(2)]
        return a_scene(with_parts(snapshot, fixes=seen(tuple(fixes)), **there))
    return a_scene(with_parts(snapshot, **{name: seen(found)}, **there))


def texts(found: Part[Any]) -> Issue | MergeRequest:
    document: Issue | MergeRequest = need(found, "it")
    return document


def after(effects: Iterable[Effect], head: Head, body: str) -> tuple[Head, str]:
    """What a document says once these effects were carried out."""
    for effect in effects:
        match effect.action:
            case SetHead(head=told):
                head = told
            case RewriteIssue(body=text):
                body = text
            case RewriteFiles(files=files):
                body = files[0][1]
            case other:
                raise AssertionError(other)
    return head, body


def test_every_fact_is_changed_or_is_one_that_no_document_says() -> None:
    identity = {"fix", "product"}
    assert {*Advisory.__struct_fields__} == {*ADVISORY, *INSIDE, *identity}
    assert {*Contents.__struct_fields__} == {*CONTENTS, "release", "advisories"}
    assert {*Release.__struct_fields__} == {*RELEASE, "name"}


def test_every_document_of_a_release_has_a_paper_or_is_what_was_reviewed() -> None:
    assert {*PAPERS} == {name for name, identity in TABLE.items() if identity.kept_by}
    left = {"post", "correction", "next_tracking"}
    assert {*TABLE} - {*PAPERS} == left, "the post is the reviewed draft, the next is not begun"


@pytest.mark.parametrize("name", PAPERS)
def test_every_document_follows_every_fact(name: str) -> None:
    before = a_scene(world())
    first = sheet_of(name, before, about(name))
    found = as_found(name, first)
    written = Written("k", first.body, first.head)
    unchanged = with_document(world(), name, found, written)
    settled = after(steps_of(TABLE[name].kept_by, unchanged), head_of(found), first.body)  # type: ignore[arg-type]
    followed = 0
    for fact, changed in changes().items():
        scene = with_document(changed, name, found, written)
        wanted = sheet_of(name, scene, about(name))
        effects = [step for step in steps_of(TABLE[name].kept_by, scene) if isinstance(step, Effect)]
        head, body = after(effects, head_of(found), first.body)
        assert head == wanted.head, f"{name} after {fact}"
        if name != "checklist":  # its lines have marks, and follow one by one
            assert body == wanted.body, f"{name} after {fact}"
        followed += (head, body) != settled
    assert followed >= {"tracking": 3, "checklist": 6, "comms": 5, "cve": 8, "draft": 15}[name]


@pytest.mark.parametrize(("work", "call"), [(work, call) for work, calls in CALLS.items() for call in calls])
def test_whoever_was_asked_is_asked_again_when_versions_or_day_change(work: str, call: str) -> None:
    comms = an_issue(701, "acme/comms")
    post = a_draft(ref="acme/site!901", url="https://forge.test/acme/site/-/merge_requests/901")
    there: dict[str, Any] = {"comms": seen(comms), "post": seen(post)}
    [asked] = [step for step in steps_of(work, a_scene(with_parts(world(), **there))) if step.key.endswith(call)]  # type: ignore[union-attr]
    said = asked.action.body if isinstance(asked.action, Comment) else asked.action.text  # type: ignore[union-attr]
    all_done = receipts(*(f"/{one}" for one in CALLS[work]))
    there |= {"receipts": all_done, "written": {call: Written("k", said)}}
    assert list(steps_of(work, a_scene(with_parts(world(), **there)))) == []
    moved = changes()["release/shipments"]
    scene = a_scene(with_parts(moved, **there))
    [again] = steps_of(work, scene)
    assert isinstance(again, Effect)
    assert again.key == f"2026-11/{call}/again/1"
    text = again.action.body if isinstance(again.action, Comment) else again.action.text  # type: ignore[union-attr]
    assert isinstance(again.action, Comment | PostMessage)
    assert text.startswith("This takes the place of what was said before")
    assert "18.4.5" in text
    there["written"] = {call: Written("k", text)}
    assert list(steps_of(work, a_scene(with_parts(moved, **there)))) == [], "once"
    live = a_scene(with_parts(moved, **{**there, "written": {call: Written("k", said)}, "post": seen(a_live_post())}))
    assert list(steps_of(work, live)) == [], "and not after the announcement"


def test_what_people_were_asked_is_looked_at_in_every_plan_once_its_gate_has_had_its_turn() -> None:
    critical = world(replace(a_release(), kind=Kind.UNPLANNED))
    done = receipts("/ask/release-managers", "/tell/release-managers", "/email/ask-test")
    said = {call: Written("k", "about 18.5.1") for call in ("ask/release-managers", "email/ask-test")}
    scene = a_scene(with_parts(critical, comms=seen(an_issue(701, "acme/comms")), receipts=done, written=said))
    planned = [effect.key for effect in plan_release(scene).effects]
    assert "2026-11/ask/release-managers/again/1" in planned
    assert "2026-11/email/ask-test/again/1" not in planned
