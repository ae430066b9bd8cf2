"""Twenty commands of five people in any order, while the world changes, reveal nothing and do nothing twice.

Four of the names are strangers, and two are the author in other spellings. What is drawn is the same every time.
"""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, get_args

import pytest
from msgspec.structs import replace

from secrel.desk.authors import name_author
from secrel.desk.cancelling import cancel_release
from secrel.desk.carrying_out import carry_out_approved, carry_out_free, settle
from secrel.desk.claiming import claim, deny
from secrel.desk.desk import Desk
from secrel.desk.fixing import add_fix, complete_fix, link_fix, release_notes, remove_fix, reword_fix
from secrel.desk.handing_over import hand_over
from secrel.desk.joining import join_releases, split_release
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.desk.ordering import adopt
from secrel.desk.proposing import propose
from secrel.desk.releasing import move_release
from secrel.desk.rotation import switch
from secrel.desk.sending import say_sent
from secrel.desk.starting import start
from secrel.evaluate.people import authors_of, reviews_of
from secrel.journal.entries import Entry, Remembered, in_doubt
from secrel.observe.observing import tracking_rule
from secrel.observe.release_file import FixEntry, read_release_file
from secrel.papers.email.current import email_now
from secrel.papers.post.written import Author
from secrel.plan.making import CORRECTED
from secrel.ports.forge import Writer
from secrel.words.effects import SENT_KINDS, Action, Effect
from secrel.words.errors import SecrelError
from secrel.words.facts.stated import FixFacts
from secrel.words.forge import Issue, State
from secrel.words.outcomes import CannotTell, Made, NotMade, first_key
from secrel.words.parts import need
from secrel.words.people import SENT, Actor, handle_of
from tests.apply.world import Unplugged
from tests.builders import notes_of
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, RELEASE, TOKENS, Stage, a_stage

HALF = 0.5
SELDOM = 0.02
AGAIN = "Please tag again what is wrong"
"""What is in a note that is said every four hours while it lasts."""
MEMBERS = ("bjorn", "chidi")
STRANGERS = ("mallory", "\u0430mara", "amara@vendor.example", "bj\u200born")
PEOPLE = (*MEMBERS, *MEMBERS, "@AMARA", "\uff41\uff4d\uff41\uff52\uff41 ", *STRANGERS)
TITLES = {NOTEBOOKS: "Script that a notebook keeps", TOKENS: "Workers write down who they are"}
"""What the flaws are called once somebody finds better words."""
SECRETS = (
    *("Stored script in notebooks", "Tokens in the log files", "finder-one", "reports.example", "CVE-2026-1111"),
    *TITLES.values(),
)
OTHER = "2026-12"
NEXT = (
    RELEASE[: RELEASE.index("fixes:")]
    .replace(f"release: {NAME}", f"release: {OTHER}")
    .replace(DUE.isoformat(), (DUE + timedelta(days=21)).isoformat())
    .replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
)
GATES = ("timing-agreed", "draft-reviewed", "no-late-fix", "merge-requests-ready", "fixes-in-tags", "cve-assigned")
NEVER = ("reports.example",)


@dataclass
class CutOff:
    """Counts effects down, and cuts the desk off before or after the last of them."""

    left: int
    before: bool

    def of(self, writer: Writer) -> Writer:
        """Give a writer that does what this one does, until then."""
        return Counting(self, writer)


@dataclass
class Counting:
    """One writer of a desk that will be cut off."""

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(Action))
    cut: CutOff
    writer: Writer

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Ask the other."""
        return self.writer.find(effect, begun=begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Let the other do it, and count."""
        self.cut.left -= 1
        if self.cut.left:
            return self.writer.do(effect, actor=actor)
        if not self.cut.before:
            self.writer.do(effect, actor=actor)
        raise Unplugged


@dataclass
class Play:
    """A release, what is drawn, and what was refused."""

    stage: Stage
    dice: random.Random
    said: list[str] = field(default_factory=list)
    due: list[object] = field(default_factory=list)
    shown: dict[str, set[str]] = field(default_factory=dict)
    is_announced: bool = False
    cut_at: int = 0

    def desk(self, who: str) -> Desk:
        """The desk with somebody at it; it is cut off at one of its next effects, if that was drawn."""
        desk = self.stage.desk(who)
        if not self.cut_at:
            return desk
        cut = CutOff(self.cut_at, before=self.dice.random() < HALF)
        return replace(desk, writers={kind: cut.of(writer) for kind, writer in desk.writers.items()})

    def fix(self) -> str:
        return self.dice.choice((NOTEBOOKS, TOKENS))

    def command(self) -> None:
        who, name = self.dice.choice(PEOPLE), self.dice.choice(sorted(COMMANDS))
        name = "end" if self.dice.random() < SELDOM else name
        before = self.stands() if who in STRANGERS else ()
        self.cut_at = self.dice.choice((0, 0, 0, 1, 2))
        try:
            (COMMANDS | {"end": end})[name](self, who)
            self.said.append(f"{who}: {name}")
        except Unplugged:
            self.said.append(f"{who}: {name}: cut off")
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
    desk = play.desk(who)
    carry_out_approved(desk, NAME, read=propose(desk, look(desk, NAME)).to_approve.digest)


def complete(play: Play, who: str) -> None:
    edition = play.dice.choice(("CE", "EE"))
    complete_fix(play.desk(who), NAME, play.fix(), FixFacts(edition=edition), ("edition",))


def move(play: Play, who: str) -> None:
    due = play.stage.at + timedelta(hours=play.dice.choice((1, 30, 300)))
    move_release(play.desk(who), NAME, due=due.isoformat())


def mail(play: Play, who: str) -> None:
    desk = play.desk(who)
    verify_mail(desk, NAME, email_now(look(desk, NAME)).eml.encode())


def author(play: Play, who: str) -> None:
    named = play.dice.choice(("bjorn", "chidi", "dewi", "mallory"))
    name_author(play.desk(who), NAME, Author(named.title(), f"{named}@vendor.example", named))


def add(play: Play, who: str) -> None:
    add_fix(play.desk(who), NAME, FixEntry(f"late-{play.dice.randint(1, 2)}", FixFacts(title="Late"), (), ()))


def settle_one(play: Play, who: str) -> None:
    for intent in in_doubt(play.stage.desk().journal.entries(NAME)):
        settle(play.desk(who), NAME, intent.key, happened=intent.key in marks(play))


def end(play: Play, who: str) -> None:
    """Cancel a release, or join it with the next one: seldom, since little can happen afterwards."""
    if play.dice.random() < HALF * HALF:
        cancel_release(play.desk(who), OTHER, "one is enough")
    elif play.dice.random() < HALF:
        cancel_release(play.desk(who), NAME, "not ready", gives_up=play.dice.random() < HALF)
    else:
        join_releases(play.desk(who), NAME, OTHER, "one is enough")


def split(play: Play, who: str) -> None:
    here, there = play.dice.sample((NAME, OTHER), 2)
    split_release(play.desk(who), here, there, (play.fix(),), "not ready")


def sent(play: Play, who: str) -> None:
    what = play.dice.choice(("notices", "records", "mail", "messages"))
    say_sent(play.desk(who), NAME, (what,), "by hand")


def reword(play: Play, who: str) -> None:
    fix = play.fix()
    old = play.stage.forge.people.issues([fix])[fix].facts.of(FixFacts).title
    reword_fix(play.desk(who), NAME, fix, old, TITLES[fix])


COMMANDS: dict[str, Callable[[Play, str], object]] = {
    "apply": lambda play, who: carry_out_free(play.desk(who), NAME),
    "approve": approve,
    "approve again": approve,
    "claim": lambda play, who: claim(play.desk(who), NAME, play.dice.choice(GATES), "so it is"),
    "waive": lambda play, who: claim(play.desk(who), NAME, play.dice.choice(GATES), "all is well", waives=True),
    "deny": lambda play, who: deny(play.desk(who), NAME, play.dice.choice(GATES), "it is not so"),
    "add": add,
    "adopt": lambda play, who: adopt(play.desk(who), NAME),
    "settle": settle_one,
    "complete": complete,
    "remove": lambda play, who: remove_fix(play.desk(who), NAME, play.fix(), "not ready"),
    "link": lambda play, who: link_fix(play.desk(who), NAME, play.fix()),
    "notes": lambda play, who: release_notes(play.desk(who), NAME, play.fix(), "read"),
    "hand over": lambda play, who: hand_over(play.desk(who), NAME, (), send=True),
    "mail": mail,
    "move": move,
    "author": author,
    "swap": lambda play, who: switch(play.desk(who), NAME, play.dice.choice(("amara", "bjorn"))),
    "split": split,
    "sent": sent,
    "sent again": sent,
    "reword": reword,
    "apply the other": lambda play, who: carry_out_free(play.desk(who), OTHER),
    "claim in the other": lambda play, who: claim(play.desk(who), OTHER, play.dice.choice(GATES), "so it is"),
    "waive in the other": lambda play, who: claim(
        play.desk(who), OTHER, play.dice.choice(GATES), "all is well", waives=True
    ),
    "move the other": lambda play, who: move_release(
        play.desk(who), OTHER, due=(play.stage.at + timedelta(hours=play.dice.choice((30, 900)))).isoformat()
    ),
    "add to the other": lambda play, who: add_fix(
        play.desk(who), OTHER, FixEntry(f"next-{play.dice.randint(1, 2)}", FixFacts(title="Next"), (), ())
    ),
    "take into the other": lambda play, who: link_fix(play.desk(who), OTHER, play.fix()),
    "remove from the other": lambda play, who: remove_fix(play.desk(who), OTHER, play.fix(), "not ready"),
    "hand over the other": lambda play, who: hand_over(play.desk(who), OTHER, (), send=True),
}


def time(play: Play) -> None:
    play.stage.at += timedelta(hours=play.dice.choice((1, 5, 20, 40, 800)))


def review(play: Play) -> None:
    by = play.dice.choice(("bjorn", "chidi", "amara", "mallory", "\u0430mara"))
    play.stage.forge.people.approve(play.stage.request("post/draft").ref, by, play.stage.at, "appsec")


def publish(play: Play) -> None:
    named = ("checklist", "comms", f"cve/request/{NOTEBOOKS}", "tracking", "fix/notebooks", "fix/tokens")
    found = [play.stage.forge.people.issue_made(f"{NAME}/{mark}") for mark in named]
    ref = play.dice.choice([issue.ref for issue in found if issue is not None])
    play.stage.forge.people.set_confidential(ref, confidential=play.dice.random() < HALF)
    issue = play.stage.forge.people.issues([ref])[ref]
    play.shown[ref] = secrets_in(text_of(issue))


def state(play: Play) -> None:
    ref = play.dice.choice(sorted(issue.ref for issue in play.stage.made().values()))
    (play.stage.forge.people.close if play.dice.random() < HALF else play.stage.forge.people.reopen)(ref)


def close(play: Play) -> None:
    ref = play.stage.request("post/draft").ref
    (play.stage.forge.people.close if play.dice.random() < HALF else play.stage.forge.people.reopen)(ref)


def merge(play: Play) -> None:
    post = play.stage.forge.people.merge_request_made(f"{NAME}/post/release")
    if post is not None and post.state is State.OPENED:
        play.stage.forge.people.merge(post.ref, "release-managers", play.stage.at)


def credit(play: Play) -> None:
    """Thank others, or the same ones in another order."""
    thanked = [{"name": f"finder-{name}", "report": f"https://reports.example/{name}"} for name in ("one", "two", "3")]
    chosen = play.dice.sample(thanked, play.dice.randint(1, 3))
    play.stage.write(NOTEBOOKS, {"credits": chosen})
    issue = play.stage.forge.people.issues([NOTEBOOKS])[NOTEBOOKS]
    if not issue.confidential:  # what people write where everybody can read it is not the desk's doing
        play.shown[NOTEBOOKS] = play.shown.get(NOTEBOOKS, set()) | secrets_in(text_of(issue))


def correct(play: Play) -> None:
    made = play.stage.forge.people.merge_request_made(f"{NAME}/post/correction")
    if made is not None and made.state is State.OPENED:
        play.stage.forge.people.merge(made.ref, "release-managers", play.stage.at)


def object_to(play: Play) -> None:
    draft = play.stage.request("post/draft").ref
    play.stage.forge.people.add_note(draft, "Do not publish", "dewi", play.stage.at, discussion=True)


CHANGES: dict[str, Callable[[Play], None]] = {
    "credit": credit,
    "correct": correct,
    "object": object_to,
    "time": time,
    "time again": time,
    "review": review,
    "publish": publish,
    "close": close,
    "state": state,
    "merge": merge,
}


def public_texts(folder: Path) -> str:
    """Everything that outsiders can read in the public repository."""
    told = subprocess.run(
        ["git", "-C", str(folder), "log", "--all", "-p", "--format=%B"], capture_output=True, check=True
    ).stdout
    return told.decode("utf-8", "replace")


def marks(play: Play) -> Mapping[str, str]:
    return need(play.stage.forge.marks(NAME, tracking_rule(PROCESS)), "what was made")


def text_of(issue: Issue) -> str:
    return "\n".join([issue.title, issue.body, str(issue.facts.table), *(note.body for note in notes_of(issue))])


def things(stage: Stage) -> Counter[str]:
    """Everything that desks made, with how often: notes by their whole text."""
    found: Counter[str] = Counter()
    for mark, issue in stage.made().items():
        found[f"issue {mark}"] += 1
        found.update(f"note {mark} {note.body}" for note in notes_of(issue) if AGAIN not in note.body)
    for fix in (NOTEBOOKS, TOKENS):
        found.update(f"request {fix} {one.target}" for one in stage.forge.people.related(fix))
    return found


def secrets_in(text: str) -> set[str]:
    return {secret for secret in SECRETS if secret in text}


def check_issues(play: Play, *, is_out: bool) -> None:
    """What a person made public shows nothing more than it did then; nothing else is public before its time."""
    for issue in play.stage.made().values():
        if not issue.confidential and not is_out:
            assert issue.ref in play.shown, f"{issue.mark} is public: {play.said}"
            assert secrets_in(text_of(issue)) <= play.shown[issue.ref], f"{issue.mark} shows more: {play.said}"


def check_sent(entries: list[Entry]) -> None:
    """What is to be sent waits for a word, and whoever has a notice hears again only that it was another."""
    begun: dict[str, Entry] = {}
    had: dict[object, set[str]] = {}
    for entry in entries:
        if entry.kind is Remembered.INTENT:
            begun[entry.key] = entry
        elif entry.kind is Remembered.RECEIPT and begun.get(entry.key, entry).body.get("kind") in SENT_KINDS:
            assert entry.body.get("prepared"), f"{entry.key} is taken as sent, and nobody has said so"
            told = begun[entry.key].whole()
            if told["kind"] == "TellReporter":
                about = (told["action"]["report"], first_key(entry.key).rpartition("/")[0])
                again = told["action"]["text"].startswith(CORRECTED)
                assert again == ("sent" in had.get(about, ())), f"{entry.key}: {had}"
                had.setdefault(about, set()).add(entry.key)
        elif entry.kind is Remembered.CLAIM and entry.key == SENT:
            for keys in had.values():
                keys.update({"sent"} if entry.body["about"] in keys else ())


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
    check_issues(play, is_out=bool(play.due))
    entries = desk.journal.entries(NAME)
    check_sent(entries)
    every = (*entries, *desk.journal.entries(OTHER))
    done = Counter(entry.key for entry in every if entry.kind is Remembered.RECEIPT)
    assert [key for key, count in done.items() if count > 1] == []
    assert desk.journal.unknown(list(marks(play))) == [], "nothing is there that was never begun"
    assert [what for what, count in things(stage).items() if count > 1] == [], play.said
    if f"{NAME}/post/release" in marks(play) and not play.is_announced:
        play.is_announced = True
        waived = [one.by for one in seen.claims if one.gate == "draft-reviewed" and one.waives]
        readers = [assent.by for assent in reviews_of(stage.request("post/draft"), seen, desk.process)]
        assert waived or readers, play.said
        barred = {*STRANGERS, "amara", *authors_of(seen)}
        assert not readers or not set(readers) <= barred, play.said
        assert readers or not set(map(handle_of, waived)) <= barred, f"another member has read it: {play.said}"
    for claimed in (*seen.claims, *look(desk, OTHER).snapshot.claims):
        assert claimed.by not in STRANGERS
        is_of_this = claimed.release == NAME
        assert not (is_of_this and claimed.waives and claimed.gate == "draft-reviewed" and claimed.by == "amara")
    for ref in (NOTEBOOKS, TOKENS):
        issue = stage.forge.people.issues([ref])[ref]
        if not issue.confidential and ref not in play.shown:
            assert not [secret for secret in NEVER if secret in f"{issue.body}{issue.facts.table}"]


SEEDS = [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in (*range(12), 5005) if seed != 3)]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_reveals_nothing_and_does_nothing_twice(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with a_stage(dice.choice(("drafted", "ready", "live")), tmp_path / "desk") as stage:
        stage.at = max(stage.at, DUE - timedelta(hours=dice.choice((1, 60))))
        start(stage.desk(), read_release_file(f"{NEXT}fixes: []\n", "next.yaml", PROCESS))
        play = Play(stage, dice)
        for _ in range(20):
            play.world()
            play.command()
            check(play)
        ends(play)


def ends(play: Play) -> None:
    """After the last command nothing stays in doubt without being said, and what is not in doubt is known."""
    desk = play.stage.desk("bjorn")
    if look(desk, NAME).snapshot.cancelled is not None:
        cancel_release(desk, NAME, "it is over")
    else:
        carried = carry_out_free(desk, NAME)
        assert [entry.key for entry in carried.doubts] == [entry.key for entry in in_doubt(desk.journal.entries(NAME))]
    left = in_doubt(desk.journal.entries(NAME))
    assert all(entry.body.get("blind") for entry in left), "the desk can look for everything else"
    check(play)
