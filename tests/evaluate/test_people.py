"""Whose role is what in one release: authors under every name they had, and who may review."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from secrel.evaluate.people import (
    Subject,
    authors_of,
    renewed_at,
    reviewers_of,
    reviews_of,
    roles_in,
    still_about,
    subject_of,
)
from secrel.evaluate.registry import shipped
from secrel.process.roles import Roles
from secrel.words.errors import NotSeen
from secrel.words.forge import Assent
from secrel.words.parts import Unseen
from secrel.words.people import NOBODY, POST_AUTHOR, Duty, actor_of, handle_of, member
from tests.builders import (
    DUE,
    a_claim,
    a_draft,
    a_duty,
    a_fix,
    a_live_post,
    a_person,
    a_snapshot,
    a_team,
    receipts,
    seen,
)

PROCESS = shipped("gitlab")
NAMED = a_claim(POST_AUTHOR, "amara", about="dewi", at=DUE - timedelta(days=3))
BEFORE, AFTER = receipts("/post/draft", at=DUE - timedelta(days=4)), receipts("/post/draft", at=DUE - timedelta(days=2))
DRAFT = seen(a_draft(author="desk"))


def test_the_primary_is_the_author_unless_somebody_was_named_before_the_draft_was_there() -> None:
    assert authors_of(a_snapshot(draft=DRAFT)) == {"amara", "desk"}
    assert authors_of(a_snapshot(draft=DRAFT, claims=(NAMED,), receipts=AFTER)) == {"dewi", "desk"}
    assert authors_of(a_snapshot(draft=DRAFT, claims=(NAMED,), receipts=BEFORE)) == {"amara", "dewi", "desk"}
    assert authors_of(a_snapshot(draft=DRAFT, claims=(NAMED,))) == {"amara", "dewi", "desk"}, "nobody knows since when"
    assert authors_of(a_snapshot(draft=seen(None), claims=(NAMED,))) == {"dewi"}
    assert authors_of(a_snapshot(draft=seen(None), duty=None)) == frozenset()


def test_roles_follow_from_the_team_and_from_the_release() -> None:
    snapshot = a_snapshot(draft=DRAFT)
    assert roles_in(snapshot, "@AMARA", {"appsec"}) == {"appsec", "primary", "author"}
    assert roles_in(snapshot, "bjorn", {"appsec"}) == {"appsec", "secondary"}
    assert roles_in(snapshot, "amara", ()) == frozenset(), "a stranger, whatever the release says"
    assert roles_in(a_snapshot(duty=None, draft=seen(None)), "amara", {"x"}) == {"x"}


SPELLED = ("AMARA", "@amara", "\uff41mara", "amara ", "desk", "mallory", "\u0430mara", "release-managers")


@pytest.mark.parametrize("by", SPELLED)
def test_neither_authors_in_any_spelling_nor_strangers_review(by: str) -> None:
    draft = a_draft(author="desk", assents=(Assent(by, DUE), Assent("Bjorn", DUE)))
    assert [assent.by for assent in reviews_of(draft, a_snapshot(draft=seen(draft)), PROCESS)] == ["Bjorn"]


@pytest.mark.parametrize(
    "opened_by",
    [
        "bjorn",
        "BJORN",
        "@Bjorn",
        "bj\u043ern",
        "bj0rn",
        "bjom",
        "bjorn@acme.test",
        "Bjorn <bjorn@acme.test>",
        "bjorn@home.test",
    ],
)
def test_whoever_opened_the_draft_is_no_reviewer_however_the_forge_spells_them(opened_by: str) -> None:
    draft = a_draft(author=opened_by, assents=(Assent("bjorn", DUE), Assent("dewi", DUE)))
    assert [assent.by for assent in reviews_of(draft, a_snapshot(draft=seen(draft)), PROCESS)] == ["dewi"]


def test_a_review_is_of_somebody_whose_role_may_review() -> None:
    people = (a_person("amara"), a_person("erin", roles=frozenset({"communications"})), a_person("dewi"))
    draft = a_draft(assents=(Assent("erin", DUE), Assent("dewi", DUE)))
    snapshot = a_snapshot(draft=seen(draft), people=people, duty=a_duty("amara", ""))
    assert [assent.by for assent in reviews_of(draft, snapshot, PROCESS)] == ["dewi"]
    other = structs.replace(PROCESS, roles=Roles(review=("communications",)))
    assert [assent.by for assent in reviews_of(draft, snapshot, other)] == ["erin"]


@pytest.mark.parametrize("duty", [a_duty(), a_duty("dewi", "chidi"), a_duty("bjorn", ""), None])
def test_whoever_may_review_is_named_those_on_duty_first(duty: Duty | None) -> None:
    snapshot = a_snapshot(duty=duty, draft=seen(None))
    may = reviewers_of(snapshot, PROCESS)
    assert sorted(may) == sorted({"amara", "bjorn", "chidi", "dewi"} - authors_of(snapshot))
    assert may[:1] == ((duty.secondary,) if duty and duty.secondary else may[:1])


FACTS = ("fixes", "due", "versions")


@given(st.sets(st.integers(1, 5), min_size=1), st.sets(st.integers(1, 5), min_size=1), st.permutations(FACTS))
def test_what_was_said_of_several_fixes_holds_for_those_that_are_left(
    was: set[int], now: set[int], facts: list[Subject]
) -> None:
    said = a_claim("estimate-given", "farid", about=subject_of(a_snapshot([a_fix(one) for one in was]), facts))
    left = a_snapshot([a_fix(one) for one in now])
    assert still_about(said, left, facts) == (now <= was)
    moved = structs.replace(left, release=structs.replace(left.release, due=DUE + timedelta(days=1)))
    assert not still_about(said, moved, facts)
    assert not still_about(said, left, facts[:1])


def test_somebody_acts_under_the_teams_spelling_and_a_stranger_without_roles() -> None:
    assert actor_of(a_team(), "@Amara") == actor_of(a_team(), "amara")
    assert actor_of(a_team(), "Amara").username == "amara"
    assert actor_of(a_team(), "amara").roles == {"appsec"}
    assert actor_of(a_team(), "mallory").roles == frozenset()
    assert member(a_team(), NOBODY.username) is None


@given(st.text(max_size=20))
def test_a_handle_is_compared_by_one_form(text: str) -> None:
    assert handle_of(handle_of(text)) == handle_of(text) or handle_of(text).startswith("@")
    assert handle_of(text.upper()) == handle_of(text.upper().lower().upper())


@pytest.mark.parametrize(
    ("keys", "when"),
    [
        ((), None),
        (("/facts/acme/app#1/1",), 5),
        (("/cve/update/acme/app#1/1",), 5),
        (("/comms/edit/2",), 5),
        (("/post/correction",), 5),
        (("/checklist/edit/9", "/email"), None),
    ],
)
def test_facts_of_an_announced_release_changed_when_somebody_or_the_desk_wrote_so(
    keys: tuple[str, ...], when: int | None
) -> None:
    live = DUE + timedelta(hours=1)
    before = receipts("/facts/acme/app#1/7", "/comms/edit/1", at=DUE - timedelta(days=3))
    made = {**before, **receipts(*keys, at=DUE + timedelta(days=5))}
    announced = a_snapshot(post=seen(a_live_post(live)), receipts=made)
    assert renewed_at(announced) == (when and DUE + timedelta(days=when))
    assert renewed_at(a_snapshot(receipts=made)) is None, "before it, due rules count from the day"
    with pytest.raises(NotSeen):
        renewed_at(a_snapshot(post=Unseen("no answer"), receipts=made))
