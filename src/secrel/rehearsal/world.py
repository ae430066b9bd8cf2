"""The other people of a rehearsal: developers, release managers, the CNA, communications; what they do, and when.

They act on the forge as people do, they answer when they are asked, and they know nothing of gates: release managers
merge what the tracking issue lists a day before it is due, tag two hours before, and merge the post when asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from secrel.adapters.localforge.people import NewIssue, NewMergeRequest
from secrel.observe.facts import read_release
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import StoryFix
from secrel.rehearsal.testmail import mail_of
from secrel.words.forge import Issue, Note, Pipeline, State
from secrel.words.releases import Release

MERGES = timedelta(hours=24)
TAGS = timedelta(hours=2)
_ANSWERS = timedelta(days=1)
_MENDS = timedelta(minutes=30)


@dataclass
class Known:
    """What happened in the world, by the names the story has for its fixes."""

    issues: dict[str, str] = field(default_factory=dict)
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    linked: dict[str, datetime] = field(default_factory=dict)
    taken_out: set[str] = field(default_factory=set)
    red: set[str] = field(default_factory=set)
    merged: dict[str, datetime] = field(default_factory=dict)
    tagged: dict[tuple[str, str], datetime] = field(default_factory=dict)
    lacking: dict[tuple[str, str], str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    garbled: tuple[str, str] | None = None
    mails: int = 0
    merging_began: bool = False
    is_live: bool = False


class World:
    """Everybody of the story who is not at the desk."""

    def __init__(self, stage: Stage) -> None:
        """Take the stage; nothing has happened yet."""
        self.stage = stage
        self.story = stage.story
        self.known = Known()
        self.name = stage.story.release.name
        self.people = stage.process.people
        self.labels = stage.process.labels

    def tracking(self) -> Issue | None:
        """The tracking issue, when the desk has started the release."""
        return self.stage.forge.issue_by_mark(f"{self.name}/tracking")

    def current(self) -> Release:
        """The release as its managers know it now."""
        tracking = self.tracking()
        return read_release(tracking.facts, self.stage.process)[0] if tracking else self.story.release

    def act(self, now: datetime) -> None:
        """Do everything whose time has come."""
        self._developers(now)
        made = self.stage.forge.issues_by_marks(f"{self.name}/")
        tracking = made.get(f"{self.name}/tracking")
        if tracking is None:
            return
        release = read_release(tracking.facts, self.stage.process)[0]
        self._link_ready(tracking, now)
        self._merge(tracking, release, now)
        self._tag(tracking, release, now)
        self._merge_post(release, now)
        self._assign_ids(made, now)
        self._send_test_mail(made.get(f"{self.name}/comms"), now)

    def _asked(self, ref: str) -> list[Note]:
        """The notes that somebody of the team left on an issue."""
        team = self.stage.usernames
        return [note for note in self.stage.forge.issues([ref])[ref].notes if note.by in team]

    # developers

    def _developers(self, now: datetime) -> None:
        for fix in self.story.fixes:
            if fix.arrives <= now and fix.name not in self.known.issues:
                self._open(fix, now)
            ref = self.known.issues.get(fix.name)
            if ref is None or fix.withheld is None or fix.name in self.known.answered:
                continue
            if any(note.at + _ANSWERS <= now for note in self._asked(ref)):
                self.stage.forge.people.change_facts(ref, {"affected": msgspec.to_builtins(fix.withheld)})
                self.known.answered.add(fix.name)

    def _open(self, fix: StoryFix, now: datetime) -> None:
        product_key = fix.facts.product or self.story.release.main.product.key
        shipment = self.story.release.shipment(product_key) or self.story.release.main
        vendor, product, people = self.stage.vendors[product_key], shipment.product, self.stage.forge.people
        told = msgspec.to_builtins(fix.facts)
        facts = {name: value for name, value in told.items() if value not in ("", [], None)}
        labels = [self.labels["security"], *fix.labels]
        issue = NewIssue(product.repository, fix.facts.title, "developer", now, labels=labels, facts=facts)
        ref = people.open_issue(issue)
        self.known.issues[fix.name] = ref
        requests: dict[str, str] = {}
        for target in vendor.targets(shipment):
            branch = f"security-{fix.name}-{target}"
            vendor.write_fix(branch, target, fix.name, now)
            new = NewMergeRequest(
                product.repository,
                branch,
                target,
                fix.facts.title,
                "developer",
                now,
                issues=[ref],
                labels=[self.labels["security"]],
                milestone="next",
                assignees=[self.people["release_bot"]],
                body="- [x] reviewed\n- [x] the changelog has it\n",
            )
            requests[target] = people.add_merge_request(new)
            people.set_pipeline(requests[target], Pipeline.RUNNING)
        self.known.requests[fix.name] = requests

    def _link_ready(self, tracking: Issue, now: datetime) -> None:
        people = self.stage.forge.people
        for fix in self.story.fixes:
            name = fix.name
            if name not in self.known.issues or name in self.known.linked or now < fix.ready:
                continue
            for target, ref in self.known.requests[name].items():
                if name not in self.known.red:
                    people.set_pipeline(ref, Pipeline.PASSED)
                people.approve(ref, "maintainer", now, "maintainer")
                if target in {vendor.product.default_branch for vendor in self.stage.vendors.values()}:
                    people.approve(ref, "appsec-engineer", now, "appsec")
            people.link(self.known.issues[name], tracking.ref, self.people["release_managers"], now)
            self.known.linked[name] = now

    # release managers

    def _listed(self, tracking: Issue) -> list[StoryFix]:
        """The fixes that the tracking issue lists now; what the story says will miss a tag is merged last."""
        current = {link.ref for link in self.stage.forge.links(tracking.ref) if link.until is None}
        missing = {event.told.fix for event in self.story.events if event.happens == "fix missing from tag"}
        listed = [fix for fix in self.story.fixes if self.known.issues.get(fix.name) in current]
        return sorted(listed, key=lambda fix: fix.name in missing)

    def _merge(self, tracking: Issue, release: Release, now: datetime) -> None:
        if self.known.merging_began or now < release.due - MERGES:
            return
        self.known.merging_began = True
        for fix in self._listed(tracking):
            for ref in self.known.requests[fix.name].values():
                self.stage.forge.people.merge(ref, self.people["release_managers"], now)
            self.known.merged[fix.name] = now

    def _tag(self, tracking: Issue, release: Release, now: datetime) -> None:
        if now < release.due - TAGS:
            return
        asked = self._asked(tracking.ref) if self.known.lacking else []
        complaints = [note for note in asked if note.at + _MENDS <= now and "tag" in note.body]
        for shipment in release.shipments:
            vendor = self.stage.vendors[shipment.product.key]
            for version in shipment.versions:
                key = (shipment.product.key, str(version))
                lacking = self.known.lacking.get(key, "")
                tagged = self.known.tagged.get(key)
                if tagged is None:
                    vendor.tag_version(version, now, lacking=lacking)
                elif lacking and any(note.at >= tagged for note in complaints):
                    vendor.tag_version(version, now)
                    del self.known.lacking[key]
                else:
                    continue
                self.known.tagged[key] = now

    def _merge_post(self, release: Release, now: datetime) -> None:
        if self.known.is_live or now < release.due:
            return
        post = self.stage.forge.merge_request_by_mark(f"{self.name}/post/release")
        if post is not None and post.state is State.OPENED and post.notes:
            self.stage.forge.people.merge(post.ref, self.people["release_managers"], now)
            self.known.is_live = True

    # the CNA

    def _requests(self, made: Mapping[str, Issue]) -> Iterator[tuple[StoryFix, Issue]]:
        by_ref = {ref: name for name, ref in self.known.issues.items()}
        prefix = f"{self.name}/cve/request/"
        for mark, issue in made.items():
            if mark.startswith(prefix):
                yield self.story.fix(by_ref[mark.removeprefix(prefix)]), issue

    def _assign_ids(self, made: Mapping[str, Issue], now: datetime) -> None:
        cna = self.people["cna"]
        for number, (fix, issue) in enumerate(sorted(self._requests(made), key=lambda pair: pair[0].name)):
            if any(note.by == cna for note in issue.notes) or issue.created_at is None:
                continue
            if issue.created_at + fix.cna_takes <= now:
                cve = fix.cve or f"CVE-{self.story.release.due.year}-{90000 + number}"
                self.stage.forge.people.add_note(issue.ref, f"{cve} is assigned to this request.", cna, now)

    # communications

    def _send_test_mail(self, comms: Issue | None, now: datetime) -> None:
        if comms is None:
            return
        team = self.stage.usernames
        asked = [note for note in comms.notes if note.by in team]
        if len(asked) <= self.known.mails:
            return
        garbled = self.known.garbled if self.known.mails == 0 else None
        self.known.mails = len(asked)
        inbox = self.stage.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        mail = mail_of(comms.body, "team@desk.example", now, garbled)
        (inbox / f"test-mail-{self.known.mails}.eml").write_bytes(mail)
