"""What people opened takes the place of what would be opened: shown, loud, and one of two only when it is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.papers.documents import PAPERS, disputes, sheet_of
from secrel.plan.adopting import adoptions
from secrel.plan.plan import Refusal
from secrel.plan.planning import plan_release
from secrel.snapshot.seen import Written
from secrel.words.candidates import Lookalike
from secrel.words.effects import Adopt, Effect, OpenIssue, OpenMergeRequest
from secrel.words.forge import Issue, MergeRequest
from secrel.words.heads import head_of
from secrel.words.parts import Part, Seen, Unseen
from tests.builders import NAME, REPOSITORY, a_draft, a_fix, an_issue, changed, receipts, seen
from tests.plan.scenes import a_scene, keys

FIX = f"{REPOSITORY}#1"
THEIRS: dict[str, tuple[str, Issue | MergeRequest, tuple[str, ...]]] = {
    "checklist": (f"{NAME}/checklist", an_issue(7, "acme/board", author="elif"), ("checklist",)),
    "comms": (f"{NAME}/comms", an_issue(8, "acme/comms", author="elif"), ("comms_issue",)),
    "draft": (f"{NAME}/post/draft", a_draft(mark="", author="elif"), ("draft_post",)),
    f"cve/{FIX}": (f"{NAME}/cve/request/{FIX}", an_issue(9, "acme/cves", author="elif"), ("cve_requests",)),
}


def alike(document: str, *found: Issue | MergeRequest, against: str = "") -> dict[str, Part[tuple[Lookalike, ...]]]:
    return {document: Seen(tuple(Lookalike(one, ("a link leads to it",), against) for one in found))}


def a_scene_with(there: dict[str, Part[tuple[Lookalike, ...]]]) -> Any:
    without = (changed(a_fix(1), cve_request=None), a_fix(2))
    return a_scene(fixes=without, alike=there)


@pytest.mark.parametrize("document", THEIRS)
def test_what_people_opened_is_taken_over_and_no_second_one_is_opened(document: str) -> None:
    key, theirs, works = THEIRS[document]
    scene = a_scene_with(alike(document, theirs))
    [effect] = adoptions(scene)
    assert isinstance(effect, Effect)
    assert (effect.key, effect.needs_approval, effect.reveals) == (key, True, False)
    assert isinstance(effect.action, Adopt)
    assert (effect.action.ref, effect.action.stood) == (theirs.ref, (theirs.title, theirs.body))
    sheet = sheet_of(document.partition("/")[0], scene, document.partition("/")[2])
    assert effect.action.desk_head == sheet.head
    assert effect.action.desk_text == "", "what people wrote themselves stays as it is"
    assert effect.summary.endswith(": a link leads to it")
    assert "by elif" in effect.summary
    for work in works:
        assert key not in keys(work, scene), "nothing is opened beside it"
        assert [one.key for one in plan_release(scene, works).to_approve.effects] == [key]
    assert [one.key for one in plan_release(scene).to_approve.effects if isinstance(one.action, Adopt)] == [key]
    assert not any(
        one.key == key for one in plan_release(scene).effects if isinstance(one.action, OpenIssue | OpenMergeRequest)
    )
    assert [one for one in plan_release(scene, ("handover",)).effects if isinstance(one.action, Adopt)] == []


def test_what_comes_of_the_same_template_is_merged_from_then_on() -> None:
    sheet = sheet_of("comms", a_scene(), "")
    theirs = an_issue(8, "acme/comms", body=f"From the bot\n{sheet.body}")
    [effect] = adoptions(a_scene(alike=alike("comms", theirs)))
    assert isinstance(effect, Effect)
    assert isinstance(effect.action, Adopt)
    assert effect.action.desk_text == sheet_of("comms", a_scene(alike=alike("comms", theirs)), "").body


WORDS = st.lists(st.sampled_from(["- [x] asked", "", "Please send it.", "TODO", "  ", "# Ours"]), max_size=6)
DESKS = st.lists(st.sampled_from(["## Steps", "", "- [ ] sent", "18.5.2", "18.5.3"]), max_size=6)


@given(WORDS, DESKS, DESKS, st.sampled_from(["cve", "comms", "tracking"]))
def test_below_what_people_wrote_the_desks_text_comes_once_and_follows_the_facts(
    words: list[str], desks: list[str], later: list[str], document: str
) -> None:
    theirs, now, then = (
        "\n".join(words),
        "\n".join(["## Here", *desks, "end\n"]),
        "\n".join(["## Here", *later, "end\n"]),
    )
    first = PAPERS[document].merge("", now, theirs)
    head = f"{theirs.rstrip()}\n\n" if theirs.strip() else ""
    assert (first.text, first.base) == (f"{head}{now}", now)
    assert PAPERS[document].merge(first.base, now, first.text).text == first.text
    second = PAPERS[document].merge(first.base, then, first.text)
    assert (second.text, second.conflicts) == (f"{head}{then}", ())


@given(WORDS, DESKS)
def test_a_post_that_people_wrote_gets_nothing_below_it(words: list[str], desks: list[str]) -> None:
    theirs = "\n".join(words)
    assert PAPERS["draft"].merge("", "\n".join(desks), theirs).text == theirs


def test_of_two_none_is_taken_until_one_is_named() -> None:
    one, other = an_issue(7, "acme/board", author="elif"), an_issue(8, "acme/board")
    scene = a_scene_with(alike("checklist", one, other))
    [held] = adoptions(scene)
    assert isinstance(held, Refusal)
    assert held.what.startswith(
        "2 could be the checklist issue: acme/board#7 (opened 2026-10-16 by elif) and acme/board#8"
    )
    assert "--adopt acme/board#7" in held.remedy
    assert f"{NAME}/checklist" not in keys("checklist", scene)
    for named in (other.ref, other.url):
        [effect] = adoptions(scene, None, [named])
        assert isinstance(effect, Effect)
        assert isinstance(effect.action, Adopt)
        assert effect.action.ref == other.ref


def test_what_cannot_be_taken_over_keeps_nothing_from_being_opened() -> None:
    scene = a_scene_with(alike("checklist", an_issue(7, "acme/board"), against="it is closed"))
    assert list(adoptions(scene)) == []
    assert f"{NAME}/checklist" in keys("checklist", scene)


def test_while_it_cannot_be_seen_what_people_opened_nothing_is_opened() -> None:
    scene = a_scene_with({"checklist": Unseen("the forge does not answer")})
    assert list(adoptions(scene)) == []
    assert keys("checklist", scene) == []


def test_what_was_taken_over_is_not_planned_again() -> None:
    theirs = an_issue(7, "acme/board")
    scene = a_scene_with(alike("checklist", theirs))
    with_it = a_scene(alike=alike("checklist", theirs), checklist=seen(theirs), receipts=receipts(f"{NAME}/checklist"))
    assert list(adoptions(with_it)) == []
    assert len(list(adoptions(scene))) == 1


@pytest.mark.parametrize("name", ["comms", "tracking"])
def test_a_document_without_the_desks_text_is_behind_though_nobody_touched_its_head(name: str) -> None:
    theirs = an_issue(7, body="Please send it.\n")
    parts: dict[str, Any] = {name: seen(theirs), "written": {name: Written("k", "", head_of(theirs))}}
    assert disputes(a_scene(**parts)) == {name: ("people wrote it, and what the desk adds is not in it yet",)}
