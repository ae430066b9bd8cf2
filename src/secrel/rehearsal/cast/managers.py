"""The release managers of a rehearsal: they merge, tag and publish what the tracking issue lists, and know no gates.

For a planned release they merge once, a day before it is due; for an unplanned one they wait for the fix. A fix that
is no longer listed is taken back before its version goes out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from secrel.rehearsal.cast.known import Known
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Story, StoryFix
from secrel.rehearsal.venues.venue import Acts, ProductCode
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.parts import settled
from secrel.words.releases import Kind, Release

MERGES = timedelta(hours=24)
TAGS = timedelta(hours=2)
_MENDS = timedelta(minutes=30)


def corrections(acts: Acts, release: str) -> list[MergeRequest]:
    """Give what the desk opened to correct the post of a release that is live, in order."""
    found: list[MergeRequest] = []
    number = ""
    while (one := acts.merge_request_made(f"{release}/post/correction{number}")) is not None:
        found.append(one)
        number = f"/{len(found) + 1}"
    return found


class Managers:
    """Whoever ships the release."""

    def __init__(self, stage: Stage, story: Story, known: Known) -> None:
        """Take the stage, the release, and what is known of its world."""
        self.stage = stage
        self.story = story
        self.acts = stage.acts
        self.known = known
        self.name = story.release.name
        self.handle = stage.process.named("people", "release_managers")

    def act(self, tracking: Issue, release: Release, now: datetime) -> None:
        """Do what it is time for: merge, take back, tag, publish."""
        self.correct()
        if now < release.due - MERGES or self.known.is_live:
            return
        listed = self._listed(tracking)
        self._merge(listed, release, now)
        self._take_back(listed, release)
        self._tag(tracking, release, now)
        self._publish(tracking, release, now)

    def _listed(self, tracking: Issue) -> list[StoryFix]:
        """The fixes that the tracking issue lists now; what the story says will miss a tag is merged last."""
        current = self.acts.linked(tracking.ref)
        missing = {event.told.fix for event in self.story.events if event.happens == "fix missing from tag"}
        listed = [fix for fix in self.story.fixes if self.known.issues.get(fix.name) in current]
        return sorted(listed, key=lambda fix: fix.name in missing)

    def _merge(self, listed: list[StoryFix], release: Release, now: datetime) -> None:
        goes_on = release.kind is Kind.UNPLANNED or self.known.excepted is not None
        if self.known.merging_began and not goes_on:
            return
        self.known.merging_began = True
        for fix in listed:
            if fix.name in self.known.merged:
                continue
            for target, ref in self.known.requests[fix.name].items():
                if fix.name in self.known.taken_back:
                    self._code(fix, release).restore_fix(target, fix.name)
                else:
                    self.acts.merge(ref, self.handle)
            self.known.taken_back.discard(fix.name)
            self.known.merged[fix.name] = now
            if self.known.is_unready(fix.name):
                self.known.merged_unready.add(fix.name)

    def _take_back(self, listed: list[StoryFix], release: Release) -> None:
        """Revert what was merged and is no longer listed, and tag again what held it."""
        there = {fix.name for fix in listed}
        for name in [name for name in self.known.merged if name not in there]:
            fix = self.story.fix(name)
            code = self._code(fix, release)
            for target in self.known.requests[name]:
                code.revert_fix(target, name)
            del self.known.merged[name]
            self.known.taken_back.add(name)
            for version in (release.shipment(fix.facts.product) or release.main).versions:
                if code.holds(version, name):
                    code.tag_version(version)

    def _code(self, fix: StoryFix, release: Release) -> ProductCode:
        return self.acts.code(fix.facts.product or release.main.product.key)

    def _tag(self, tracking: Issue, release: Release, now: datetime) -> None:
        waits = release.kind is Kind.UNPLANNED and bool(self.story.fixes) and not self.known.merged
        if now < release.due - TAGS or waits:
            return
        team = self.stage.usernames
        is_wrong = self.known.lacking or self.known.reverted
        asked = [note for note in settled(tracking.notes, "the notes") if note.by in team] if is_wrong else []
        complaints = [note for note in asked if note.at + _MENDS <= now and "tag" in note.body]
        for shipment in release.shipments:
            code = self.acts.code(shipment.product.key)
            for version in shipment.versions:
                key = (shipment.product.key, str(version))
                lacking, tagged = self.known.lacking.get(key, ""), self.known.tagged.get(key)
                branch = shipment.product.branch_of(shipment.product.series_of(version))
                reverted = self.known.reverted.get((shipment.product.key, branch), "")
                if tagged is None:
                    code.tag_version(version, lacking=lacking)
                elif (lacking or reverted) and any(note.at >= tagged for note in complaints):
                    self._bring_back(code, branch, reverted)
                    code.tag_version(version)
                    self.known.lacking.pop(key, None)
                    self.known.reverted.pop((shipment.product.key, branch), None)
                else:
                    continue
                self.known.tagged[key] = now

    def _bring_back(self, code: ProductCode, branch: str, name: str) -> None:
        """Restore what somebody reverted in a branch, when the desk says that its tag lacks it."""
        if name:
            code.restore_fix(branch, name)

    def _publish(self, tracking: Issue, release: Release, now: datetime) -> None:
        if now < release.due:
            return
        post = self.acts.merge_request_made(f"{self.name}/post/release")
        if post is None or post.state is not State.OPENED:
            return
        names = [name for name in (post.ref, post.url) if name]
        if any(name in note.body for note in settled(tracking.notes, "the notes") for name in names):
            self.acts.merge(post.ref, self.handle)
            self.known.is_live = True
            self.known.published += 1

    def correct(self) -> None:
        """Merge what corrects the post that is live: it is assigned to them, also when the release is closed."""
        for correction in corrections(self.acts, self.name) if self.known.is_live else ():
            if correction.state is State.OPENED:
                self.acts.merge(correction.ref, self.handle)
                self.known.published += 1
