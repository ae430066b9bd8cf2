"""The people at the desk of a rehearsal: they press the desk's own buttons, do what it tells them, and no more.

Nobody here knows the story. Somebody who is at work looks at the release, carries out what is quiet, approves what the
plan says needs an approval, runs the commands that blocked gates name, and reviews what they are asked to review.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from secrel.desk.carrying_out import Carried, Memory, carry_out_approved, carry_out_quiet
from secrel.desk.claiming import claim
from secrel.desk.desk import Desk
from secrel.desk.fixing import remove_fix
from secrel.desk.mailing import verify_mail
from secrel.desk.rotation import switch
from secrel.desk.starting import start
from secrel.evaluate.verdicts import Blocked, Judged
from secrel.observe.release_file import ReleaseFile
from secrel.rehearsal.stage import Stage
from secrel.roster.presence import is_present, why_off
from secrel.roster.zones import zone_named
from secrel.snapshot.seen import Seen, Snapshot
from secrel.words.errors import SecrelError

_RELEASE_DAY = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Press:
    """One thing that a person did: when, who, and what, as they would have typed or clicked it."""

    at: datetime
    by: str
    what: str


@dataclass
class Crew:
    """Primary and Secondary of one rehearsal, and what they did."""

    stage: Stage
    presses: list[Press] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    memory: Memory = field(default_factory=Memory)

    def _press(self, by: str, what: str) -> None:
        self.presses.append(Press(self.stage.clock(), by, what))

    def begin(self, by: str, file: ReleaseFile) -> None:
        """Start the release."""
        self._press(by, f"secrel start {file.release.name} --from release.yaml")
        start(self.stage.desk(by), file)

    def work(self) -> Carried:
        """Look once, and do what there is to do now."""
        name, now = self.stage.story.release.name, self.stage.clock()
        carried = carry_out_quiet(self.stage.desk("clockwork"), name, memory=self.memory)
        for person in self._at_work(carried.look.snapshot, now):
            desk = self.stage.desk(person)
            acted = [
                *self._review(person, carried.look.assessment.gates, carried.look.snapshot),
                *self._verify_mail(desk, carried.look.assessment.gates),
                *self._run_remedies(desk, carried.look.assessment.gates),
                *self._approve(desk, carried),
            ]
            if any(acted):
                carried = carry_out_quiet(self.stage.desk("clockwork"), name, memory=self.memory)
        return carried

    def _at_work(self, snapshot: Snapshot, now: datetime) -> list[str]:
        """Who is there: at work by their own clock, or around the release itself whenever they are not away."""
        duty, due = snapshot.duty, snapshot.release.due
        is_the_day = due - _RELEASE_DAY <= now <= due + _RELEASE_DAY
        there: list[str] = []
        for username in (duty.primary, duty.secondary) if duty else ():
            person = snapshot.person(username)
            if person is None:
                continue
            is_away = why_off(person, now.astimezone(zone_named(person.zone)).date()) is not None
            if is_present(person, now) or (is_the_day and not is_away):
                there.append(username)
        return there

    def _review(self, by: str, gates: tuple[Judged, ...], snapshot: Snapshot) -> Iterator[bool]:
        """Approve the draft on the forge, when a gate waits for a review and this person is asked for it."""
        draft = snapshot.draft.value if isinstance(snapshot.draft, Seen) else None
        waits = any(g.gate.check == "draft_reviewed" and isinstance(g.verdict, Blocked) for g in gates)
        if draft is not None and waits and by != draft.author and snapshot.duty and by != snapshot.duty.primary:
            self._press(by, f"read the draft post and approve {draft.ref}")
            self.stage.forge.people.approve(draft.ref, by, self.stage.clock(), "appsec")
            yield True

    def _verify_mail(self, desk: Desk, gates: tuple[Judged, ...]) -> Iterator[bool]:
        """Hand in a test mail that has arrived, when a gate waits for it."""
        waits = any(g.gate.check == "test_email_right" and isinstance(g.verdict, Blocked) for g in gates)
        inbox = self.stage.folder / "inbox"
        for mail in sorted(inbox.glob("*.eml")) if waits and inbox.is_dir() else []:
            if mail.name not in self.mails:
                self.mails.add(mail.name)
                name = self.stage.story.release.name
                self._press(desk.by, f"secrel email verify {name} inbox/{mail.name}")
                verify_mail(desk, name, mail.read_bytes())
                yield True

    def _run_remedies(self, desk: Desk, gates: tuple[Judged, ...]) -> Iterator[bool]:
        """Run the commands that overdue gates name, each once."""
        for judged in gates:
            if not isinstance(judged.verdict, Blocked) or not (judged.is_due or judged.gate.check == "claimed"):
                continue
            for command in dict.fromkeys([*(f.remedy for f in judged.verdict.findings), judged.command]):
                words = shlex.split(command)
                button = _BUTTONS.get(" ".join(words[1:3])) or _BUTTONS.get(" ".join(words[1:2]))
                stamp = f"{command} {self.stage.clock().date()}"
                if button is None or stamp in self.tried:
                    continue
                self.tried.add(stamp)
                self._press(desk.by, command)
                button(desk, words)
                yield True

    def _approve(self, desk: Desk, carried: Carried) -> Iterator[bool]:
        """Approve what is left, when it does not refuse itself and this person may."""
        plan = carried.left
        if not plan.effects or plan.refusals or desk.by == plan.sole_author:
            return
        try:
            outcomes = carry_out_approved(desk, plan.release, read=plan.digest)
        except SecrelError:  # the world moved on between the look and the approval: look again
            return
        self._press(desk.by, f"secrel apply {plan.release} --approve {plan.digest} --by {desk.by}")
        yield bool(outcomes)


def _option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1] if name in words[:-1] else ""


def _remove(desk: Desk, words: list[str]) -> None:
    remove_fix(desk, words[3], words[4], _option(words, "--reason"))


def _swap(desk: Desk, words: list[str]) -> None:
    switch(desk, words[3], words[4], _option(words, "--for"))


def _claim(desk: Desk, words: list[str]) -> None:
    claim(desk, words[2], words[3], _option(words, "--words"))


_BUTTONS: Mapping[str, Callable[[Desk, list[str]], None]] = {
    "fix remove": _remove,
    "rotation swap": _swap,
    "claim": _claim,
}
"""The commands that a person in a rehearsal knows how to run."""
