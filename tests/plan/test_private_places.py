"""Nothing that leaves the team holds an address of a project which only members can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from itertools import cycle, product
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.assessing import assess
from secrel.papers.documents import sheet_of
from secrel.papers.post.current import post_now
from secrel.papers.scene import Scene
from secrel.plan.audience import as_read
from secrel.plan.embargo import guarded
from secrel.plan.lines import work_names
from secrel.plan.planning import steps_of
from secrel.snapshot.seen import Beyond, Snapshot
from secrel.words.effects import (
    Effect,
    OpenMergeRequest,
    PostMessage,
    PublishRecord,
    SendMail,
    TellReporter,
    sent_by,
)
from secrel.words.errors import NotSeen
from secrel.words.facts.tables import texts_in
from secrel.words.forge import Issue
from secrel.words.parts import Part, Seen, Unseen, need
from secrel.words.sighting import LinkedFix, Sighting
from tests.builders import DUE
from tests.unseen.sightings import Played

HOST, MIRROR, SITE = "https://forge.test", "gitlab-org/security/gitlab", "gitlab-org/security/www-gitlab-com"
CVES, CANONICAL = "gitlab-org/cves", f"{HOST}/gitlab-org/gitlab/-/issues/77"
PRIVATE = tuple(f"{HOST}/{project}" for project in (MIRROR, SITE, CVES))
LEAVES = (OpenMergeRequest, PublishRecord, SendMail, TellReporter)


def closed(issue: Issue, **changes: Any) -> Issue:
    project, _, number = issue.ref.partition("#")
    return replace(issue, url=f"{HOST}/{project}/-/issues/{number}", members_only=True, **changes)


def mirrored(linked: LinkedFix, canonical: Part[Issue | None]) -> LinkedFix:
    issue = closed(need(linked.issue, "the issue"))
    requests = tuple(
        replace(one, url=f"{HOST}/{MIRROR}/-/merge_requests/{number}", is_public=False)
        for number, one in enumerate(need(linked.requests, "the requests"), start=1)
    )
    asked = need(linked.cve_request, "the CVE request")
    assert asked is not None
    return replace(
        linked,
        issue=Seen(issue),
        requests=Seen(requests),
        cve_request=Seen(closed(asked)),
        canonical=canonical,
    )


def whole(point: str, canonical: Part[Issue | None] | None = None) -> Scene:
    """A release of GitLab's process beside a mirror, as it is at this point."""
    played = Played("gitlab", point)
    seen = played.sighting()
    shown = canonical or Seen(Issue("gitlab-org/gitlab#77", "A flaw", "", CANONICAL))
    linked = tuple(mirrored(one, shown) for one in need(seen.linked, "what is linked"))
    draft = need(seen.request("draft"), "the draft")
    requests = dict(seen.requests)
    if draft is not None:
        requests["draft"] = Seen(replace(draft, url=f"{HOST}/{SITE}/-/merge_requests/1", is_public=False))
    told: Sighting = replace(seen, linked=Seen(linked), requests=requests)
    snapshot = played.snapshot(told)
    return scene_of(snapshot, played)


def scene_of(snapshot: Snapshot, played: Played) -> Scene:
    process = played.sources.process
    return Scene(snapshot, process, played.now, assess(snapshot, process, played.now), by="amara", beyond=Beyond())


def effects(scene: Scene) -> Iterator[Effect]:
    """Everything that any line of work would send to others than the team."""
    bare = replace(scene, snapshot=replace(scene.snapshot, receipts={}))
    for name in work_names():
        for step in (*steps_of(name, scene), *steps_of(name, bare)):
            effect = as_read(step, scene) if isinstance(step, Effect) else None
            if effect is not None and (effect.reveals or isinstance(effect.action, PostMessage)):
                yield effect


def texts(effect: Effect) -> str:
    return "\n".join(texts_in(sent_by(effect.action)))


@cache
def leaving() -> tuple[tuple[Scene, Effect], ...]:
    scenes = [whole(point) for point in ("day", "live")]
    return tuple((scene, effect) for scene in scenes for effect in effects(scene))


def test_no_paper_that_leaves_the_team_leads_to_a_private_place() -> None:
    kinds = {type(effect.action) for _, effect in leaving()}
    assert kinds >= {*LEAVES}
    for _, effect in leaving():
        if not isinstance(effect.action, PostMessage):  # the team's own channels lead to its own documents
            assert not [place for place in PRIVATE if place in texts(effect)], effect.key
    for scene in {id(scene): scene for scene, _ in leaving()}.values():
        assert not [place for place in PRIVATE if place in post_now(scene).text]


def test_a_record_and_a_request_cite_the_issue_that_becomes_public() -> None:
    [record, *_] = [effect.action for _, effect in leaving() if isinstance(effect.action, PublishRecord)]
    assert CANONICAL in record.record
    assert MIRROR not in record.record
    scene = whole("eve")
    [fix] = scene.snapshot.tracked_fixes
    assert CANONICAL in sheet_of("cve", scene, fix.ref).body
    assert f"{HOST}/{MIRROR}" not in sheet_of("cve", scene, fix.ref).body


def test_without_a_canonical_issue_none_is_cited_and_one_that_was_not_seen_is_waited_for() -> None:
    scene = whole("eve", Seen(None))
    [fix] = scene.snapshot.tracked_fixes
    assert scene.cited(fix.ref).issue_url == ""
    assert scene.cited(fix.ref).own_url == f"{HOST}/{MIRROR}/-/issues/{fix.ref.partition('#')[2]}"
    unseen = whole("live", Unseen("the forge does not answer"))
    with pytest.raises(NotSeen, match="the canonical issue"):
        unseen.cited(fix.ref)
    assert not [effect for effect in effects(unseen) if isinstance(effect.action, PublishRecord)]


BELOW = ("issues/12", "work_items/12", "merge_requests/3", "commit/c0ffee", "blob/master/README.md", "compare/a...b")
WRAPPED = ("{}", "see {}.", "[there]({})", "<{}>", '<a href="{}">x</a>')


WAYS = tuple(zip(product(PRIVATE, LEAVES), cycle(product(WRAPPED, (str, str.upper))), cycle(BELOW), strict=False))


@pytest.mark.parametrize(("where", "how", "below"), WAYS, ids=str)
def test_the_guard_refuses_a_private_address_wherever_it_stands(
    where: tuple[str, type], how: tuple[str, Callable[[str], str]], below: str
) -> None:
    (place, kind), (wrapped, spelled) = where, how
    scene, effect = next((one, effect) for one, effect in leaving() if isinstance(effect.action, kind))
    late = replace(scene, now=DUE + timedelta(days=1))
    [refusal] = guarded([_with(effect, wrapped.format(spelled(f"{place}/-/{below}")))], late).refusals
    assert "an address in a project that only members can read" in refusal.what
    assert place not in refusal.what
    assert not guarded([_with(effect, wrapped.format(CANONICAL))], late).refusals


def _with(effect: Effect, words: str) -> Effect:
    action: Any = effect.action
    if isinstance(action, OpenMergeRequest):
        [(path, text), *_] = action.files
        return replace(effect, action=replace(action, files=((path, f"{text}\n{words}\n"),)))
    if isinstance(action, PublishRecord):
        return replace(
            effect, action=replace(action, record=action.record.replace("An attacker", f"{words} An attacker"))
        )
    field = "eml" if isinstance(action, SendMail) else "text"
    return replace(effect, action=replace(action, **{field: f"{getattr(action, field)}\n{words}\n"}))
