"""The developer's range against git, at its gate: on a real desk with a real repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pygit2
import pytest
from msgspec.structs import replace

from secrel.answers import leave, take
from secrel.desk.desk import Desk
from secrel.desk.fixing import remove_fix
from secrel.desk.looking import look
from secrel.desk.releasing import move_release
from secrel.desk.starting import start
from secrel.evaluate.registry import check_named
from secrel.evaluate.verdicts import Blocked, Finding, Passed, Question, Said, UnseenVerdict, Verdict
from secrel.journal.entries import entry_of
from secrel.observe.release_file import read_release_file
from secrel.settings import load_settings
from secrel.snapshot.seen import RangeProof
from secrel.wiring import open_desk, open_forge
from secrel.words.people import Claim
from tests.cli.desks import TEAM

NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
SETTINGS = 'process = "generic"\n[repositories]\n"vendor/product" = "product.git"\n'
RELEASE = """release: 2027-01
kind: planned
due: 2027-01-13T16:00:00+00:00
form: generic
products: [{product: product, versions: [1.2.2, 1.1.2]}]
primary: amara
secondary: bjorn
fixes:
  - name: notebooks
    title: Stored script in notebooks
    description: A notebook could run script.
    affected: {since: "SINCE"}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N
    weakness: CWE-79
    cve: CVE-2026-1111
    assigned_by: us
    origins: [ORIGIN]
    merge_requests:
      - {branch: fix-main, target: main}
      - {branch: fix-1.2, target: 1.2-stable}
      - {branch: fix-1.1, target: 1.1-stable}
"""


class Repository:
    """A product's history, one commit at a time: every commit has a file of its own, so that nothing conflicts."""

    def __init__(self, path: Path) -> None:
        self.repo = pygit2.init_repository(path, bare=True, initial_head="main")
        self.count = 0

    def commit(self, branch: str, parents: Sequence[str]) -> str:
        self.count += 1
        index = pygit2.Index()
        if parents:
            index.read_tree(self.repo[parents[0]].peel(pygit2.Tree))
        blob = self.repo.create_blob(f"{self.count}\n".encode())
        index.add(pygit2.IndexEntry(f"file-{self.count}", blob, pygit2.enums.FileMode.BLOB))
        who = pygit2.Signature("dev", "dev@vendor.example", 1_700_000_000 + 1000 * self.count, 0)
        tree = index.write_tree(self.repo)
        made = self.repo.create_commit(None, who, who, f"Change {self.count}", tree, list(parents))
        self.repo.references.create(f"refs/heads/{branch}", made, force=True)
        return str(made)

    def tag(self, version: str, commit: str) -> None:
        self.repo.references.create(f"refs/tags/v{version}", commit)

    def branch(self, name: str, commit: str) -> None:
        self.repo.references.create(f"refs/heads/{name}", commit, force=True)


def a_history(path: Path) -> str:
    """1.1.0 is clean, 1.1.1 has the flaw by the origin's backport through main at 1.1-stable's start, 1.2.0 has it."""
    made = Repository(path)
    first = made.commit("main", [])
    made.tag("1.0.0", first)
    origin = made.commit("main", [first])
    made.branch("1.1-stable", origin)
    made.tag("1.1.0", made.commit("1.1-stable", [origin]))
    tip = made.commit("main", [origin])
    made.branch("1.2-stable", tip)
    made.tag("1.2.0", made.commit("1.2-stable", [tip]))
    for branch, name in (("main", "main"), ("1.2-stable", "1.2"), ("1.1-stable", "1.1")):
        head = str(made.repo.references[f"refs/heads/{branch}"].target)
        made.branch(f"fix-{name}", head)
        made.commit(f"fix-{name}", [head])
    return origin


def a_desk(folder: Path, since: str, origin: str = "") -> Desk:
    folder.mkdir()
    found = a_history(folder / "product.git")
    (folder / "secrel.toml").write_text(SETTINGS, "utf-8")
    (folder / "team.toml").write_text(TEAM, "utf-8")
    desk = open_desk(load_settings(folder), "amara", lambda: NOW)
    text = RELEASE.replace("SINCE", since).replace("ORIGIN", found if origin == "" else origin)
    text = text.replace("    origins: [unknown]\n", "")
    start(desk, read_release_file(text, "release.yaml", desk.process))
    return desk


def merged_and_tagged(desk: Desk, folder: Path) -> None:
    people = open_forge(load_settings(folder), desk.process, lambda: NOW).people
    for number in (1, 2, 3):
        people.merge(f"vendor/product!{number}", "dewi", NOW)
    repo = pygit2.Repository(folder / "product.git")
    for version, branch in (("1.2.2", "1.2-stable"), ("1.1.2", "1.1-stable")):
        repo.references.create(f"refs/tags/v{version}", repo.references[f"refs/heads/{branch}"].target)


def verdict(desk: Desk) -> Verdict:
    desk.journal.add(entry_of(Claim("2027-01", "merge-requests-ready", "dewi", NOW, "merged by hand", waives=True)))
    return look(desk, "2027-01").assessment.by_name["ranges-proved"].verdict


def test_the_right_range_is_proved(tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", "1.1.0")
    merged_and_tagged(desk, tmp_path / "desk")
    told = verdict(desk)
    assert isinstance(told, Passed), told
    assert "git proves all versions from 1.1.0 before 1.1.2, 1.2" in told.evidence[0].what


@pytest.mark.parametrize("since", ["1.0.0", "1.2.0"])
def test_a_wrong_range_is_shown_beside_the_proved_one(since: str, tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", since)
    merged_and_tagged(desk, tmp_path / "desk")
    told = verdict(desk)
    assert isinstance(told, Blocked), told
    assert any(f"given all versions from {since}" in finding.what for finding in told.findings)
    assert all("git proves" in finding.what for finding in told.findings)


@pytest.mark.parametrize("since", ["1.0.0", "1.1.0", "1.2.0"])
def test_without_an_origin_the_side_of_the_fix_is_judged(since: str, tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", since, origin="unknown")
    merged_and_tagged(desk, tmp_path / "desk")
    told = verdict(desk)
    assert isinstance(told, Passed), told
    assert "only the side of the fix was judged" in told.evidence[0].what


def test_without_an_origin_a_fixed_version_that_the_tags_contradict_blocks(tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", "1.1.0", origin="unknown")
    merged_and_tagged(desk, tmp_path / "desk")
    move_release(desk, "2027-01", versions={"product": ["1.2.3", "1.1.2"]})
    proof = look(desk, "2027-01").snapshot.proved["vendor/product#1"]
    assert isinstance(proof, RangeProof)
    assert any("1.2.2" in difference for difference in proof.differences)
    assert not proof.origin_known


def test_a_fix_that_was_reverted_before_the_tag_is_not_in_it(tmp_path: Path) -> None:
    desk, folder = a_desk(tmp_path / "desk", "1.1.0", origin="unknown"), tmp_path / "desk"
    merged_and_tagged(desk, folder)
    repo = pygit2.Repository(folder / "product.git")
    merge = repo.references["refs/heads/1.1-stable"].peel(pygit2.Commit)
    who = pygit2.Signature("dev", "dev@vendor.example", int(NOW.timestamp()), 0)
    before = repo[merge.parent_ids[0]].peel(pygit2.Commit).tree_id
    text = f'Revert "Change"\n\nThis reverts commit {merge.id}.\n'
    taken_back = repo.create_commit(None, who, who, text, before, [merge.id])
    repo.references.create("refs/tags/v1.1.2", taken_back, force=True)
    seen = look(desk, "2027-01")
    proof = seen.snapshot.proved["vendor/product#1"]
    assert isinstance(proof, RangeProof)
    assert [str(version) for version in proof.lacking] == ["1.1.2"]


@pytest.mark.parametrize(
    "way",
    [
        *("merged", "picked", "picked in other words", "all in one commit", "merged and taken back", "branch gone"),
        "not at all",
    ],
)
def test_what_ships_of_a_fix_that_was_taken_out_is_told_by_whatever_commits(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "desk"
    desk = a_desk(folder, "1.1.0", origin="unknown")
    repo = pygit2.Repository(folder / "product.git")
    who = pygit2.Signature("ship", "ship@vendor.example", 1_700_050_000, 0)
    head = repo.references["refs/heads/1.2-stable"].peel(pygit2.Commit)
    fix = repo.references["refs/heads/fix-1.2"].peel(pygit2.Commit)
    if way == "all in one commit":
        blob = repo.create_blob(b"one\ntwo\nthree\nfour\nfive\n")
        index = pygit2.Index()
        index.read_tree(fix.tree)
        index.add(pygit2.IndexEntry("file-more", blob, pygit2.enums.FileMode.BLOB))
        made = repo.create_commit("refs/heads/fix-1.2", who, who, "Test it", index.write_tree(repo), [fix.id])
        fix = repo[made].peel(pygit2.Commit)
    remove_fix(desk, "2027-01", "vendor/product#1", "too late")
    people = open_forge(load_settings(folder), desk.process, lambda: NOW).people
    tip: pygit2.Oid | str = head.id
    if way.startswith("merged"):
        people.merge("vendor/product!2", "dewi", NOW)
        tip = repo.references["refs/heads/1.2-stable"].target
    if way == "merged and taken back":
        words = f'Revert "it"\n\nThis reverts commit {tip}.\n'
        tip = repo.create_commit(None, who, who, words, head.tree_id, [tip])
    if way.startswith(("picked", "all", "branch")):
        words = fix.message if way == "picked" else "Something else"
        tip = repo.create_commit(None, who, who, words, fix.tree_id, [head.id])
    if way == "branch gone":
        for name in ("fix-main", "fix-1.2", "fix-1.1"):
            repo.references[f"refs/heads/{name}"].delete()
    repo.references.create("refs/tags/v1.2.2", tip, force=True)
    gate = assess_gate(desk, "fixes-in-tags")
    told = [said.what for said in gate if isinstance(said, Finding)]
    ships = way not in ("merged and taken back", "branch gone", "not at all")
    assert [("v1.2.2 has what it changes: it ships unannounced" in what) for what in told] == [True] * ships, told


def assess_gate(desk: Desk, name: str) -> list[Said]:
    """Give what the check of a gate says now, whether or not its turn has come."""
    gate = desk.process.gate(name)
    assert gate is not None
    seen = look(desk, "2027-01").snapshot
    return list(check_named(gate.check)(seen, Question(gate, desk.process, NOW, None)))


def test_an_origin_that_the_history_does_not_know_is_unseen(tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", "1.1.0", origin="deadbeef")
    merged_and_tagged(desk, tmp_path / "desk")
    assert isinstance(verdict(desk), UnseenVerdict | Blocked)
    assert not isinstance(verdict(desk), Passed)


def test_nothing_is_proved_before_the_fix_is_merged_or_without_a_history(tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", "1.1.0")
    assert look(desk, "2027-01").snapshot.proved == {}
    merged_and_tagged(desk, tmp_path / "desk")
    assert look(replace(desk, histories=lambda _project: None), "2027-01").snapshot.proved == {}


def test_a_bump_is_followed_by_the_proof(tmp_path: Path) -> None:
    desk = a_desk(tmp_path / "desk", "1.1.0")
    merged_and_tagged(desk, tmp_path / "desk")
    move_release(desk, "2027-01", versions={"product": ["1.2.3", "1.1.2"]})
    proof = look(desk, "2027-01").snapshot.proved["vendor/product#1"]
    assert getattr(proof, "differences", ()), "1.2.2 has the fix, and the release now says 1.2.3"


def test_what_was_proved_is_proved_again_when_a_name_moved_and_only_then(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    desk = a_desk(folder, "1.1.0")
    merged_and_tagged(desk, folder)
    assert isinstance(verdict(desk), Passed)
    kept = desk.proofs["vendor/product"]
    assert isinstance(verdict(desk), Passed)
    assert desk.proofs["vendor/product"] is kept
    repo = pygit2.Repository(folder / "product.git")
    repo.references.create("refs/tags/v1.0.1", repo.references["refs/tags/v1.1.0"].target)  # it holds the origin
    told = verdict(desk)
    assert isinstance(told, Blocked), told
    assert desk.proofs["vendor/product"] is not kept


def test_what_was_proved_by_an_earlier_command_holds_while_no_name_moved(tmp_path: Path) -> None:
    folder, store = tmp_path / "desk", dict[bytes, bytes]()
    desk = a_desk(folder, "1.1.0")
    merged_and_tagged(desk, folder)

    def proved() -> object:
        take(dict(store), store.update)
        found = look(open_desk(load_settings(folder), "amara", lambda: NOW), "2027-01").snapshot.proved
        leave()
        return found

    first, kept = proved(), dict(store)
    assert proved() == first
    assert store == kept, "nothing was found out anew"
    repo = pygit2.Repository(folder / "product.git")
    repo.references.create("refs/tags/v1.0.1", repo.references["refs/tags/v1.1.0"].target)  # it holds the origin
    assert proved() != first
    repo.references.delete("refs/tags/v1.0.1")
    assert proved() == first


@pytest.mark.parametrize("lacks", ["file-6", "file-1"])
def test_what_was_proved_of_a_copy_without_all_files_is_proved_again_when_they_are_there(
    lacks: str, tmp_path: Path
) -> None:
    folder, store = tmp_path / "desk", dict[bytes, bytes]()
    desk = a_desk(folder, "1.1.0")
    merged_and_tagged(desk, folder)
    repo = pygit2.Repository(folder / "product.git")
    name = str(repo.references["refs/heads/main"].peel(pygit2.Tree)[lacks].id)
    file = folder / "product.git" / "objects" / name[:2] / name[2:]

    def is_kept() -> bool:
        take(dict(store), store.update)
        one = open_desk(load_settings(folder), "amara", lambda: NOW)
        proof = look(one, "2027-01").snapshot.proved["vendor/product#1"]
        leave()
        assert isinstance(proof, RangeProof)
        return bool(one.proofs)

    file.rename(tmp_path / "away")
    assert is_kept() is (lacks == "file-1"), "a file that the fix does not touch tells nothing of it"
    (tmp_path / "away").rename(file)
    assert is_kept()


def test_what_was_proved_without_contents_of_the_fix_does_not_pass_until_they_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    desk = a_desk(folder, "1.1.0")
    merged_and_tagged(desk, folder)
    repo = pygit2.Repository(folder / "product.git")
    name = str(repo.references["refs/heads/fix-1.2"].peel(pygit2.Tree)["file-7"].id)
    file = folder / "product.git" / "objects" / name[:2] / name[2:]
    file.rename(tmp_path / "away")
    said = verdict(desk)
    assert isinstance(said, UnseenVerdict)
    assert "the range is not proved: fix" in str(said)
    assert "whether versions still have what it changed was not compared" in str(said)
    (tmp_path / "away").rename(file)
    assert isinstance(verdict(desk), Passed)
