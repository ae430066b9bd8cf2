"""How merge requests stand in git, in all the ways in which people use branches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pygit2
import pytest
from msgspec.structs import replace

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.people import NewMergeRequest
from secrel.adapters.localforge.repository.sites import make_site
from secrel.words.effects import Effect, OpenMergeRequest, RewriteFiles
from secrel.words.errors import Broken, Misused, NotSeen, Refused, SecrelError
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import Seen, Unseen
from tests.adapters.localforge.stage import START, LocalStage, commit
from tests.writing import do


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path)
    yield stage
    stage.close()


def opened(stage: LocalStage, branch: str = "fix", target: str = "main") -> str:
    return stage.people.add_merge_request(
        NewMergeRequest(stage.product, branch, target, "Fix it", "amara", stage.clock())
    )


def seen(stage: LocalStage, ref: str) -> MergeRequest:
    return stage.desk().people.merge_requests([ref])[ref]


def move(stage: LocalStage, branch: str, where: str) -> None:
    """Let a person push a branch to where another branch or a commit is."""
    repository = stage.repository(stage.product)
    found = repository.references.get(f"refs/heads/{where}")
    repository.references.create(f"refs/heads/{branch}", found.target if found else where, force=True)


def delete(stage: LocalStage, branch: str) -> None:
    stage.repository(stage.product).references.delete(f"refs/heads/{branch}")


def fix(stage: LocalStage, text: str = "fixed\n", branch: str = "fix") -> str:
    return stage.push(stage.product, branch, {"src/a.txt": text})


def test_a_branch_without_work_of_its_own_is_not_merged(stage: LocalStage) -> None:
    move(stage, "fix", "main")
    ref = opened(stage)
    assert seen(stage, ref).state is State.OPENED
    stage.push(stage.product, "main", {"other.txt": "x"})
    move(stage, "fix", "main")
    assert seen(stage, ref).state is State.OPENED
    head = fix(stage)
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.OPENED, head)


def test_a_branch_put_back_to_its_target_is_not_merged(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    move(stage, "fix", "main")
    assert seen(stage, ref).state is State.OPENED


def test_a_fast_forward_is_a_merge(stage: LocalStage) -> None:
    head = fix(stage)
    ref = opened(stage)
    move(stage, "main", "fix")
    stage.push(stage.product, "main", {"other.txt": "x"})
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.MERGED, head)
    delete(stage, "fix")
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.MERGED, head)


def test_what_was_added_before_a_fast_forward_counts(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    last = fix(stage, "fixed better\n")
    move(stage, "main", "fix")
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.MERGED, last)


def test_a_branch_that_moves_on_along_its_target_stays_merged_where_it_was(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    merge = stage.merge(ref)
    seen(stage, ref)
    stage.push(stage.product, "main", {"other.txt": "x"})
    move(stage, "fix", "main")
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.MERGED, merge)


def merge_with_git(stage: LocalStage, head: str, at: datetime) -> str:
    repository = stage.repository(stage.product)
    tip = stage.tip(stage.product, "main")
    tree = repository.merge_commits(tip, head).write_tree(repository)
    who = pygit2.Signature("git", "git@example.com", int(at.timestamp()), 0)
    return str(repository.create_commit("refs/heads/main", who, who, "merge", tree, [tip, head]))


def test_a_branch_that_never_had_work_and_is_gone_cannot_be_merged(stage: LocalStage) -> None:
    move(stage, "fix", "main")
    ref = opened(stage)
    delete(stage, "fix")
    found = seen(stage, ref)
    assert (found.state, found.commit, found.changed_at, found.has_conflicts) == (State.OPENED, "", None, True)


def test_a_merge_made_with_git_alone_is_seen(stage: LocalStage) -> None:
    head = fix(stage)
    ref = opened(stage)
    stage.push(stage.product, "main", {"other.txt": "x"})
    at = stage.clock()
    merge = merge_with_git(stage, head, at)
    stage.push(stage.product, "main", {"later.txt": "x"})
    delete(stage, "fix")
    found = seen(stage, ref)
    assert (found.state, found.commit) == (State.MERGED, merge)
    since = found.merged_at
    assert since is not None
    assert since > at, "when the forge saw it: a commit can be given any date"
    stage.clock()
    assert seen(stage, ref).merged_at == since, "and it stays so"


def test_a_deleted_branch_that_was_not_merged_cannot_be(stage: LocalStage) -> None:
    head = fix(stage)
    ref = opened(stage)
    delete(stage, "fix")
    found = seen(stage, ref)
    assert (found.state, found.commit, found.has_conflicts) == (State.OPENED, head, True)
    with pytest.raises(Misused):
        stage.merge(ref)


def test_new_work_on_a_merged_branch_is_open_again(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    stage.merge(ref)
    head = fix(stage, "more\n")
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.OPENED, head)


def test_a_squash_counts_when_a_person_says_so(stage: LocalStage) -> None:
    fix(stage)
    fix(stage, "fixed twice\n")
    ref = opened(stage)
    squash = stage.push(stage.product, "main", {"src/a.txt": "fixed twice\n"})
    assert seen(stage, ref).state is State.OPENED
    stage.people.record_merge(ref, squash)
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.MERGED, squash)
    delete(stage, "fix")
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.MERGED, squash)


def test_a_squash_that_is_not_in_the_target_does_not_count(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    elsewhere = stage.push(stage.product, "elsewhere", {"src/a.txt": "fixed\n"})
    stage.people.record_merge(ref, elsewhere)
    assert seen(stage, ref).state is State.OPENED


def test_history_that_is_brought_in_later_can_be_told(stage: LocalStage) -> None:
    head = fix(stage)
    squash = stage.push(stage.product, "main", {"src/a.txt": "fixed\n"})
    delete(stage, "fix")
    new = NewMergeRequest(stage.product, "fix", "main", "Fix it", "amara", START, head=head, merged_by_commit=squash)
    assert seen(stage, stage.people.add_merge_request(new)).state is State.MERGED
    plain = replace(new, merged_by_commit="", branch="fix-2")
    assert seen(stage, stage.people.add_merge_request(plain)).state is State.OPENED


def test_a_target_that_ended_leaves_what_was_merged_merged(stage: LocalStage) -> None:
    fix(stage)
    fix(stage, "other\n", "fix-2")
    merged, open_ = opened(stage, "fix", "stable"), opened(stage, "fix-2", "stable")
    commit_ = stage.merge(merged)
    delete(stage, "stable")
    assert (seen(stage, merged).state, seen(stage, merged).commit) == (State.MERGED, commit_)
    assert (seen(stage, open_).state, seen(stage, open_).has_conflicts) == (State.OPENED, True)


def test_clocks_that_were_very_wrong_do_not_hide_a_merge(stage: LocalStage) -> None:
    stage.clock.now = START + timedelta(days=400)
    head = fix(stage)
    ref = opened(stage)
    merge_with_git(stage, head, START)
    stage.clock.now = START + timedelta(days=500)
    for number in range(3):
        stage.push(stage.product, "main", {"other.txt": str(number)})
    assert seen(stage, ref).state is State.MERGED


def test_a_branch_that_merged_its_target_in_between_is_judged_right(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    repository = stage.repository(stage.product)
    other = stage.push(stage.product, "main", {"other.txt": "x"})
    head = stage.tip(stage.product, "fix")
    who = pygit2.Signature("amara", "amara@example.com", int(stage.clock().timestamp()), 0)
    tree = repository.merge_commits(head, other).write_tree(repository)
    merge = repository.create_commit("refs/heads/fix", who, who, "merge main", tree, [head, other])
    assert (seen(stage, ref).state, seen(stage, ref).commit) == (State.OPENED, str(merge))
    assert not seen(stage, ref).has_conflicts
    stage.push(stage.product, "main", {"src/a.txt": "otherwise\n"})
    assert seen(stage, ref).has_conflicts


@pytest.mark.parametrize(
    ("ours", "theirs", "conflicts"),
    [
        ({"src/b.txt": "x"}, {"src/a.txt": "y"}, False),
        ({"src/a.txt": "x"}, {"src/a.txt": "y"}, True),
        ({"new.txt": "x"}, {"new.txt": "x"}, False),
        ({"new.txt": "x"}, {"new.txt": "y"}, True),
        ({"new/file.txt": "x"}, {"new": "y"}, True),
        ({"new": "x"}, {"new/file.txt": "y"}, True),
    ],
)
def test_conflicts_are_what_git_says(
    stage: LocalStage, ours: dict[str, str], theirs: dict[str, str], *, conflicts: bool
) -> None:
    stage.push(stage.product, "fix", ours)
    ref = opened(stage)
    stage.push(stage.product, "main", theirs)
    assert seen(stage, ref).has_conflicts == conflicts
    if not conflicts:
        stage.merge(ref)


def test_histories_without_a_common_commit_conflict(stage: LocalStage) -> None:
    repository = stage.repository(stage.product)
    who = pygit2.Signature("amara", "amara@example.com", int(stage.clock().timestamp()), 0)
    tree = repository.TreeBuilder().write()
    repository.create_commit("refs/heads/island", who, who, "alone", tree, [])
    assert seen(stage, opened(stage, "island")).has_conflicts


def post(stage: LocalStage, key: str = "2026-11/post") -> str:
    files = (("posts/post.md", "# Post\n"),)
    return do(stage.desk(), Effect(key, OpenMergeRequest(stage.site, "post", "main", "P", "b", files), "post"))


def test_a_work_tree_is_never_touched_and_never_undone(tmp_path: Path) -> None:
    stage = LocalStage(tmp_path)
    clone = pygit2.clone_repository(str(stage.paths[stage.site]), str(tmp_path / "clone"))
    (tmp_path / "site.git").rename(tmp_path / "moved.git")
    (tmp_path / "clone").rename(tmp_path / "site.git")
    files = tmp_path / "site.git"
    ref = post(stage)
    assert sorted(path.name for path in files.iterdir()) == [".git", "index.md"]
    assert pygit2.Repository(str(files)).status() == {}
    with pytest.raises(Refused) as caught:
        stage.merge(ref)
    assert "checked out" in caught.value.what
    here = pygit2.Repository(str(files))
    here.set_head(here.references["refs/heads/main"].target)
    merge = stage.merge(ref)
    assert seen(stage, ref).commit == merge
    assert sorted(path.name for path in files.iterdir()) == [".git", "index.md"]
    clone.free()
    stage.close()


def tree_at(stage: LocalStage, commit: str) -> pygit2.Tree:
    found = stage.repository(stage.site)[commit]
    assert isinstance(found, pygit2.Commit)
    return found.tree


def test_a_site_shows_text_and_leaves_pictures_alone(stage: LocalStage) -> None:
    ref = post(stage)
    picture = b"\x89PNG\xff\xfe"
    stage.push(stage.site, "post", {"picture.png": picture, "long.txt": b"x" * (1 << 21)})
    found = seen(stage, ref)
    assert found.files == (("posts/post.md", "# Post\n"),)
    new = (("posts/post.md", "# New\n"),)
    do(
        stage.desk(),
        Effect("2026-11/again", RewriteFiles(ref, "P", "b", new, found.files, (found.title, found.body)), "again"),
    )
    assert seen(stage, ref).files == new
    kept = (tree_at(stage, stage.tip(stage.site, "post")) / "picture.png").read_raw()
    assert kept == picture
    overwriting = RewriteFiles(ref, "P", "b", (*new, ("picture.png", "text")), new, ("P", "b"))
    with pytest.raises(Refused):
        do(stage.desk(), Effect("2026-11/over", overwriting, "over"))


def test_a_rewrite_that_changes_no_file_moves_no_branch(stage: LocalStage) -> None:
    ref = post(stage)
    head = stage.tip(stage.site, "post")
    files = seen(stage, ref).files
    do(stage.desk(), Effect("2026-11/title", RewriteFiles(ref, "Title", "text", files, files, ("P", "b")), "title"))
    found = seen(stage, ref)
    assert (found.title, found.body, found.commit) == ("Title", "text", head)


def test_a_file_keeps_its_mode_and_a_link_is_not_written_through(stage: LocalStage) -> None:
    repository = stage.repository(stage.site)
    index = pygit2.Index()
    index.read_tree(tree_at(stage, stage.tip(stage.site, "main")))
    blob = repository.create_blob(b"index.md")
    index.add(pygit2.IndexEntry("run.sh", blob, pygit2.enums.FileMode.BLOB_EXECUTABLE))
    index.add(pygit2.IndexEntry("link.md", blob, pygit2.enums.FileMode.LINK))
    who = pygit2.Signature("amara", "amara@example.com", int(START.timestamp()), 0)
    tip = stage.tip(stage.site, "main")
    repository.create_commit("refs/heads/main", who, who, "more", index.write_tree(repository), [tip])
    change = OpenMergeRequest(stage.site, "post", "main", "P", "b", (("run.sh", "echo\n"),))
    do(stage.desk(), Effect("2026-11/run", change, "run"))
    tree = tree_at(stage, stage.tip(stage.site, "post"))
    assert tree["run.sh"].filemode == pygit2.enums.FileMode.BLOB_EXECUTABLE
    for number, path in enumerate(["link.md", "link.md/file.md", "index.md/file.md"]):
        through = replace(change, branch=f"through-{number}", files=((path, "text"),))
        with pytest.raises(Refused):
            do(stage.desk(), Effect(f"2026-11/through/{number}", through, "through"))
        assert f"refs/heads/through-{number}" not in list(repository.references)


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", "a/../b", ".git/config", "a/.GIT/x", "a//b", "", "a\\b", "a\nb", ".git./x", "x" * 300],
)
def test_a_path_that_leads_elsewhere_is_misused(stage: LocalStage, path: str) -> None:
    change = OpenMergeRequest(stage.site, "post", "main", "P", "b", ((path, "text"),))
    with pytest.raises(Misused):
        do(stage.desk(), Effect("2026-11/post", change, "post"))
    assert stage.repository(stage.site).references.get("refs/heads/post") is None


@pytest.mark.parametrize("files", [(("a", "1"), ("a", "2")), (("a", "1"), ("a/b", "2"))])
def test_files_that_contradict_each_other_are_misused(stage: LocalStage, files: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(Misused):
        do(stage.desk(), Effect("2026-11/post", OpenMergeRequest(stage.site, "post", "main", "P", "b", files), "post"))


def test_a_commit_says_which_effect_made_it_whatever_the_title(stage: LocalStage) -> None:
    title = "P" * 50
    change = OpenMergeRequest(stage.site, "post", "main", title, "b", (("a.md", "1"),))
    do(stage.desk(), Effect("2026-11/post", change, "post"))
    made = stage.repository(stage.site)[stage.tip(stage.site, "post")]
    assert isinstance(made, pygit2.Commit)
    assert made.message == f"{title}\n\nSecrel-Key: 2026-11/post\n"
    assert (made.author.name, made.author.email) == ("desk", "desk@localhost")


def test_a_repository_that_cannot_be_read_is_unseen(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    (stage.folder / "app.git" / "HEAD").unlink()
    with pytest.raises(NotSeen):
        seen(stage, ref)
    tags = stage.look(tags={stage.product: ("v1",), "board": ("v1",)}).tags
    read, named = f"git -C {stage.folder / 'app.git'} fsck", "name its repository in the settings of the forge"
    assert tags == {
        stage.product: Unseen("the git repository cannot be read", stage.product, read),
        "board": Unseen("no git repository is named for the project 'board'", "board", named),
    }


def test_a_repository_that_lost_a_commit_is_unseen(stage: LocalStage) -> None:
    head = fix(stage)
    ref = opened(stage)
    (stage.folder / "app.git" / "objects" / head[:2] / head[2:]).unlink()
    with pytest.raises(NotSeen):
        seen(stage, ref)


def test_a_shallow_repository_is_unseen(stage: LocalStage) -> None:
    fix(stage)
    ref = opened(stage)
    (stage.folder / "app.git" / "shallow").write_text(f"{stage.tip(stage.product, 'main')}\n")
    with pytest.raises(NotSeen) as caught:
        seen(stage, ref)
    assert "--unshallow" in caught.value.remedy


def test_a_tag_of_something_that_is_no_commit_is_no_tag(stage: LocalStage) -> None:
    repository = stage.repository(stage.product)
    repository.references.create("refs/tags/tree", repository.TreeBuilder().write())
    repository.references.create("refs/tags/light", stage.tip(stage.product, "main"))
    tags = stage.look(tags={stage.product: ("tree", "light")}).tags[stage.product]
    assert tags == Seen({"light": stage.tip(stage.product, "main")}, stage.product)


def test_a_branch_that_git_has_locked_is_not_moved(stage: LocalStage) -> None:
    ref = post(stage)
    before = stage.tip(stage.site, "main")
    (stage.folder / "site.git" / "refs" / "heads" / "main.lock").touch()
    with pytest.raises(Broken) as caught:
        stage.merge(ref)
    assert "could not be written" in caught.value.what
    assert stage.tip(stage.site, "main") == before
    assert seen(stage, ref).state is State.OPENED


def test_a_branch_that_git_cannot_have_beside_another_is_said(stage: LocalStage) -> None:
    stage.push(stage.site, "post/more", {"a": "b"})
    with pytest.raises(SecrelError):
        post(stage)


@pytest.mark.parametrize("by", ["...", "<>", "a <b> <c@d>", "; : , .", "\"'", "☃", "A B <not a mail>", "-"])
def test_whoever_merges_git_takes_the_name(stage: LocalStage, by: str) -> None:
    assert seen(stage, post(stage)).state is State.OPENED
    stage.people.merge(f"{stage.site}!1", by, START)
    assert seen(stage, f"{stage.site}!1").state is State.MERGED


def test_a_person_who_moved_the_branch_meanwhile_is_not_overwritten(stage: LocalStage) -> None:
    from secrel.adapters.localforge.repository import branches  # noqa: PLC0415 - only this test looks below the door
    from secrel.adapters.localforge.repository.history import RepositoryReader  # noqa: PLC0415

    history = RepositoryReader(stage.paths[stage.site], stage.site)
    before = history.tip("main")
    after = commit(stage.repository(stage.site), "main", {"a": "b"}, stage.clock())
    with pytest.raises(Refused):
        branches.move_branch(history, "main", before, before)
    assert history.tip("main") == after
    with pytest.raises(Refused):
        branches.start_branch(history, "main", before)


def test_a_site_can_be_made_where_there_is_none(tmp_path: Path) -> None:
    make_site(tmp_path / "site.git", "trunk", START)
    forge = LocalForge(tmp_path / "forge.sqlite3", {"group/site": tmp_path / "site.git"}, [], lambda: START)
    change = OpenMergeRequest("group/site", "post", "trunk", "P", "b", (("post.md", "text"),))
    ref = do(forge, Effect("2026-11/post", change, "post"))
    forge.people.merge(ref, "bjorn", START)
    assert forge.people.merge_requests([ref])[ref].state is State.MERGED
    forge.close()
    (tmp_path / "file").touch()
    with pytest.raises(Broken):
        make_site(tmp_path / "file" / "site.git", "trunk", START)
