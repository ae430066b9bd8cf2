"""The judge of a rehearsal: compares what the world can see at the end with what really happened in it.

It reads the site's repository, the outbox, the forge and the vendor's git, and the story's own facts; it asks none of
the desk's gates, and shares no code with them. What it finds is what a reader, a finder or an auditor complains of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from secrel.journal.entries import Entry, Remembered
from secrel.rehearsal.story import StoryFix
from secrel.rehearsal.world import World
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.people import Person
from secrel.words.releases import Release
from secrel.words.versions import Version

_DEADLINE = timedelta(hours=48)
_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that ended wrong: which rule, and what is so."""

    rule: str
    what: str


class Judge:
    """Judges one rehearsal whose world stands still."""

    def __init__(self, world: World, entries: list[Entry], team: tuple[Person, ...]) -> None:
        """Take the world as it ended, the journal, and the team with its absences."""
        self.world = world
        self.entries = entries
        self.team = team
        self.release: Release = world.current()
        self.name = self.release.name

    @cached_property
    def post(self) -> MergeRequest | None:
        """The release post, when it was opened."""
        return self.world.stage.forge.merge_request_by_mark(f"{self.name}/post/release")

    @cached_property
    def text(self) -> str:
        """The post as it is on the site, without the signs that Markdown needs to show others."""
        if self.post is None or self.post.state is not State.MERGED or not self.post.files:
            return ""
        return re.sub(r"\\([^\w\s])", r"\1", self.post.files[0][1])

    def _receipt(self, key: str) -> Entry | None:
        return next((e for e in self.entries if e.kind is Remembered.RECEIPT and e.key == key), None)

    def announces(self, fix: StoryFix) -> bool:
        """Whether the post tells of a fix: by its CVE id, or by its title."""
        return bool(self.text) and (bool(fix.cve and fix.cve in self.text) or fix.facts.title in self.text)

    def ships(self, fix: StoryFix) -> list[bool]:
        """Whether the tag of each version holds the fix, in the order of the versions."""
        shipment = self.release.shipment(fix.facts.product) or self.release.main
        vendor = self.world.stage.vendors[shipment.product.key]
        return [vendor.holds(version, fix.name) for version in shipment.versions]

    def wrongs(self) -> list[Wrong]:
        """List everything that ended wrong; nothing, when all is well."""
        rules = (
            self._announced,
            self._what_ships,
            self._decisions,
            self._post_text,
            self._review,
            self._embargo,
            self._email,
            self._records,
            self._people,
            self._afterwards,
            self._edits,
        )
        return [wrong for rule in rules for wrong in rule()]

    def _announced(self) -> Iterator[Wrong]:
        if not self.world.known.merged:
            return
        if self.post is None or self.post.merged_at is None:
            yield Wrong("announced", "the release shipped, and was never announced")
        elif self.post.merged_at > self.release.due + _LATE:
            yield Wrong("announced", f"the post was live on {self.post.merged_at:%Y-%m-%d %H:%M}, over a day late")

    def _what_ships(self) -> Iterator[Wrong]:
        for fix in self.world.story.fixes:
            shipped = self.ships(fix)
            if self.announces(fix) and not all(shipped):
                yield Wrong("shipped", f"{fix.name} is announced, and a version does not have it")
            if all(shipped) and self.text and not self.announces(fix):
                yield Wrong("shipped", f"{fix.name} shipped, and is not announced")

    def _decisions(self) -> Iterator[Wrong]:
        known, due = self.world.known, self.release.due
        for fix in self.world.story.fixes:
            linked = known.linked.get(fix.name)
            if linked is not None and linked > due - _DEADLINE and self.announces(fix):
                yield Wrong("deadline", f"{fix.name} came after the deadline, and is announced")
            if fix.name in known.red and fix.name in known.merged:
                yield Wrong("pipeline", f"{fix.name} was merged while its pipeline failed")
            if fix.name in known.taken_out:
                yield from self._taken_out(fix)

    def _taken_out(self, fix: StoryFix) -> Iterator[Wrong]:
        if self.announces(fix):
            yield Wrong("removed", f"{fix.name} was taken out of the release, and is announced")
        issue = self._issue(fix)
        drafted = self._receipt(f"{self.name}/post/draft")
        was_written = drafted is not None and any(fix.facts.title in text for text in self._drafts())
        if was_written and issue and not any(fix.facts.title in note.body for note in issue.notes):
            yield Wrong("removed", f"the prepared text of {fix.name} was thrown away with it")

    def _drafts(self) -> list[str]:
        """Every text of the draft that the desk wrote, with Markdown's signs taken out."""
        keys = f"{self.name}/post/draft"
        intents = [e for e in self.entries if e.kind is Remembered.INTENT and e.key.startswith(keys)]
        texts = [text for e in intents for _, text in e.body["action"].get("files", ())]
        return [re.sub(r"\\([^\w\s])", r"\1", text) for text in texts]

    def _issue(self, fix: StoryFix) -> Issue | None:
        ref = self.world.known.issues.get(fix.name, "")
        return self.world.stage.forge.issues([ref]).get(ref) if ref else None

    def _post_text(self) -> Iterator[Wrong]:
        if not self.text or self.post is None:
            return
        for shipment in self.release.shipments:
            for version in shipment.versions:
                if not re.search(rf"(?<![\d.]){re.escape(str(version))}(?![\d.]*\d)", self.text):
                    yield Wrong("versions", f"the post does not name {shipment.product.key} {version}")
        for event in self.world.story.events:
            if event.happens == "version bumped" and re.search(rf"\b{re.escape(event.told.old)}\b", self.text):
                yield Wrong("versions", f"the post names {event.told.old}, which was never published")
        path, day = self.post.files[0][0], self.release.due
        dated = re.search(r"(\d{4})-(\d\d)-(\d\d)", path.rpartition("/")[2])
        if dated and dated[0] != f"{day:%Y-%m-%d}":
            yield Wrong("date", f"the post's file says {dated[0]}, and the release was on {day:%Y-%m-%d}")
        if dated and f"/{day:%Y/%m/%d}/" not in self.text:
            yield Wrong("date", "the post's own address has another date")

    def _review(self) -> Iterator[Wrong]:
        draft = self.world.stage.forge.merge_request_by_mark(f"{self.name}/post/draft")
        if self.post is None or draft is None:
            return
        others = [a for a in draft.assents if a.by != draft.author]
        if not others:
            yield Wrong("review", "nobody but its author read the post")
        elif draft.changed_at is not None and all(a.at < draft.changed_at for a in others):
            yield Wrong("review", "the post changed after it was read")
        if draft.files and self.post.files and draft.files[0][1] != self.post.files[0][1]:
            yield Wrong("review", "what was published is not what was read")

    def _embargo(self) -> Iterator[Wrong]:
        loud = re.compile(rf"{re.escape(self.name)}/(post/release.*|email|cve/publish/.*|report/.*)")
        for entry in self.entries:
            is_loud = entry.kind is Remembered.RECEIPT and loud.fullmatch(entry.key) is not None
            if is_loud and entry.at < self.release.due:
                yield Wrong("embargo", f"{entry.key} was done before the embargo lifted")

    def _email(self) -> Iterator[Wrong]:
        if not self.text:
            return
        mails = list(self.world.stage.settings.outbox.rglob("*.eml"))
        if len(mails) != 1:
            yield Wrong("email", f"{len(mails)} emails went out")
            return
        mail = mails[0].read_text("utf-8")
        subject = next((line for line in mail.splitlines() if line.startswith("Subject:")), "")
        is_critical = "critical" in (self.post.title.lower() if self.post else "")
        if ("critical" in subject.lower()) != is_critical:
            yield Wrong("email", "the word Critical is in one of post and email, and not in the other")
        for version in self.release.main.versions:
            if str(version) not in mail:
                yield Wrong("email", f"the email does not name {version}")
        told = [e for e in self.entries if e.kind is Remembered.MAIL]
        if not told or told[-1].body["disagreements"]:
            yield Wrong("email", "the email went out after a test mail that was wrong, or without one")

    def _records(self) -> Iterator[Wrong]:
        for fix in self.world.story.fixes:
            if not fix.cve:
                continue
            file = self.world.stage.settings.outbox / "cve" / f"{fix.cve}.json"
            if not self.announces(fix):
                if file.exists():
                    yield Wrong("records", f"the record of {fix.name} is public, and the fix is not announced")
                continue
            if not file.exists():
                yield Wrong("records", f"the record of {fix.name} was never published")
                continue
            yield from self._record(fix, json.loads(file.read_text("utf-8")))

    def _record(self, fix: StoryFix, record: dict[str, object]) -> Iterator[Wrong]:
        told = json.dumps(record)
        affected = fix.withheld or fix.facts.affected
        since = getattr(affected, "since", None)
        begins = {Version.parse(text) for text in re.findall(r'"version": "(\d[\w.-]*)"', told)}
        if since and since != "all" and Version.parse(since) not in begins:
            yield Wrong("records", f"the record of {fix.name} does not begin at {since}")
        if affected is None:
            yield Wrong("records", f"the record of {fix.name} has a range that nobody gave")
        first = Version.parse(since) if since and since != "all" else None
        for version in (self.release.shipment(fix.facts.product) or self.release.main).versions:
            if (first is None or first < version) and str(version) not in told:
                yield Wrong("records", f"the record of {fix.name} does not name {version}")

    def _people(self) -> Iterator[Wrong]:
        tracking = self.world.tracking()
        facts = tracking.facts if tracking else {}
        days = [self.release.due.date() - timedelta(days=n) for n in range(2)]
        for role in ("primary", "secondary"):
            person = next((p for p in self.team if p.username == facts.get(role)), None)
            if person is None or any(away.covers(day) for away in person.absences for day in days):
                yield Wrong("people", f"the {role} was not there on the day of the release")
        shifts = {e.key.split("/")[-2] for e in self.entries if e.key.startswith(f"{self.name}/handover/")}
        if self.text and not shifts:
            yield Wrong("people", "nobody ever handed over")

    def _afterwards(self) -> Iterator[Wrong]:
        if self.post is None or self.post.merged_at is None:
            return
        lifts = self.post.merged_at + timedelta(days=self.release.disclosure_days)
        for fix in self.world.story.fixes:
            issue = self._issue(fix)
            if issue is None:
                continue
            receipt = self._receipt(f"{self.name}/public/{issue.ref}")
            if not issue.confidential and (receipt is None or receipt.at < lifts):
                yield Wrong("disclosure", f"the issue of {fix.name} became public too early")
            if not issue.confidential and not self.announces(fix):
                yield Wrong("disclosure", f"the issue of {fix.name} is public, and its fix did not ship")
            if issue.confidential and self.announces(fix) and self._is_over(lifts):
                yield Wrong("disclosure", f"the issue of {fix.name} is still confidential")

    def _is_over(self, instant: datetime) -> bool:
        return self.world.stage.clock() > instant + timedelta(days=8)

    def _edits(self) -> Iterator[Wrong]:
        checklist = self.world.stage.forge.issue_by_mark(f"{self.name}/checklist")
        for event in self.world.story.events:
            if event.happens == "checklist edited" and checklist and event.told.put not in checklist.body:
                yield Wrong("edits", "what a person wrote into the checklist is gone")
            if event.happens == "draft edited" and self.text and event.told.put not in self.text:
                yield Wrong("edits", "what a person wrote into the draft is gone")
