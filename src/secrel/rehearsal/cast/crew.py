"""The people at the desk of a rehearsal: they press the desk's own buttons, do what it tells them, and no more.

Nobody here knows the story. Somebody who is at work looks at the release, carries out what is free, approves what the
plan says needs an approval, runs the commands that blocked gates name, and does by hand on the forge what only a person
can do there: read and approve the draft, put right what somebody wrote wrongly into it, label a fix.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field

from secrel.desk.cancelling import cancel_release
from secrel.desk.carrying_out import Carried, Memory, carry_out_approved, carry_out_free
from secrel.desk.claiming import claim
from secrel.desk.desk import Desk
from secrel.desk.fixing import complete_fix, remove_fix, reword_fix
from secrel.desk.handing_over import hand_over
from secrel.desk.looking import look as look_at
from secrel.desk.mailing import verify_mail
from secrel.desk.ordering import order_new
from secrel.desk.rotation import switch
from secrel.desk.sending import outgoing, say_sent
from secrel.desk.starting import plan_start, start
from secrel.evaluate.people import unsent
from secrel.evaluate.verdicts import Blocked, Judged
from secrel.observe.release_file import ReleaseFile, read_value
from secrel.papers.scene import Scene
from secrel.plan.plan import Plan
from secrel.rehearsal.cast.mending import mended
from secrel.rehearsal.cast.presence import For, who_is_there
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Story
from secrel.rehearsal.venues.venue import DEVELOPER, FixReport
from secrel.words.advisories import by_severity
from secrel.words.errors import Misused, SecrelError
from secrel.words.facts.stated import FixFacts, read_facts
from secrel.words.forge import MergeRequest
from secrel.words.parts import Seen, known, need
from secrel.words.patterns import pattern
from secrel.words.people import handle_of
from secrel.words.vectors import Severity

_ADOPT = pattern(r"take it over: secrel start --from FILE --adopt (?P<ref>[^\s;]+);")


class Press(Struct, frozen=True):
    """One thing that a person did: when, who, and what, as they would have typed it or done it on the forge."""

    at: datetime
    by: str
    what: str
    is_command: bool = True


def _blocked(look: Scene, check: str, *, due: bool = False) -> list[Judged]:
    """The gates with this check that have findings; with `due`, those that have to hold by now."""
    gates = [judged for judged in look.assessment.gates if judged.gate.check == check]
    return [judged for judged in gates if isinstance(judged.verdict, Blocked) and (judged.is_due or not due)]


def _draft(look: Scene) -> MergeRequest | None:
    return look.snapshot.draft.value if isinstance(look.snapshot.draft, Seen) else None


class Crew(Struct):
    """Primary and Secondary of one rehearsal, and what they did."""

    stage: Stage
    story: Story
    presses: list[Press] = field(default_factory=list)
    handovers: list[Press] = field(default_factory=list)
    refused: list[Press] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    memory: Memory = field(default_factory=Memory)

    def _press(self, by: str, what: str, *, is_command: bool = True) -> None:
        self.presses.append(Press(self.stage.clock(), by, what, is_command))

    def begin(self, by: str, file: ReleaseFile) -> None:
        """Start the release; where people opened its tracking issue, take it over as the refusal says."""
        desk, words = self.stage.desk(by), f"secrel start {file.release.name} --from release.yaml"
        try:
            start(desk, file)
        except Misused as fault:
            way = _ADOPT.search(fault.remedy)
            if way is None:
                raise
            self.refused.append(Press(self.stage.clock(), by, f"{words}: {fault.what}"))
            plan = plan_start(desk, file, (way["ref"],))
            order_new(desk, plan, plan.digest)
            words += f" --adopt {way['ref']} --approve {plan.digest}"
        self._press(by, words)

    def work(self) -> Carried:
        """Look once, and do what there is to do now."""
        name, now = self.story.release.name, self.stage.clock()
        if self.stage.desk().cancelled(name):
            return Carried((), Plan(name, ()), look_at(self.stage.desk(), name))
        carried = carry_out_free(self.stage.desk(), name, memory=self.memory)
        if self._hand_over(carried):
            carried = carry_out_free(self.stage.desk(), name, memory=self.memory)
        for person, there_for in who_is_there(carried.look.snapshot, now):
            if any(self._doings(self.stage.desk(person), there_for, carried)):
                if self.stage.desk().cancelled(name):
                    return self.work()
                carried = carry_out_free(self.stage.desk(), name, memory=self.memory)
        return carried

    def _hand_over(self, carried: Carried) -> bool:
        """Let everybody whose working day is over send the handover that the desk has prepared for them."""
        for one in carried.left.prepared:
            desk, name = self.stage.desk(one.whose), carried.left.release
            _, outcome = hand_over(desk, name, (), send=True)
            if outcome is not None and outcome.prepared:  # they post it, and say so
                say_sent(desk, name, (outcome.effect.key,), "posted in the channel")
            self.handovers.append(Press(self.stage.clock(), one.whose, one.command))
        return bool(carried.left.prepared)

    def _doings(self, desk: Desk, there_for: For, carried: Carried) -> list[bool]:
        look = carried.look
        if there_for is For.SWAP:
            return [*self._run_remedies(desk, look, ("rotation swap",))]
        return [
            *self._label(desk.by, look),
            *self._go_along(look),
            *self._mend(desk.by, look),
            *self._review(desk.by, look, due=there_for is For.WHAT_IS_DUE),
            *self._verify_mail(desk, look),
            *self._run_remedies(desk, look, tuple(_BUTTONS)),
            *self._approve(desk, carried),
            *self._send(desk, carried),
        ]

    def _send(self, desk: Desk, carried: Carried) -> Iterator[bool]:
        """Say that what lay in the outbox was sent: once, when the mail and all else is prepared."""
        look = carried.look
        is_over = f"{look.name}/email" in look.snapshot.receipts and not carried.left.effects
        if is_over and not _blocked(look, "test_email_right") and unsent(look.snapshot):
            waiting = outgoing(desk.journal.entries(look.name), look)
            kinds = list(dict.fromkeys(one.kind for one in waiting))
            self._press(desk.by, shlex.join(["secrel", "sent", look.name, *kinds]))
            say_sent(desk, look.name, kinds, "sent as it was prepared")
            yield True

    def _review(self, by: str, look: Scene, *, due: bool) -> Iterator[bool]:
        """Approve the draft on the forge, when a gate waits for a review and this person is asked for it."""
        draft, duty = _draft(look), look.snapshot.duty
        if draft is not None and duty and by not in (draft.author, duty.primary):
            for _ in _blocked(look, "draft_reviewed", due=due):
                self._press(by, f"read the draft post and approve {draft.ref}", is_command=False)
                self.stage.acts.approve(draft.ref, by, self.stage.process.team)
                yield True

    def _mend(self, by: str, look: Scene) -> Iterator[bool]:
        """Put right in the draft what gates complain of, when the desk left it alone because a person wrote it."""
        draft, snapshot = _draft(look), look.snapshot
        if known(snapshot.post, None) is not None:
            return  # the release post was made of it, and is what counts
        wanted = snapshot.wanted.get("post/path", ""), snapshot.wanted.get("post", "")
        is_mine = snapshot.duty is not None and by == snapshot.duty.primary
        gates = [judged.gate for judged in _blocked(look, "post_agrees")]
        rules = [rule for gate in gates if gate.told("document") == "draft" for rule in gate.told("rules")]
        if draft is None or not draft.files or not all(wanted) or not is_mine or not rules:
            return
        path, text = draft.files[0]
        right = mended(text, wanted, snapshot.contents, rules)
        if right != text:
            self._press(by, f"correct by hand what the gates complain of in {draft.ref}", is_command=False)
            self.stage.acts.rewrite_file(draft, path, right, by)
            yield True

    def _label(self, by: str, look: Scene) -> Iterator[bool]:
        """Label the gravest fix as S1, when an unplanned release waits for that and its vector says so."""
        for _ in _blocked(look, "severity_one", due=True):
            gravest = next(iter(by_severity(look.snapshot.contents.advisories)), None)
            if gravest is None or gravest.vector is None or gravest.vector.severity.rank < Severity.HIGH.rank:
                return
            label = self.stage.process.named("labels", "severity_one")
            self._press(by, f"label {gravest.fix} {label}", is_command=False)
            self.stage.acts.add_label(gravest.fix, label, by)
            yield True

    def _go_along(self, look: Scene) -> Iterator[bool]:
        """Let those whom the desk asked for what goes along with a release, such as the incident, open it and link it.

        They are of other teams: it is no action of whoever makes the release.
        """
        for judged in _blocked(look, "companion_linked"):
            gate, process = judged.gate, self.stage.process
            role = gate.told("companion")
            tracking = need(look.snapshot.tracking, "the tracking issue")
            if look.key("ask", "companion", role) in look.snapshot.receipts and tracking is not None:
                roles = (role, *gate.told("one_of")[:1])
                labels = [process.labels[one] for one in roles if one in process.labels]
                told = FixReport(process.named("projects", role), f"For {look.name}", FixFacts(), labels)
                by = DEVELOPER if gate.owner == "developer" else process.named("people", "release_managers")
                self.stage.acts.link(self.stage.acts.open_beside(told, by), tracking.ref, by)
                yield True

    def _verify_mail(self, desk: Desk, look: Scene) -> Iterator[bool]:
        """Hand in a test mail that has arrived, when a gate waits for it."""
        inbox = self.stage.folder / "inbox"
        waits = bool(_blocked(look, "test_email_right")) and inbox.is_dir()
        name = self.story.release.name
        for mail in sorted(inbox.glob(f"{name}-test-mail-*.eml")) if waits else []:
            if mail.name not in self.mails:
                self.mails.add(mail.name)
                self._press(desk.by, f"secrel email verify {name} inbox/{mail.name}")
                verify_mail(desk, name, mail.read_bytes())
                yield True

    def _run_remedies(self, desk: Desk, look: Scene, known: tuple[str, ...]) -> Iterator[bool]:
        """Run the commands that overdue gates name, each once a day; fixes that go for one reason go together."""
        for words in self._commands(look, known):
            stamp = f"{shlex.join(words)} {self.stage.clock().date()}"
            if stamp not in self.tried:
                self.tried.add(stamp)
                yield self._ran(desk, words)

    def _ran(self, desk: Desk, words: list[str]) -> bool:
        """Run one command; what it is refused is told as a person would see it, and tomorrow they try again."""
        try:
            _BUTTONS[_button(words)](desk, words)
        except SecrelError as fault:
            self.refused.append(Press(self.stage.clock(), desk.by, f"{shlex.join(words)}: {fault.what}"))
            return False
        self._press(desk.by, shlex.join(words))
        return True

    def _commands(self, look: Scene, known: tuple[str, ...]) -> list[list[str]]:
        told: dict[str, None] = {}
        for judged in look.assessment.gates:
            if isinstance(judged.verdict, Blocked) and (judged.is_due or judged.gate.check == "claimed"):
                told |= dict.fromkeys([*(finding.remedy for finding in judged.verdict.findings), judged.command])
        commands: list[list[str]] = []
        for words in map(shlex.split, told):
            if _button(words) not in known or _UNSAID.intersection(words):
                continue
            earlier = next((c for c in commands if _reason(c) and _reason(c) == _reason(words)), None)
            if earlier is None:
                commands.append([_SAID.get(word, word) for word in words])
            elif words[4] not in earlier:
                earlier.insert(-2, words[4])
        return commands

    def _approve(self, desk: Desk, carried: Carried) -> Iterator[bool]:
        """Approve what is left, when it does not refuse itself and this person may.

        While a test mail is being put right they wait for it, and approve all of it at once.
        """
        plan = carried.left
        waits = bool(_blocked(carried.look, "test_email_right")) and not _blocked(
            carried.look, "test_email_right", due=True
        )
        if waits or not plan.effects or plan.refusals or handle_of(desk.by) in plan.authors:
            return
        try:
            outcomes = carry_out_approved(desk, plan.release, read=plan.digest)
        except SecrelError:  # the world moved on between the look and the approval: look again
            return
        self._press(desk.by, f"secrel apply {plan.release} --approve {plan.digest} --by {desk.by}")
        yield bool(outcomes)


_UNSAID = frozenset({"VERSION", "USERNAME", "FIX", "FILE.eml", "cve=CVE-ID", "…"})
"""Words of a command in whose place somebody has to put what nobody here knows."""
_SAID = {"ready by …": "the developers say that it will be ready in time"}
"""What people write in the place of dots."""


def _button(words: list[str]) -> str:
    two = " ".join(words[1:3])
    return two if two in _BUTTONS else " ".join(words[1:2])


def _reason(words: list[str]) -> str:
    """Why a command takes a fix out; empty when it does something else."""
    return words[-1] if _button(words) == "fix remove" else ""


def _option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1] if name in words[:-1] else ""


def _cancel(desk: Desk, words: list[str]) -> None:
    cancel_release(desk, words[2], _option(words, "--reason"))


def _remove(desk: Desk, words: list[str]) -> None:
    for ref in words[4 : words.index("--reason")]:
        remove_fix(desk, words[3], ref, _option(words, "--reason"))


def _complete(desk: Desk, words: list[str]) -> None:
    """State a fact of a fix, or put other words into its texts, as the command says it."""
    name, ref, told = words[3], words[4], words[5:]
    if pair := _option(told, "--reword"):
        old, _, new = pair.rpartition("=")
        reword_fix(desk, name, ref, old, new)
        return
    if told[0].startswith("--since"):
        table: dict[str, object] = {"affected": {"since": told[-1].removeprefix("--since=")}}
    else:
        table = {key: read_value(key, value) for key, _, value in (one.partition("=") for one in told)}
    complete_fix(desk, name, ref, read_facts(FixFacts, table).whole(FixFacts, ref), tuple(table))


def _swap(desk: Desk, words: list[str]) -> None:
    switch(desk, words[3], words[4], _option(words, "--for"))


def _claim(desk: Desk, words: list[str]) -> None:
    """Say yes, or sign an exception: nothing suggests a no."""
    claim(desk, words[2], words[3], _option(words, "--words"), waives="--waive" in words)


_BUTTONS: Mapping[str, Callable[[Desk, list[str]], None]] = {
    "fix remove": _remove,
    "fix set": _complete,
    "rotation swap": _swap,
    "claim": _claim,
    "cancel": _cancel,
}
"""The commands that a person in a rehearsal knows how to run."""
