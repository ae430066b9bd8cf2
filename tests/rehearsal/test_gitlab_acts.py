"""What people of a rehearsal do on a GitLab, each act seen in the world of the double."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from secrel.adapters.gitlab.faults import Failed
from secrel.adapters.gitlab.marks import line_of
from secrel.apply.applying import Done
from secrel.desk.ordering import order_new
from secrel.desk.starting import plan_start
from secrel.observe.observing import tracking_rule
from secrel.observe.release_file import ReleaseFile
from secrel.rehearsal.story import read_story, team_text
from secrel.rehearsal.venues.gitlab import GitLabVenue
from secrel.rehearsal.venues.gitlab_acts import GitLabActs
from secrel.rehearsal.venues.sandbox import read_sandbox
from secrel.rehearsal.venues.venue import Clock, FixReport, FixRequest, Laid
from secrel.roster.team import read_team
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts
from secrel.words.forge import Pipeline
from secrel.words.parts import need
from secrel.words.people import actor_of
from secrel.words.sighting import LabelRule
from secrel.words.spans import Affected, Span
from secrel.words.versions import Version
from tests.gitlab_double.world.things import Issue, MergeRequest, Project, Reference
from tests.rehearsal.by_hand import begin_by_hand
from tests.rehearsal.on_gitlab import DESK, GROUP, OnDouble, sandbox_on
from tests.rehearsal.small import HEAD

AT = datetime(2026, 9, 26, 16, tzinfo=UTC)
BRANCHES = ["master", "18-5-stable-ee", "18-4-stable-ee"]
SINCE = FixFacts(affected=Affected((Span(Version.parse("17.2"), None),), follows=True))


class Ground:
    """A venue on a double, laid for the small story, and what stands in the double."""

    def __init__(self, folder: Path) -> None:
        self.venue = OnDouble(folder)
        self.clock = Clock(AT)
        sandbox = sandbox_on(folder, "http://127.0.0.1:1")
        self.story = read_story(HEAD, "small.yaml", sandbox.process)
        self.process = self.story.process
        (folder / "out").mkdir()
        self.laid: Laid = self.venue.laid(folder / "out", self.story, self.process, self.clock)
        self.sandbox = read_sandbox(folder / "sandbox.toml")
        assert isinstance(self.laid.acts, GitLabActs)
        self.acts = self.laid.acts
        self.product = self.story.release.main.product
        self.code = self.acts.code(self.product.key)
        self.names = (f"fix-{number}" for number in count())

    @property
    def project(self) -> Project:
        return self.at(self.product.repository)

    def at(self, path: str) -> Project:
        found = self.venue.doubles[-1].world.by_path(path)
        assert found is not None
        return found

    def thing(self, ref: str) -> Issue | MergeRequest:
        sign = "#" if "#" in ref else "!"
        path, _, iid = ref.partition(sign)
        found = self.venue.doubles[-1].world.at(Reference(sign, self.at(path).id, int(iid)))
        assert isinstance(found, Issue | MergeRequest)
        return found

    def opened(self, name: str = "") -> tuple[str, str]:
        """A fix, and its merge request into the default branch."""
        facts, name = self.story.fixes[0].facts, name or next(self.names)
        report = FixReport(self.product.repository, facts.title, facts, ["security"])
        issue = self.acts.report(report, "developer")
        self.code.write_fix(f"security-{name}-master", "master", name)
        request = FixRequest(
            self.product.repository,
            f"security-{name}-master",
            "master",
            facts.title,
            issue,
            "- [x] reviewed\n",
            ["security"],
            "next",
            [self.process.people["release_bot"]],
        )
        return issue, self.acts.request(request, "developer")

    def who(self, number: int) -> str:
        return self.venue.doubles[-1].world.users[number].username


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One for all tests, since it takes a second: each has a fix of its own."""
    made = Ground(tmp_path_factory.mktemp("ground"))
    yield made
    made.venue.close()


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Ground]:
    """One of its own, on which nobody has done anything."""
    made = Ground(tmp_path)
    yield made
    made.venue.close()


def test_a_product_has_its_branches_and_the_tags_before(ground: Ground) -> None:
    assert set(BRANCHES) <= set(ground.project.repository.branches)
    assert {"v18.4.2-ee", "v18.4.3-ee", "v18.5.0-ee", "v18.5.1-ee"} <= set(ground.project.repository.tags)
    assert ground.code.targets(ground.story.release.main) == BRANCHES
    assert ground.laid.accounts == {DESK}
    assert 'kind = "gitlab"' in (ground.laid.settings.folder / "secrel.toml").read_text("utf-8")


def test_a_fix_is_opened_with_its_facts_and_its_merge_request_names_it(ground: Ground) -> None:
    issue, request = ground.opened()
    there = ground.thing(issue)
    assert isinstance(there, Issue)
    assert (there.confidential, there.labels, ground.who(there.author_id)) == (True, ["security"], "developer")
    seen = ground.acts.issues([issue])[issue]
    assert seen.facts.of(FixFacts) == ground.story.fixes[0].facts
    change = ground.thing(request)
    assert isinstance(change, MergeRequest)
    assert f"Related to {issue}" in (change.description or "")
    assert [ground.who(one) for one in change.assignees] == [ground.process.people["release_bot"]]
    assert change.milestone_id is not None


def test_facts_and_words_are_changed_each_by_itself(ground: Ground) -> None:
    issue, _ = ground.opened()
    ground.acts.change_facts(issue, SINCE, ["affected"], "developer")
    ground.acts.set_body(issue, "Other words.", "reviewer")
    seen = ground.acts.issues([issue])[issue]
    assert seen.body == "Other words."
    assert seen.facts.of(FixFacts).affected == SINCE.affected
    assert seen.facts.of(FixFacts).title == ground.story.fixes[0].facts.title
    ground.acts.add_label(issue, "severity::1", "amara")
    ground.acts.add_note(issue, "since when?", "amara")
    there = ground.thing(issue)
    assert "severity::1" in there.labels
    assert [(ground.who(one.author_id), one.body) for one in there.notes if not one.system] == [
        ("amara", "since when?")
    ]


def test_issues_are_linked_and_unlinked(ground: Ground) -> None:
    issue, _ = ground.opened()
    other = FixReport(ground.process.projects["tracking"], "A tracking issue", FixFacts(title="x"))
    to = ground.acts.report(other, "developer")
    assert ground.acts.linked(to) == frozenset()
    ground.acts.link(issue, to, "release-managers")
    assert ground.acts.linked(to) == {issue}
    ground.acts.unlink(issue, to, "release-managers")
    assert ground.acts.linked(to) == frozenset()
    ground.acts.unlink(issue, to, "release-managers")


def test_a_pipeline_ends_and_approvals_come_and_go(ground: Ground) -> None:
    _, request = ground.opened()
    change = ground.thing(request)
    assert isinstance(change, MergeRequest)
    for said, word in ((Pipeline.RUNNING, "running"), (Pipeline.FAILED, "failed"), (Pipeline.PASSED, "success")):
        ground.acts.set_pipeline(request, said)
        assert (ground.project.pipelines[-1].status, ground.project.pipelines[-1].sha) == (word, change.sha)
    ground.acts.approve(request, "maintainer")
    first = dict(change.approvals)
    ground.clock.wait(60)
    ground.acts.approve(request, "maintainer")
    assert list(change.approvals) == list(first)
    assert change.approvals != first, "who approves again approves what is there now"
    ground.acts.withdraw(request, "maintainer")
    ground.acts.withdraw(request, "maintainer")
    assert not change.approvals


def test_a_merge_waits_until_gitlab_has_looked(ground: Ground) -> None:
    _, request = ground.opened()
    before = ground.clock()
    ground.acts.merge(request, "release-managers")
    assert ground.thing(request).state == "merged"
    assert ground.clock() > before
    with pytest.raises(Failed):
        ground.acts.merge(request, "release-managers")


def test_what_is_merged_is_in_the_tag_and_what_is_reverted_is_not(ground: Ground) -> None:
    _, request = ground.opened("first")
    for target in BRANCHES[1:]:
        ground.code.write_fix(f"security-first-{target}", target, "first")
        ground.code.restore_fix(target, "first")
    ground.acts.merge(request, "release-managers")
    version, other = (Version.parse(text) for text in ("18.5.2", "18.4.4"))
    ground.code.tag_version(version)
    assert ground.code.holds(version, "first")
    ground.code.tag_version(other, lacking="first")
    assert not ground.code.holds(other, "first")
    ground.code.tag_version(other)
    assert ground.code.holds(other, "first"), "a tag that is there is made anew"
    ground.code.revert_fix(BRANCHES[1], "first")
    ground.code.revert_fix(BRANCHES[1], "first")
    ground.code.tag_version(version)
    assert not ground.code.holds(version, "first")
    assert not ground.code.holds(Version.parse("99.0"), "first")
    assert not [name for name in ground.project.repository.branches if name.startswith("tag-")]


def test_a_post_is_edited_by_hand_and_seen_with_its_files(ground: Ground) -> None:
    site = ground.at(ground.process.projects["security_site"])
    world = ground.venue.doubles[-1].world
    world.commit(site, "post", {"posts/x.md": "18.5.2 is out.\n"}, message="Draft")
    key, desk = "2026-11/post/draft", world.by_username(DESK)
    made = world.merge_request(site, "post", "Draft: the post", by=desk, description=f"read it\n\n{line_of(key)}")
    assert ground.acts.merge_request_made("2026-11/post/release") is None
    found = ground.acts.merge_request_made(key)
    assert found is not None
    assert found.ref == f"{site.path}!{made.iid}"
    ground.acts.rewrite_file(found, "posts/x.md", "18.5.2 is out now.\n", "reviewer")
    again = ground.acts.merge_request_made(key)
    assert again is not None
    assert again.files == (("posts/x.md", "18.5.2 is out now.\n"),)


def test_what_everybody_reads_is_seen_to_change(ground: Ground) -> None:
    before = ground.acts.public_site()
    site = ground.at(ground.process.projects["canonical_site"])
    ground.venue.doubles[-1].world.commit(site, "post", {"x.md": "x"}, message="x")
    assert ground.acts.public_site() != before


def test_nothing_is_made_by_a_key_that_opens_no_document(ground: Ground) -> None:
    with pytest.raises(Misused, match="opens no document"):
        ground.acts.issues_made(["2026-11/nothing"])
    assert ground.acts.issues_made(["2026-11/tracking", "2026-11/cve/request/x#1"]) == {}
    assert ground.acts.issues([]) == {}


def test_what_the_sandbox_lacks_is_said(ground: Ground) -> None:
    facts = ground.story.fixes[0].facts
    issue = ground.acts.report(FixReport(ground.product.repository, facts.title, facts), "developer")
    ground.code.write_fix("x", "master", "x")
    lacking = FixRequest(ground.product.repository, "x", "master", "x", issue, milestone="never")
    with pytest.raises(Misused, match="there is no title 'never'"):
        ground.acts.request(lacking, "developer")


def take_over(ground: Ground, *refs: str) -> None:
    desk = replace(ground.laid.desk(), actor=actor_of(read_team(team_text()).people, "amara"))
    plan = plan_start(desk, ReleaseFile(ground.story.release, ground.story.facts, ()), refs)
    assert {one.done for one in order_new(desk, plan, plan.digest)} <= {Done.DONE, Done.ALREADY}


def test_what_bots_began_by_hand_is_there_without_a_mark(untouched: Ground) -> None:
    """The state for a story in which the desk comes to what others opened."""
    ground = untouched
    world, release = ground.venue.doubles[-1].world, ground.story.release
    rule = tracking_rule(ground.process)
    before = need(ground.laid.forge.marks(release.name, rule), "marks")
    made = begin_by_hand(world, ground.process, release)
    assert made.keys() == {"checklist", "communications", "draft", "tracking"}
    labels = tuple(ground.process.labels[name] for name in ("security", "upcoming"))
    found = need(ground.laid.forge.labelled(LabelRule(ground.process.projects["tracking"], labels)), "tracked")
    assert [(issue.ref, issue.due, issue.confidential) for issue in found] == [
        (made["tracking"], release.due.date(), True)
    ]
    assert all(made[name] in found[0].body for name in ("checklist", "communications", "draft"))
    assert need(ground.laid.forge.marks(release.name, rule), "marks") == before
    assert ground.acts.issue_made(f"{release.name}/tracking") is None
    take_over(ground, made["tracking"])
    take_over(ground, made["checklist"], made["draft"])
    keys = {f"{release.name}/checklist": made["checklist"]}
    tracking = ground.acts.issue_made(f"{release.name}/tracking")
    assert tracking is not None
    assert {key: one.ref for key, one in ground.acts.issues_made(list(keys)).items()} == keys
    draft = ground.acts.merge_request_made(f"{release.name}/post/draft")
    assert draft is not None
    assert (tracking.ref, draft.ref) == (made["tracking"], made["draft"])


def test_a_sandbox_is_played_on_once(ground: Ground, tmp_path: Path) -> None:
    world, tracking = ground.venue.doubles[-1].world, ground.at(ground.process.projects["tracking"])
    venue = GitLabVenue(ground.sandbox, ground.clock)
    text = f"a release\n\n{line_of('2026-11/tracking')}"
    made = world.issue(tracking, "Release", by=world.by_username(DESK), description=text, confidential=True)
    with pytest.raises(Misused, match="was played there before") as fault:
        venue.laid(tmp_path, ground.story, ground.process, ground.clock)
    assert fault.value.where == GROUP
    world.delete(made)


def test_whoever_has_no_token_is_named(ground: Ground, tmp_path: Path) -> None:
    venue = GitLabVenue(replace(ground.sandbox, tokens=tmp_path), ground.clock)
    with pytest.raises(Misused, match="cannot read the token") as lacking:
        venue.laid(tmp_path, ground.story, ground.process, ground.clock)
    assert lacking.value.where == str(tmp_path / "desk")


def test_a_clock_of_the_servers_own_is_waited_for() -> None:
    waited: list[float] = []
    clock = Clock(AT, waited.append)
    clock.wait(2)
    assert waited == [2]
    assert clock() == AT + timedelta(seconds=2)
