"""Whoever is not in the team changes nothing: every public function of the desk is tried by a stranger and a member."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any

import pygit2
import pytest
from msgspec import structs
from msgspec.structs import replace

import secrel.desk
from secrel.desk.carrying_out import carry_out_approved, settle
from secrel.desk.claiming import claim, deny
from secrel.desk.desk import Desk
from secrel.desk.handing_over import hand_over
from secrel.desk.looking import look
from secrel.desk.ordering import Ordered
from secrel.desk.proposing import propose
from secrel.desk.starting import start
from secrel.evaluate.verdicts import Blocked, Waived
from secrel.journal.entries import Entry, Remembered
from secrel.observe.release_file import Branch, FixEntry, read_release_file
from secrel.papers.email.current import email_now
from secrel.papers.post.written import Author
from secrel.plan.plan import Plan
from secrel.process.roles import Act, Roles
from secrel.words.effects import Comment, Effect
from secrel.words.errors import Refused
from secrel.words.facts.stated import FixFacts
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, RELEASE, TOKENS, Stage

Function = Callable[..., Any]
NEXT = (
    RELEASE.replace(NAME, "2026-12")
    .replace(DUE.isoformat(), (DUE + timedelta(days=21)).isoformat())
    .replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
)
DOUBT = f"{NAME}/tell/somebody"
SAY = Effect(f"{NAME}/say/it", Comment(NOTEBOOKS, "something"), "say something")


def functions() -> dict[str, Function]:
    """Every public function of the room that is given the desk."""
    found: dict[str, Function] = {}
    for module in pkgutil.iter_modules(secrel.desk.__path__, "secrel.desk."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(thing) and thing.__module__ == module.name and not name.startswith("_"):
                first = next(iter(inspect.signature(thing).parameters.values()), None)
                if first is not None and first.annotation == "Desk":
                    found[name] = thing
    return found


FUNCTIONS = functions()
READERS = frozenset(
    {
        "look",
        "permit",
        "known_rotation",
        "planned_rotation",
        "candidates",
        "exported",
        "known_releases",
        "duty_of",
        "lacking",
    }
    | {"spelled", "fix_effects", "check_critical", "proved_ranges", "propose", "compared", "look_beyond"}
    | {"show", "changed_since", "lost", "held_before", "refuse_known", "refuse_lost", "refuse_vanished"}
    | {"plan_start", "opening_sheet", "adopted_tracking", "fixes_there", "alike", "made_since"}
    | {"show", "changed_since", "question_ids", "question_release", "question_versions", "question_words"}
)
"""What only looks: a new function has to be tried below, or to be named here by somebody who has read it."""


def loud(stage: Stage) -> str:
    return propose(stage.desk(), look(stage.desk(), NAME)).to_approve.digest


def mail(stage: Stage) -> bytes:
    return email_now(look(stage.desk(), NAME)).eml.encode()


def place(stage: Stage, leaving: str) -> tuple[str, str, str]:
    """An hour before it is due, dewi can take somebody's place."""
    stage.at = DUE - timedelta(hours=1)
    return NAME, leaving, "dewi"


def lose(stage: Stage) -> str:
    """Let the journal forget one thing that the forge has."""
    with closing(sqlite3.connect(stage.folder / "journal.db", isolation_level=None)) as db:
        db.execute("DELETE FROM entries WHERE key = ?", (f"{NAME}/checklist",))
    return NAME


def a_branch(stage: Stage) -> Branch:
    """A branch that nobody opened a merge request for."""
    repo = pygit2.Repository(str(stage.folder / "product.git"))
    repo.references.create("refs/heads/security-more", repo.references["refs/heads/main"].target)
    return Branch("security-more", "main")


def beside(stage: Stage, *given: Any) -> tuple[Any, ...]:
    """Another release is there, for what goes from this one to that."""
    start(stage.desk(), read_release_file(NEXT[: NEXT.index("fixes:")] + "fixes: []\n", "r.yaml", PROCESS))
    return (given[0], "2026-12", *given[1:], "one is enough")


def prepared(stage: Stage) -> tuple[str, list[str], str]:
    """A handover lies in the outbox."""
    hand_over(stage.desk("amara"), NAME, (), send=True)
    return NAME, ["messages"], "posted"


CLAIMED = "versions-free"


def denied(stage: Stage) -> tuple[str, str, str]:
    """Somebody has said no, which a yes takes back."""
    deny(stage.desk("bjorn"), NAME, CLAIMED, "we may need the number")
    return NAME, CLAIMED, "agreed"


TRIED: Mapping[str, Callable[[Stage], tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "add_fix": lambda _: ((NAME, FixEntry("late", FixFacts(title="Late"), (), ())), {}),
    "link_fix": lambda _: ((NAME, NOTEBOOKS), {}),
    "complete_fix": lambda _: ((NAME, NOTEBOOKS, FixFacts(edition="EE"), ("edition",)), {}),
    "reword_fix": lambda _: ((NAME, NOTEBOOKS, "notebook", "sheet"), {}),
    "track_branches": lambda stage: ((NAME, NOTEBOOKS, (a_branch(stage),)), {}),
    "label_fix": lambda stage: ((stage.forge.people, NAME, NOTEBOOKS, {"severity::2": True}), {}),
    "release_notes": lambda _: ((NAME, NOTEBOOKS, "I have read them"), {}),
    "remove_fix": lambda _: ((NAME, TOKENS, "it is not ready"), {}),
    "claim": lambda stage: (denied(stage), {}),
    "deny": lambda _: ((NAME, CLAIMED, "not now"), {}),
    "name_author": lambda _: ((NAME, Author("Dewi", "dewi@vendor.example", "dewi")), {}),
    "switch": lambda stage: (place(stage, "bjorn"), {}),
    "cancel_release": lambda _: ((NAME, "not ready"), {}),
    "join_releases": lambda stage: (beside(stage, NAME), {}),
    "split_release": lambda stage: (beside(stage, NAME, (TOKENS,)), {}),
    "move_release": lambda _: ((NAME,), {"due": (DUE + timedelta(days=2)).isoformat()}),
    "hand_over": lambda _: ((NAME, ()), {"send": True}),
    "verify_mail": lambda stage: ((NAME, mail(stage)), {}),
    "start": lambda _: ((read_release_file(NEXT, "release.yaml", PROCESS),), {}),
    "carry_out_free": lambda _: ((NAME,), {}),
    "carry_out_approved": lambda stage: ((NAME,), {"read": loud(stage)}),
    "say_sent": lambda stage: (prepared(stage), {}),
    "settle": lambda _: ((NAME, DOUBT), {"happened": True}),
    "enter": lambda _: ((NAME, Act.APPLY), {}),
    "order": lambda _: ((NAME, Act.ADD, lambda _: Ordered((SAY,))), {}),
    "adopt": lambda stage: ((lose(stage),), {}),
    "order_new": lambda _: ((Plan(NAME, (SAY,)),), {}),
}
STRANGERS = ("mallory", "\u0430mara", "cna", "release-managers", "desk")


def stands(stage: Stage) -> tuple[str, ...]:
    """Everything that a change would change: forge, journal and outbox, to the byte."""
    told: list[str] = []
    for file in ("forge.db", "journal.db"):
        with contextlib.closing(sqlite3.connect(stage.folder / file)) as db, db:
            told += db.iterdump()
    return (*told, *(f"{path}\n{path.read_text('utf-8')}" for path in stage.files(".")))


def test_every_function_of_the_desk_is_tried_or_only_looks() -> None:
    assert FUNCTIONS.keys() == TRIED.keys() | READERS
    assert not TRIED.keys() & READERS


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release on its day, with one effect of which nobody knows whether it happened, and something quiet to do."""
    stage = staged("ready")
    stage.at = DUE - timedelta(days=1)
    begun = {"kind": "Comment", "action": {"ref": NOTEBOOKS, "body": "x"}}
    stage.desk().journal.add(Entry(stage.at, NAME, Remembered.INTENT, DOUBT, "amara", begun))
    stage.at = DUE + timedelta(minutes=1)
    return stage


@pytest.mark.parametrize("name", sorted(TRIED))
def test_a_stranger_changes_nothing_and_a_member_does(stage: Stage, name: str) -> None:
    given, named = TRIED[name](stage)
    before = stands(stage)
    for stranger in STRANGERS:
        with pytest.raises(Refused, match="is not in the team"):
            FUNCTIONS[name](stage.desk(stranger), *given, **named)
        assert stands(stage) == before
    FUNCTIONS[name](stage.desk("bjorn"), *given, **named)
    assert stands(stage) != before


def bare(stage: Stage, by: str, **roles: tuple[str, ...]) -> Desk:
    """A desk whose process has other `[roles]`."""
    desk = stage.desk(by)
    return replace(desk, process=structs.replace(desk.process, roles=Roles(**roles)))


def test_the_process_says_whose_an_act_is(stage: Stage) -> None:
    said = denied(stage)
    with pytest.raises(Refused, match="dewi may not claim this gate: dewi is appsec") as told:
        claim(bare(stage, "dewi", claim=("primary",)), *said)
    assert told.value.where == f"{NAME}, {CLAIMED}"
    assert "primary" in told.value.remedy
    assert claim(bare(stage, "AMARA", claim=("primary",)), *said).by == "amara"
    with pytest.raises(Refused, match="may not settle what is in doubt"):
        settle(bare(stage, "bjorn", settle=("release-manager",)), NAME, DOUBT, happened=False)
    with pytest.raises(Refused, match="may not approve a plan"):
        carry_out_approved(bare(stage, "bjorn", approve=("primary",)), NAME, read=loud(stage))


@pytest.mark.parametrize("by", ["amara", "Amara", "@AMARA"])
def test_nobody_signs_an_exception_that_frees_themselves(stage: Stage, by: str) -> None:
    before = stands(stage)
    with pytest.raises(Refused, match="nobody frees themselves, and amara is author"):
        claim(stage.desk(by), NAME, "draft-reviewed", "I have read it", waives=True)
    assert stands(stage) == before
    FUNCTIONS["name_author"](stage.desk("amara"), NAME, Author("Dewi", "dewi@vendor.example", "dewi"))
    for author in (by, "dewi"):
        with pytest.raises(Refused, match="nobody frees themselves"):
            claim(stage.desk(author), NAME, "draft-reviewed", "somebody else wrote it", waives=True)
    assert claim(stage.desk("bjorn"), NAME, "draft-reviewed", "read on paper", waives=True).waives


def test_whoever_signed_an_exception_is_not_freed_by_it_when_they_are_the_author_later(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("drafted")
    stage.at = DUE - timedelta(hours=30)
    claim(stage.desk("bjorn"), NAME, "draft-reviewed", "read on paper", waives=True)
    assert isinstance(look(stage.desk(), NAME).assessment.by_name["draft-reviewed"].verdict, Waived)
    FUNCTIONS["name_author"](stage.desk("amara"), NAME, Author("Bjorn", "bjorn@vendor.example", "Bjorn"))
    stage.quiet()
    assert isinstance(look(stage.desk(), NAME).assessment.by_name["draft-reviewed"].verdict, Blocked)
    claim(stage.desk("chidi"), NAME, "draft-reviewed", "read on paper", waives=True)
    assert isinstance(look(stage.desk(), NAME).assessment.by_name["draft-reviewed"].verdict, Waived)


def test_an_author_may_keep_their_own_post_back(stage: Stage) -> None:
    with pytest.raises(Refused, match="nobody frees themselves, and amara is author"):
        claim(stage.desk("amara"), NAME, "draft-reviewed", "it is read")
    assert FUNCTIONS["deny"](stage.desk("amara"), NAME, "draft-reviewed", "a sentence is wrong").denies


def test_a_primary_who_leaves_stays_the_author_of_what_they_wrote(stage: Stage) -> None:
    FUNCTIONS["switch"](stage.desk("bjorn"), *place(stage, "amara"))
    with pytest.raises(Refused, match="nobody frees themselves, and amara is author"):
        claim(stage.desk("amara"), NAME, "draft-reviewed", "dewi is the Primary now", waives=True)


def test_only_members_who_may_write_it_are_authors(stage: Stage) -> None:
    with pytest.raises(Refused, match="'mallory' is nobody of the team who may write the post"):
        FUNCTIONS["name_author"](stage.desk("amara"), NAME, Author("M", "m@example.org", "mallory"))
