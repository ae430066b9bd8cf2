"""A plan: its digest, its parts, its approval (style 4.2, 4.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from secrel.plan.plan import Plan, Refusal, approve, in_order, refuse_to_go_on
from secrel.words.effects import Audience, Comment, Effect, OpenIssue, SendMail
from secrel.words.errors import Refused
from secrel.words.facts.stated import FixFacts, read_facts
from secrel.words.people import Approval
from tests.builders import DUE, NAME, NOW

OPEN = Effect(f"{NAME}/checklist", OpenIssue("p", "t", "b", facts=FixFacts(title="t", edition="CE")), "open it")
SAY = Effect(f"{NAME}/say", Comment("p#1", "hello"), "say it")
MAIL = Effect(
    f"{NAME}/email",
    SendMail("all@acme.test", "s", "eml"),
    "send",
    audience=Audience.EVERYBODY,
    findable=False,
    not_before=DUE,
)
WHOLE = Plan(NAME, (OPEN, MAIL, SAY), targets=("the forge",))


def test_the_digest_covers_every_byte_and_the_order() -> None:
    others = [
        replace(WHOLE, release="2026-12"),
        replace(WHOLE, targets=("another forge",)),
        replace(WHOLE, effects=(MAIL, OPEN, SAY)),
        replace(WHOLE, effects=(OPEN, MAIL)),
        replace(WHOLE, effects=(OPEN, replace(MAIL, not_before=DUE + timedelta(seconds=1)), SAY)),
        replace(WHOLE, effects=(OPEN, MAIL, replace(SAY, action=Comment("p#1", "hello ")))),
        replace(WHOLE, effects=(OPEN, MAIL, replace(SAY, summary="another"))),
        replace(WHOLE, effects=(replace(OPEN, action=OpenIssue("p", "t", "b", facts=FixFacts(title="t"))), MAIL, SAY)),
    ]
    digests = [WHOLE.digest, *(other.digest for other in others)]
    assert len(set(digests)) == len(digests)
    same = read_facts(FixFacts, {"edition": "CE", "title": "t"}).whole(FixFacts)
    again = replace(WHOLE, effects=(replace(OPEN, action=OpenIssue("p", "t", "b", facts=same)), MAIL, SAY))
    assert again.digest == WHOLE.digest
    assert len(WHOLE.digest) == 32


def test_it_has_a_quiet_and_a_loud_part_and_refusals_go_with_what_they_are_about() -> None:
    about_mail = Refusal("embargo", "too early", (MAIL.key,))
    about_note = Refusal("order", "not yet", (SAY.key,))
    about_all = Refusal("order", "nothing is open", ())
    plan = replace(WHOLE, refusals=(about_mail, about_note, about_all), authors=frozenset({"amara"}))
    assert plan.free == Plan(NAME, (OPEN, SAY), (about_note, about_all), plan.targets, frozenset({"amara"}))
    assert plan.to_approve == Plan(NAME, (MAIL,), (about_mail, about_all), plan.targets, frozenset({"amara"}))
    assert (plan.needs_approval, plan.free.needs_approval, plan.to_approve.needs_approval) == (True, False, True)


def test_what_is_left_is_the_loud_part_or_why_there_is_none() -> None:
    held = Refusal("facts", "a fact is missing", (f"{NAME}/cve/publish/CVE-2026-0001",))
    about_note = Refusal("order", "not yet", (SAY.key,))
    assert replace(WHOLE, refusals=(held, about_note)).left == replace(WHOLE.to_approve, held=(held,))
    quiet = replace(WHOLE, effects=(OPEN, SAY), refusals=(held, about_note))
    assert quiet.left == Plan(NAME, (), (held,), quiet.targets)
    assert replace(WHOLE, effects=(OPEN,)).left == Plan(NAME, (), (), WHOLE.targets)


def test_every_refusal_is_told_by_a_part_or_held_beside_it() -> None:
    """What is refused and concerns nothing that is planned was told by no part: the plan refused without a word."""
    about = [Refusal("order", str(keys), keys) for keys in ((), (SAY.key,), (MAIL.key,), ("elsewhere",), ("a", "b"))]
    for count in range(len(about) + 1):
        plan = replace(WHOLE, refusals=tuple(about[:count]))
        for part in (plan.free, plan.to_approve, plan.to_approve.free, plan.left):
            assert set(part.held) == {one for one in plan.refusals if one.keys in (("elsewhere",), ("a", "b"))}
        told = {one for part in (plan.free, plan.to_approve) for one in (*part.refusals, *part.held)}
        assert told == set(plan.refusals)


def test_an_approval_is_of_exactly_what_was_read() -> None:
    assert approve(WHOLE, read=WHOLE.digest, by="bjorn", at=NOW) == Approval(NAME, WHOLE.digest, "bjorn", NOW)
    for read in ("", WHOLE.digest[:-1], WHOLE.digest.upper() if WHOLE.digest.upper() != WHOLE.digest else "x"):
        with pytest.raises(Refused, match=f"it is now {WHOLE.digest}"):
            approve(WHOLE, read=read, by="bjorn", at=NOW)


def test_a_refused_digest_says_what_changed() -> None:
    with pytest.raises(
        Refused, match=rf"you read the plan {'0' * 32}, and it is now {WHOLE.digest}: the email is new$"
    ):
        approve(WHOLE, read="0" * 40, by="bjorn", at=NOW, changed="the email is new")


@pytest.mark.parametrize("by", ["amara", ""])
def test_nobody_and_the_only_author_approve_nothing(by: str) -> None:
    plan = replace(WHOLE, authors=frozenset({"amara"}))
    with pytest.raises(Refused, match="cannot approve this plan alone") as told:
        approve(plan, read=plan.digest, by=by, at=NOW)
    assert told.value.where == NAME
    assert approve(plan, read=plan.digest, by="bjorn", at=NOW).by == "bjorn"


def test_a_plan_that_refuses_itself_says_the_first_reason_and_how_many_more() -> None:
    refuse_to_go_on(WHOLE)
    one = Refusal("embargo", "too early", (), "wait")
    with pytest.raises(Refused, match=r"^2026-11: embargo: too early$") as told:
        refuse_to_go_on(replace(WHOLE, refusals=(one,)))
    assert told.value.remedy == "wait"
    with pytest.raises(Refused, match=r"too early \(and 2 more\)"):
        approve(replace(WHOLE, refusals=(one, one, one)), read=WHOLE.digest, by="bjorn", at=NOW)


def test_what_is_done_and_what_stands_twice_is_left_out() -> None:
    other = replace(OPEN, summary="again")
    assert in_order([OPEN, SAY, other, MAIL], frozenset({SAY.key})) == (OPEN, MAIL)
