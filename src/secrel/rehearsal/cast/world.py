"""The other people of a rehearsal: developers, release managers, the CNA, communications; what they do, and when.

They act on the forge as people do, they answer when they are asked, and they know nothing of gates: release managers
merge what the tracking issue lists a day before it is due, tag two hours before, and merge the post when asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

import msgspec
from msgspec.structs import replace

from secrel.observe.facts import read_release
from secrel.papers.email.message import Envelope, Sender, compose
from secrel.rehearsal.cast.known import Known, Leak
from secrel.rehearsal.cast.managers import Managers, corrections
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Story, StoryFix
from secrel.rehearsal.venues.venue import DEVELOPER, MAINTAINER, SECURITY_ENGINEER, FixReport, FixRequest
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import Issue, Note, Pipeline, State
from secrel.words.parts import settled
from secrel.words.patterns import pattern
from secrel.words.releases import Release

_ANSWERS = timedelta(days=1)
_MADE_UP = 90000
_APART = 1000


class World:
    """Everybody of the story who is not at the desk."""

    def __init__(self, stage: Stage, story: Story) -> None:
        """Take the stage, and the release of its story that this is the world of; nothing has happened yet."""
        self.stage = stage
        self.story = story
        self.acts = stage.acts
        self.known = Known()
        self.name = story.release.name
        self.beside: Mapping[str, World] = {}
        self._came_from: dict[str, str] = {}
        self.people = stage.process.people
        self.labels = stage.process.labels
        self.managers = Managers(stage, story, self.known)

    def take_over(self, other: World, fixes: Sequence[StoryFix], now: datetime) -> None:
        """Take over fixes of a release that was joined with this one, or split, with all that happened to them."""
        names = [fix.name for fix in fixes]
        self._came_from |= dict.fromkeys(names, other.name)
        self.story = replace(self.story, fixes=(*self.story.fixes, *fixes))
        other.story = replace(other.story, fixes=tuple(fix for fix in other.story.fixes if fix.name not in names))
        self.managers.story, other.managers.story = self.story, other.story
        self.known.take_over(other.known, names, now)

    def request(self, fix: str) -> Issue | None:
        """The CVE request of a fix, when it was opened: by this release, or by the one that it came from."""
        ends = f"cve/request/{self.known.issues.get(fix)}"
        return self.acts.issue_made(f"{self._came_from.get(fix, self.name)}/{ends}") or self.made(ends)

    def published(self) -> int:
        """How often something of this release came to the public site: on a branch of its own, or merged."""
        post = self.acts.merge_request_made(f"{self.name}/post/release")
        return self.known.published + (post is not None) + len(corrections(self.acts, self.name))

    def tracking(self) -> Issue | None:
        """The tracking issue, when the desk has started the release."""
        return self.made("tracking")

    def made(self, end: str) -> Issue | None:
        """The issue that the desk opened by the effect whose key ends so, when it has."""
        return self.acts.issue_made(f"{self.name}/{end}")

    def current(self) -> Release:
        """The release as its managers know it now."""
        tracking = self.tracking()
        return self._release(tracking) if tracking else self.story.release

    def _release(self, tracking: Issue) -> Release:
        return read_release(tracking.facts.whole(ReleaseFacts), self.stage.process)

    def facts_of(self, fix: StoryFix) -> FixFacts:
        """The facts of a fix as its developers would tell them now: all of them, and corrected."""
        told = self.known.corrected.get(fix.name, fix.facts)
        return msgspec.structs.replace(told, affected=told.affected or fix.withheld)

    def act(self, now: datetime) -> None:
        """Do everything whose time has come."""
        self._developers(now)
        keys = [f"{self.name}/{end}" for end in ("tracking", "comms")]
        made = self.acts.issues_made([*keys, *self._request_keys()])
        tracking = made.get(f"{self.name}/tracking")
        if tracking is None:
            return
        if tracking.state is State.CLOSED:
            self.managers.correct()
        else:
            self._link_ready(tracking, now)
            self.managers.act(tracking, self._release(tracking), now)
            self._assign_ids(made, now)
        self._send_test_mail(made.get(f"{self.name}/comms"), now)

    def _asked(self, issue: Issue) -> list[Note]:
        """The notes that somebody of the team left on an issue."""
        team = self.stage.usernames
        return [note for note in settled(issue.notes, "the notes") if note.by in team]

    # developers

    def _developers(self, now: datetime) -> None:
        waiting: dict[str, StoryFix] = {}
        for fix in self.story.fixes:
            if fix.arrives <= now and fix.name not in self.known.issues:
                self._open(fix)
            ref = self.known.issues.get(fix.name)
            if ref is not None and fix.withheld is not None and fix.name not in self.known.answered:
                waiting[ref] = fix
        for ref, issue in self.acts.issues(list(waiting)).items() if waiting else ():
            if any(note.at + _ANSWERS <= now for note in self._asked(issue)):
                answer = FixFacts(affected=waiting[ref].withheld)
                self.acts.change_facts(ref, answer, ["affected"], DEVELOPER)
                self.known.answered.add(waiting[ref].name)

    def _open(self, fix: StoryFix) -> None:
        product_key = fix.facts.product or self.story.release.main.product.key
        shipment = self.story.release.shipment(product_key) or self.story.release.main
        code, product = self.acts.code(product_key), shipment.product
        labels = [self.labels["security"], *fix.labels]
        ref = self.acts.report(FixReport(product.repository, fix.facts.title, fix.facts, labels), DEVELOPER)
        self.known.issues[fix.name] = ref
        requests: dict[str, str] = {}
        for target in fix.targets(shipment, code.targets(shipment)):
            branch = f"security-{fix.name}-{target}"
            code.write_fix(branch, target, fix.name)
            new = FixRequest(
                product.repository,
                branch,
                target,
                fix.facts.title,
                ref,
                labels=[self.labels["security"]],
                milestone="next",
                assignees=[bot] if (bot := self.people["release_bot"]) else [],
                body="- [x] reviewed\n- [x] the changelog has it\n",
            )
            requests[target] = self.acts.request(new, DEVELOPER)
            self.acts.set_pipeline(requests[target], Pipeline.RUNNING)
        self.known.requests[fix.name] = requests

    def approve(self, fix: str, ref: str) -> None:
        """Let reviewers approve one merge request of a fix, as they have to."""
        shipment = self.story.release.shipment(self.story.fix(fix).facts.product) or self.story.release.main
        self.acts.approve(ref, MAINTAINER, MAINTAINER)
        if ref == self.known.requests[fix].get(shipment.product.default_branch):
            self.acts.approve(ref, SECURITY_ENGINEER, self.stage.process.team)

    def _link_ready(self, tracking: Issue, now: datetime) -> None:
        for fix in self.story.fixes:
            name = fix.name
            if name not in self.known.issues or name in self.known.linked or now < fix.ready:
                continue
            for ref in self.known.requests[name].values():
                if ref not in self.known.red:
                    self.acts.set_pipeline(ref, Pipeline.PASSED)
                if ref not in self.known.unapproved:
                    self.approve(name, ref)
            self.known.linked[name] = now
            if name not in self.known.taken_out:
                self.link(name, tracking, now)

    def link(self, fix: str, tracking: Issue, now: datetime) -> None:
        """Bring a fix into the release, as release managers do."""
        self.acts.link(self.known.issues[fix], tracking.ref, self.people["release_managers"])
        self.known.linked[fix] = now

    # the CNA

    def _requests(self, made: Mapping[str, Issue]) -> Iterator[tuple[int, StoryFix, Issue]]:
        keys = self._request_keys()
        for number, fix in enumerate(self.story.fixes):
            found = [made[key] for key in keys if key in made and key.endswith(f"/{self.known.issues.get(fix.name)}")]
            if found:
                yield number, fix, found[0]

    def _request_keys(self) -> list[str]:
        """The keys of the effects by which CVE requests are opened, of the release that each fix came from first."""
        names = {fix: dict.fromkeys((self._came_from.get(fix, self.name), self.name)) for fix in self.known.issues}
        return [f"{name}/cve/request/{self.known.issues[fix]}" for fix, told in names.items() for name in told]

    def _assign_ids(self, made: Mapping[str, Issue], now: datetime) -> None:
        cna, year = self.people["cna"], self.story.release.due.year
        first = _MADE_UP + _APART * sum(name < self.name for name in self.beside)
        for number, fix, issue in self._requests(made):
            if any(note.by == cna for note in settled(issue.notes, "the notes")) or issue.created_at is None:
                continue
            if issue.created_at + fix.cna_takes <= now:
                cve = fix.cve or f"CVE-{year}-{first + number}"
                self.acts.add_note(issue.ref, f"{cve} is assigned to this request.", cna)

    # communications

    def _sender(self) -> Sender:
        addresses = self.stage.process.addresses
        return Sender(addresses["sender_name"], addresses["sender"])

    def _send_test_mail(self, comms: Issue | None, now: datetime) -> None:
        asked = self._asked(comms) if comms is not None else []
        if comms is None or len(asked) <= self.known.mails:
            return
        garbled = self.known.garbled.pop(0) if self.known.garbled else None
        self.known.mails = len(asked)
        inbox = self.stage.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        mail = mail_of(comms.body, self._sender(), "team@desk.example", now, garbled)
        (inbox / f"{self.name}-test-mail-{self.known.mails:02}.eml").write_bytes(mail)


_BLOCK = pattern(r"^(?P<fence>`{3,})\w*\n(?P<text>.*?)\n(?P=fence)$", re.MULTILINE | re.DOTALL)


_URL = pattern(r"<?(https://[^\s<>\"']+[^\s<>\"'.,;)])>?")


def _linked(text: str) -> str:
    """Make HTML of a paragraph, as a mail service does: escaped, addresses as links."""
    parts = _URL.split(text)
    return "".join(
        f'<a href="{escape(part)}">{escape(part)}</a>' if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def mail_of(body: str, sender: Sender, to: str, at: datetime, garbled: tuple[str, str] | None = None) -> bytes:
    """Make the mail that communications would send for an issue with this text.

    The first block of code is taken for the subject, the second for the text, as a person copies them. `garbled` is
    what went wrong on the way: the first text is replaced by the second, everywhere.
    """
    blocks = [match["text"] for match in _BLOCK.finditer(body)]
    subject, text = [*blocks, "", ""][:2]
    if garbled is not None:
        subject, text = (part.replace(*garbled) for part in (subject, text))
    paragraphs = (_linked(part) for part in text.split("\n\n"))
    html = f'<!DOCTYPE html><html lang="en"><body>{"".join(f"<p>{part}</p>" for part in paragraphs)}</body></html>'
    envelope = Envelope(sender, to, at, "vendor.example")
    return compose(envelope, subject, text, html).encode()


_OUTSIDE = {"mail": "an email", "cve": "a CVE record", "reporters": "a notice to a finder"}


class Public:
    """Whoever is neither at the desk nor with the vendor; what they see before the release is due is a leak."""

    def __init__(self, world: World) -> None:
        """Remember the public site as it is before anything happens."""
        self.world = world
        self.before = world.acts.public_site()
        self.published: tuple[int, ...] = ()

    def look(self, due: datetime, now: datetime) -> None:
        """Look at everything that is public; what can be seen before `due` is remembered."""
        published = tuple(one.published() for one in self.world.beside.values())
        if published != self.published:  # what the site has by then is of another release
            self.published, self.before = published, self.world.acts.public_site()
        if now < due:
            known = {leak.what for leak in self.world.known.leaks}
            self.world.known.leaks += [Leak(now, what) for what in self._seen() if what not in known]

    def _is_ours(self, file: Path) -> bool:
        """Whether something in the outbox is not of another release of the desk."""
        others = self.world.beside.values()
        theirs = {fix.cve for other in others for fix in other.story.fixes}
        is_theirs = file.stem in theirs or any(file.name.startswith(f"{other.name}~") for other in others)
        return file.is_file() and not is_theirs

    def _seen(self) -> Iterator[str]:
        if self.world.acts.public_site() != self.before:
            yield "the public site had a post"
        for kind, said in _OUTSIDE.items():
            folder = self.world.stage.settings.outbox / kind
            if folder.is_dir() and any(self._is_ours(file) for file in folder.iterdir()):
                yield f"{said} was out"
        refs = [ref for own in self.world.known.issues.values() for ref in (own, self.world.acts.disclosed(own))]
        issues = self.world.acts.issues(list(dict.fromkeys(refs)))
        for issue in issues.values():
            if not issue.confidential:
                yield f"the issue {issue.ref} was public"
