"""Histories in git whose truth is known by their files: what is proved is never wrong.

Fixes come by hand, by merges, and by picks; they are taken back in every form that is known, without a word, and by
merges that take the other side; origins are taken out, too. Releases are renamed, squashed, of packages, and without
tags. The reference looks at the files alone; the program at commits, messages, tags and contents.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from secrel.ranges.naming.catalogue import Naming, Published
from secrel.ranges.results import Result
from secrel.words.versions import Version
from tests.adapters_git.stories import Story

FLAW, MENDED = "copy(n);\n", "check(n);\ncopy(n);\n"
FEW = settings(max_examples=max(6, settings().max_examples // 8))
REVERTS = (
    'Revert "Look at names"\n\nThis reverts commit {fix}.',
    'Revert "Look at names" (#12)',
    "revert: Look at names\n\nRefs: {fix}",
    'Back out "Look at names"',
    "Revert of Look at names (patchset #1 id:1 of https://review.example/1)",
    "Roll back what was done to names",
    "Make the parser simpler",
    "Import the parser as it was",
)
FIXES = ("by hand", "merged", "left out by the merge", "merged, then left out")


@dataclass
class Truth:
    """A repository, the commits that were named, and what every published version is like."""

    story: Story
    renamed: bool
    package: bool
    squashed: bool = False
    fix: str = ""
    origin: str = ""
    revert: str = ""
    versions: dict[str, str] = field(default_factory=dict)  # the text of the file in each

    @property
    def text(self) -> str:
        return self.story.files[self.story.head() or ""].get("a.c", "")

    def put(self, message: str, old: str, new: str, **more: str) -> str:
        """Commit with one piece of the file in the place of another."""
        return self.story.commit(message, edits={"a.c": self.text.replace(old, new), **more})

    def release(self, version: str, *, tagged: bool) -> None:
        self.versions[version] = self.text
        on = self.story.on
        if self.squashed:
            files = self.story.files[self.story.head() or ""]
            self.story.go("releases")
            self.story.commit(f"Version {version}", edits=files)
        if tagged:
            self.story.tag(("app-" if self.renamed and version >= "1.3" else "v") + version)
        if self.package:
            self.story.tag(f"lib-{version[2]}.0.0-{len(self.versions)}")
        self.story.go(on)


def affected(text: str) -> bool:
    return "copy(n);" in text and "check(n);" not in text


def fixed(truth: Truth, how: str) -> None:
    """Fix the flaw on the branch at hand, and merge that where it is asked for."""
    story = truth.story
    if how == "by hand":
        truth.fix = truth.put("Look at names", FLAW, MENDED)
        return
    story.branch("topic")
    truth.fix = truth.put("Look at names", FLAW, MENDED)
    story.go("main")
    story.commit()
    message = "Merge branch 'topic'\n\nLook at names\n\nSee merge request group/app!7"
    (story.merge_ours if how == "left out by the merge" else story.merge)("topic", message)


@st.composite
def truths(draw: st.DrawFn, folder: Path) -> Truth:
    truth = Truth(
        Story(folder / "app.git"), draw(st.booleans()), draw(st.integers(0, 3)) == 0, draw(st.integers(0, 7)) == 0
    )
    story = truth.story
    story.commit(edits={"a.c": "int a;\nint b;\n", "z.c": "int z;\n"})
    truth.release("1.0.0", tagged=True)
    truth.origin = truth.put("Copy names", "int b;\n", "int b;\n" + FLAW + "int c;\nint d;\n")
    truth.release("1.1.0", tagged=draw(st.integers(0, 5)) > 0)
    fixed(truth, draw(st.sampled_from(FIXES)))
    truth.release("1.2.0", tagged=draw(st.integers(0, 5)) > 0)
    steps = ["nothing", "around", "revert", "revert", "pick of the revert", "origin"]
    for number in range(3, 3 + draw(st.integers(1, 3))):
        step = draw(st.sampled_from(steps))
        if step == "nothing":
            story.commit()
        elif step == "around":
            truth.put("Log", "int c;\n", "int c;\nlog(a);\n")
        elif step == "origin":
            truth.put("Copy no more", MENDED if "check" in truth.text else FLAW, "")
        elif "check" in truth.text and (step == "revert" or not truth.revert):
            message = draw(st.sampled_from(REVERTS)).format(fix=truth.fix)
            more = {"z.c": "int y;\n"} if draw(st.booleans()) else {}
            truth.revert = truth.put(message, MENDED, FLAW, **more)
        truth.release(f"1.{number}.0", tagged=draw(st.integers(0, 5)) > 0)
    for version in draw(st.lists(st.sampled_from(["1.1", "1.2"]), max_size=2, unique=True)):
        series(draw, truth, version)
    return truth


def series(draw: st.DrawFn, truth: Truth, version: str) -> None:
    """Keep an older series: its fix is picked, and the revert after it."""
    story = truth.story
    name = f"v{version}.0"
    if f"refs/tags/{name}" not in story.repo.references:
        return
    story.branch(f"s{version}", str(story.repo.references[f"refs/tags/{name}"].target))
    for number in (1, 2):
        step = draw(st.sampled_from(["nothing", "fix", "revert", "wordless", "left out"]))
        if step == "fix" and affected(truth.text):
            truth.put(f"Look at names\n\n(cherry picked from commit {truth.fix})", FLAW, MENDED)
        elif step == "revert" and "check" in truth.text and truth.revert:
            truth.put(f"Take it back\n\n(cherry picked from commit {truth.revert})", MENDED, FLAW)
        elif step == "wordless" and "check" in truth.text:
            truth.put("Make the parser simpler", MENDED, FLAW)
        elif step == "left out" and affected(truth.text):
            story.commit()
            story.merge_ours("main", "Merge main")
        else:
            story.commit()
        truth.release(f"{version}.{number}", tagged=draw(st.integers(0, 5)) > 0)


def told(truth: Truth, *, origin_known: bool, listed: bool, words: tuple[str, ...]) -> Result:
    case = Case("case", (Change((truth.fix,)),), (Change((truth.origin,)),) if origin_known else ())
    published = tuple(Published(Version.parse(version)) for version in truth.versions) if listed else None
    asking = Asking(naming=Naming(words), published=published)
    return prove_affected(GitHistory(truth.story.path), asking, [case]).results[0]


def wrong(truth: Truth, result: Result, *, origin_known: bool) -> Mapping[str, str]:
    """Give the versions of which the range says what is not so."""
    found = {}
    for name, text in truth.versions.items():
        version = Version.parse(name)
        said = any(version in span for span in result.spans)
        really = affected(text) if origin_known else "check(n);" not in text
        if said != really and version in {*result.versions}:
            found[name] = f"said {said}, is {really}"
    return found


@FEW
@given(data=st.data(), origin_known=st.booleans(), listed=st.booleans(), explicit=st.booleans())
def test_what_is_proved_is_true_of_the_files_of_every_version(
    *, data: st.DataObject, origin_known: bool, listed: bool, explicit: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        truth = data.draw(truths(Path(folder)))
        words = ("v{version}", "app-{version}") if explicit else ()
        result = told(truth, origin_known=origin_known, listed=listed, words=words)
        if result.proved:
            assert wrong(truth, result, origin_known=origin_known) == {}
