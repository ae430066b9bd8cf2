"""Histories in git whose truth is known by their files: what is proved is never wrong.

Fixes come by hand, by merges, and by picks, in one place, in many, in binary files and as modes; they are taken back in
every form that is known, without a word, line by line, and by merges that take the other side; origins are taken out,
too. Releases are renamed, squashed, of packages, and without
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
from tests.adapters_git.stories import Runs, Story

FLAW = "copy(n);\n"
CHECKS = ("check(n);\n", "  stop(n);\n", "look(n);\n", "  leave(n);\n")
MENDED = "".join(CHECKS) + FLAW
PLACES = 70  # of a large change
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
    """A repository, the commits that were named, and what every published version is like.

    The flaw and its fix are `text` in one place, `large` with many, the contents of a `binary` file, or a `mode`.
    """

    story: Story
    renamed: bool
    package: bool
    squashed: bool = False
    kind: str = "text"
    fix: str = ""
    origin: str = ""
    revert: str = ""
    logs: bool = False
    versions: dict[str, str] = field(default_factory=dict)  # what the file is like in each

    @property
    def state(self) -> str:
        """What the file is like now: `none`, `flaw`, `mended`, `half` of it, or `gone`."""
        text = self.story.files[self.story.head() or ""]["a.c"]
        if self.kind == "mode":
            return "flaw" if isinstance(text, Runs) else "mended" if self.fix else "none"
        if FLAW not in text:
            return "gone" if "int c;" in text else "none"
        found = [check for check in CHECKS if check in text]
        return ("flaw", "half", "half", "half", "mended")[len(found)]

    def written(self, state: str, checks: tuple[str, ...] = CHECKS) -> str:
        """Write the file as it is in a state; `half` has some of its checks."""
        if self.kind == "mode":
            return Runs("run\n") if state == "flaw" else "run\n"
        one = {"none": "", "gone": "", "flaw": FLAW, "half": "".join(checks) + FLAW, "mended": MENDED}[state]
        pieces = [f"int a{number};\nint b{number};\n{one}" for number in range(PLACES if self.kind == "large" else 1)]
        log = "log(a);\n" if self.logs and self.kind != "binary" else ""
        return ("\0" if self.kind == "binary" else "") + "".join(
            [*pieces, "" if state == "none" else f"int c;\n{log}int d;\n"]
        )

    def put(self, message: str, state: str, checks: tuple[str, ...] = CHECKS, **more: str) -> str:
        """Commit the file as it is in this state."""
        return self.story.commit(message, edits={"a.c": self.written(state, checks), **more})

    def release(self, version: str, *, tagged: bool) -> None:
        self.versions[version] = self.state
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


def fixed(truth: Truth, how: str) -> None:
    """Fix the flaw on the branch at hand, and merge that where it is asked for."""
    story = truth.story
    if how == "by hand":
        truth.fix = truth.put("Look at names", "mended")
        return
    story.branch("topic")
    truth.fix = truth.put("Look at names", "mended")
    story.go("main")
    story.commit()
    message = "Merge branch 'topic'\n\nLook at names\n\nSee merge request group/app!7"
    (story.merge_ours if how == "left out by the merge" else story.merge)("topic", message)


@st.composite
def truths(draw: st.DrawFn, folder: Path) -> Truth:
    truth = Truth(
        Story(folder / "app.git"),
        draw(st.booleans()),
        draw(st.integers(0, 3)) == 0,
        draw(st.integers(0, 7)) == 0,
        draw(st.sampled_from(["text", "text", "large", "binary", "mode"])),
    )
    truth.story.commit(edits={"a.c": truth.written("none"), "z.c": "int z;\n"})
    truth.release("1.0.0", tagged=True)
    truth.origin = truth.put("Copy names", "flaw")
    truth.release("1.1.0", tagged=draw(st.integers(0, 5)) > 0)
    fixed(truth, draw(st.sampled_from(FIXES)))
    truth.release("1.2.0", tagged=draw(st.integers(0, 5)) > 0)
    steps = ["nothing", "around", "revert", "revert", "pick of the revert", "line by line", "origin"]
    for number in range(3, 3 + draw(st.integers(1, 3))):
        later(draw, truth, draw(st.sampled_from(steps)))
        truth.release(f"1.{number}.0", tagged=draw(st.integers(0, 5)) > 0)
    for version in draw(st.lists(st.sampled_from(["1.0", "1.1", "1.2"]), max_size=2, unique=True)):
        series(draw, truth, version)
    if not truth.squashed and truth.kind == "text" and draw(st.integers(0, 3)) == 0:
        begun_anew(draw, truth, draw(st.sampled_from(["0.9.0", "1.9.0"])))
    return truth


def begun_anew(draw: st.DrawFn, truth: Truth, version: str) -> None:
    """Import the files as they are in some state, and release that."""
    truth.story.go("import")
    state = draw(st.sampled_from(["none", "flaw", "mended"]))
    truth.logs = False
    again = f"\n\n(cherry picked from commit {truth.fix})" if state == "mended" else ""
    truth.put(f"Import the parser{again}", state)
    truth.release(version, tagged=draw(st.booleans()))


def later(draw: st.DrawFn, truth: Truth, step: str) -> None:
    """Go on with the main branch."""
    whole = truth.state == "mended"
    if step == "around" and truth.kind in {"text", "large"} and truth.state != "half":
        truth.logs = True
        truth.put("Log", truth.state)
    elif step == "origin" and truth.kind != "mode":
        truth.put("Copy no more", "gone")
    elif step == "line by line" and whole and truth.kind in {"text", "large"}:
        for count in (3, 2, 1):
            truth.put(f"Make the parser simpler, step {count}", "half", CHECKS[:count])
        if draw(st.booleans()):
            truth.put("Make the parser simpler still", "flaw")
    elif whole and (step == "revert" or (step == "pick of the revert" and not truth.revert)):
        message = draw(st.sampled_from(REVERTS)).format(fix=truth.fix)
        more = {"z.c": "int y;\n"} if draw(st.booleans()) else {}
        truth.revert = truth.put(message, "flaw", CHECKS, **more)
    else:
        truth.story.commit()


def series(draw: st.DrawFn, truth: Truth, version: str) -> None:
    """Keep an older series: its fix is picked, and the revert after it."""
    story = truth.story
    name = f"v{version}.0"
    if f"refs/tags/{name}" not in story.repo.references:
        return
    story.branch(f"s{version}", str(story.repo.references[f"refs/tags/{name}"].target))
    truth.logs = False
    for number in (1, 2):
        step = draw(st.sampled_from(["nothing", "fix", "revert", "wordless", "left out", "origin"]))
        if step == "origin" and truth.state == "none" and truth.kind == "text":
            truth.put("Bring features of 1.1", "flaw")
        elif step == "fix" and truth.state == "flaw":
            truth.put(f"Look at names\n\n(cherry picked from commit {truth.fix})", "mended")
        elif step == "revert" and truth.state == "mended" and truth.revert:
            truth.put(f"Take it back\n\n(cherry picked from commit {truth.revert})", "flaw")
        elif step == "wordless" and truth.state == "mended":
            truth.put("Make the parser simpler", "flaw")
        elif step == "left out" and truth.state == "flaw":
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
    for name, state in truth.versions.items():
        version = Version.parse(name)
        said = any(version in span for span in result.spans)
        really = state == "flaw" if origin_known else state in {"none", "flaw", "gone"}
        if said != really and version in {*result.versions} and state != "half":
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
