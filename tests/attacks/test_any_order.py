"""Twenty commands of five people in any order, while the world changes, reveal nothing and do nothing twice.

Two of the five are strangers, and one is the author under another spelling. What is drawn is the same every time.
"""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from secrel.desk.authors import name_author
from secrel.desk.carrying_out import carry_out_approved, carry_out_quiet
from secrel.desk.claiming import claim
from secrel.desk.fixing import complete_fix, link_fix, release_notes, remove_fix
from secrel.desk.handing_over import hand_over
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.desk.proposing import propose
from secrel.desk.releasing import move_release
from secrel.desk.rotation import switch
from secrel.evaluate.people import reviews_of
from secrel.journal.entries import Remembered, in_doubt
from secrel.papers.email.current import email_now
from secrel.papers.post import Author
from secrel.words.errors import SecrelError
from secrel.words.facts.stated import FixFacts
from secrel.words.forge import State
from tests.desk.stage import DUE, NAME, NOTEBOOKS, TOKENS, Stage, a_stage

MEMBERS = ("bjorn", "chidi")
STRANGERS = ("mallory", "\u0430mara")
PEOPLE = (*MEMBERS, "@AMARA", *STRANGERS)
SECRETS = ("Stored script in notebooks", "Tokens in the log files", "finder-one", "reports.example", "CVE-2026-1111")
GATES = ("timing-agreed", "draft-reviewed", "no-late-fix", "merge-requests-ready", "fixes-in-tags", "cve-assigned")
NEVER = ("reports.example",)


@dataclass
class Play:
    """A release, what is drawn, and what was refused."""

    stage: Stage
    dice: random.Random
    said: list[str] = field(default_factory=list)
    due: list[object] = field(default_factory=list)

    def fix(self) -> str:
        return self.dice.choice((NOTEBOOKS, TOKENS))

    def command(self) -> None:
        who, name = self.dice.choice(PEOPLE), self.dice.choice(sorted(COMMANDS))
        before = self.stands() if who in STRANGERS else ()
        try:
            COMMANDS[name](self, who)
            self.said.append(f"{who}: {name}")
        except SecrelError as fault:
            self.said.append(f"{who}: {name}: {fault}")
        if who in STRANGERS:
            assert self.stands() == before, f"{who} changed something: {name}"

    def stands(self) -> tuple[object, ...]:
        journal = self.stage.desk().journal.entries()
        return (len(journal), *(path.read_bytes() for path in self.stage.files(".")))

    def world(self) -> None:
        name = self.dice.choice(sorted(CHANGES))
        self.said.append(f"world: {name}")
        CHANGES[name](self)


def approve(play: Play, who: str) -> None:
    desk = play.stage.desk(who)
    carry_out_approved(desk, NAME, read=propose(desk, look(desk, NAME)).loud.digest)


def complete(play: Play, who: str) -> None:
    edition = play.dice.choice(("CE", "EE"))
    complete_fix(play.stage.desk(who), NAME, play.fix(), FixFacts(edition=edition), ("edition",))


def move(play: Play, who: str) -> None:
    due = play.stage.at + timedelta(hours=play.dice.choice((1, 30, 300)))
    move_release(play.stage.desk(who), NAME, due=due.isoformat())


def mail(play: Play, who: str) -> None:
    desk = play.stage.desk(who)
    verify_mail(desk, NAME, email_now(look(desk, NAME)).eml.encode())


def author(play: Play, who: str) -> None:
    named = play.dice.choice(("bjorn", "chidi", "dewi", "mallory"))
    name_author(play.stage.desk(who), NAME, Author(named.title(), f"{named}@vendor.example", named))


COMMANDS: dict[str, Callable[[Play, str], object]] = {
    "apply": lambda play, who: carry_out_quiet(play.stage.desk(who), NAME),
    "approve": approve,
    "approve again": approve,
    "claim": lambda play, who: claim(play.stage.desk(who), NAME, play.dice.choice(GATES), "so it is"),
    "waive": lambda play, who: claim(play.stage.desk(who), NAME, play.dice.choice(GATES), "all is well", waives=True),
    "complete": complete,
    "remove": lambda play, who: remove_fix(play.stage.desk(who), NAME, play.fix(), "not ready"),
    "link": lambda play, who: link_fix(play.stage.desk(who), NAME, play.fix()),
    "notes": lambda play, who: release_notes(play.stage.desk(who), NAME, play.fix(), "read"),
    "hand over": lambda play, who: hand_over(play.stage.desk(who), NAME, (), send=True),
    "mail": mail,
    "move": move,
    "author": author,
    "swap": lambda play, who: switch(play.stage.desk(who), NAME, play.dice.choice(("amara", "bjorn"))),
}


def time(play: Play) -> None:
    play.stage.at += timedelta(hours=play.dice.choice((1, 5, 20, 40, 800)))


def review(play: Play) -> None:
    by = play.dice.choice(("bjorn", "chidi", "amara", "mallory", "\u0430mara"))
    play.stage.forge.people.approve(play.stage.request("post/draft").ref, by, play.stage.at, "appsec")


def publish(play: Play) -> None:
    marks = ("checklist", "comms", f"cve/request/{NOTEBOOKS}", "tracking")
    found = [play.stage.forge.people.issue_made(f"{NAME}/{mark}") for mark in marks]
    ref = play.dice.choice([issue.ref for issue in found if issue is not None])
    play.stage.forge.people.set_confidential(ref, confidential=play.dice.random() < 0.5)


def close(play: Play) -> None:
    ref = play.stage.request("post/draft").ref
    (play.stage.forge.people.close if play.dice.random() < 0.5 else play.stage.forge.people.reopen)(ref)


def merge(play: Play) -> None:
    post = play.stage.forge.people.merge_request_made(f"{NAME}/post/release")
    if post is not None and post.state is State.OPENED:
        play.stage.forge.people.merge(post.ref, "release-managers", play.stage.at)


CHANGES: dict[str, Callable[[Play], None]] = {
    "time": time,
    "time again": time,
    "review": review,
    "publish": publish,
    "close": close,
    "merge": merge,
}


def public_texts(folder: Path) -> str:
    """Everything that outsiders can read in the public repository."""
    told = subprocess.run(
        ["git", "-C", str(folder), "log", "--all", "-p", "--format=%B"], capture_output=True, check=True
    ).stdout
    return told.decode("utf-8", "replace")


def check(play: Play) -> None:
    """Nothing embargoed is outside before its time, nothing is announced unread, and nothing was done twice."""
    stage, desk = play.stage, play.stage.desk()
    seen = look(desk, NAME).snapshot
    outside = public_texts(stage.folder / "public.git")
    sent = [*stage.files("mail"), *stage.files("cve"), *stage.files("reporters")]
    if stage.at < seen.release.due and not play.due:
        assert not [secret for secret in SECRETS if secret in outside], play.said
        assert sent == [], play.said
    if sent or any(secret in outside for secret in SECRETS):
        play.due.append(seen.release.due)  # what is out stays out, when the release moves afterwards
    assert not [secret for secret in NEVER if secret in outside]
    entries = desk.journal.entries(NAME)
    done = Counter(entry.key for entry in entries if entry.kind is Remembered.RECEIPT)
    assert [key for key, count in done.items() if count > 1] == []
    assert in_doubt(entries) == []
    if f"{NAME}/post/release" in done:
        waived = any(claim.gate == "draft-reviewed" and claim.waives for claim in seen.claims)
        draft = stage.request("post/draft")
        assert waived or reviews_of(draft, seen, desk.process), play.said
    for claimed in seen.claims:
        assert claimed.by not in STRANGERS
        assert not (claimed.waives and claimed.gate == "draft-reviewed" and claimed.by == "amara")
    for ref in (NOTEBOOKS, TOKENS):
        issue = stage.forge.people.issues([ref])[ref]
        if not issue.confidential:
            assert not [secret for secret in NEVER if secret in f"{issue.body}{issue.facts.table}"]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 12))])
def test_any_order_reveals_nothing_and_does_nothing_twice(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with a_stage(dice.choice(("drafted", "ready")), tmp_path / "desk") as stage:
        stage.at = max(stage.at, DUE - timedelta(hours=dice.choice((1, 60))))
        play = Play(stage, dice)
        for _ in range(20):
            play.world()
            play.command()
            check(play)
