"""Drawn histories of fixes in parts, taken back and made again, in files that move: what is proved is so.

The fix comes by hand or by merges of merges; it is taken back and made again in every form, whole or in part; files
move, and their lines get other ends; series pick it whole or in part, with other work beside it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.words.versions import Version
from tests.adapters_git.stories import Story
from tests.adapters_git.test_made_again import FORMS, NAMES
from tests.adapters_git.test_part_of_a_fix import CHECKS, SAID, apart, proved

FEW = settings(max_examples=max(10, settings().max_examples // 4))
BODY = SAID.partition("\n\n")[2]
REVERTS = (
    'Revert "{s}"\n\nThis reverts commit {f}.',
    "revert: {s}\n\nRefs: {f}",
    'Revert "{s}" (#9)',
    "Make it simpler",
)
PICKS = (
    "{m}\n\n(cherry picked from commit {f})",
    "{m}\n\n[ Upstream commit {f} ]",
    "Keep names short\n\nBackport of commit {f}",
)
WHOLE, NOTHING = (True,) * len(CHECKS), (False,) * len(CHECKS)


@dataclass
class Line:
    """One branch: what its file is called, which checks it has, and the last commits that brought or took them."""

    branch: str
    path: str
    checks: tuple[bool, ...] = NOTHING
    fix: str = ""
    revert: str = ""


@dataclass
class Drawn:
    """A history as it grows; `truth` has the versions that have the flaw, and those that do not."""

    story: Story
    random: Random
    truth: dict[str, bool] = field(default_factory=dict)

    def put(self, line: Line, message: str, checks: tuple[bool, ...], more: str = "") -> str:
        """Commit the file with these checks, and sometimes a list of changes."""
        line.checks = checks
        text = apart(*(one if here else "" for one, here in zip(CHECKS, checks, strict=True))) + more
        notes = {"CHANGES": f"{self.story.count}\n"} if self.random.random() < 0.3 else {}
        return self.story.commit(message, edits={line.path: text, **notes})

    def release(self, line: Line, version: str) -> None:
        self.story.tag(f"v{version}")
        self.truth[version] = line.checks != WHOLE

    def fixed(self, line: Line) -> str:
        """Fix the flaw; give the commit that is named."""
        story, how = self.story, self.random.choice(("by hand", "by hand", "merged", "nested"))
        message = NAMES + (f"\n\n{BODY}" if self.random.random() < 0.5 else "")
        if how == "by hand":
            line.fix = self.put(line, message, WHOLE)
            return line.fix
        story.branch("topic")
        if how == "nested":
            story.branch("sub")
        line.fix = self.put(line, message, WHOLE)
        if how == "nested":
            story.go("topic")
            story.merge("sub", "Merge branch 'sub'")
        story.go("main")
        story.commit(edits={"m.c": "int m;\n"})
        return self.random.choice((line.fix, story.merge("topic", "Merge branch 'topic'")))

    def moved(self, line: Line) -> None:
        text = self.story.files[self.story.head() or ""][line.path]
        new = self.random.choice([one for one in ("p/x.c", "q/y.c", "w.c") if one != line.path])
        self.story.remove("Move the parser", line.path, edits={new: text})
        line.path = new

    def later(self, line: Line) -> None:
        """Go on with the main branch."""
        step = self.random.choice(("nothing", "back", "back", "again", "again", "move", "ends", "work"))
        text = self.story.files[self.story.head() or ""][line.path]
        if step == "back" and line.checks == WHOLE:
            said = self.random.choice(REVERTS).format(s=NAMES, f=line.fix)
            line.revert = self.put(line, said, NOTHING, self.random.choice(("", "work();\n")))
        elif step == "again" and line.revert and line.checks == NOTHING:
            said = self.random.choice([*FORMS.values()]).format(s=NAMES, f=line.fix, v=line.revert)
            count = self.random.choice((4, 4, 4, 2, 3))
            self.put(line, said, tuple(number < count for number in range(len(CHECKS))))
        elif step == "move":
            self.moved(line)
        elif step == "ends":
            self.story.commit("Other ends", edits={line.path: text.replace("\r", "").replace("\n", "\r\n")})
        elif step == "work":
            self.story.commit("Work", edits={line.path: text + f"int w{self.story.count};\n"})
        else:
            self.story.commit()

    def carried(self, line: Line, fix: str) -> None:
        """Go on with a series."""
        step = self.random.choice(("nothing", "pick", "pick", "part", "back"))
        if step in ("pick", "part") and line.checks == NOTHING:
            some = tuple(self.random.random() < 0.5 for _ in CHECKS)
            checks = WHOLE if step == "pick" else (some if any(some) else (True, *NOTHING[1:]))
            said = self.random.choice(PICKS).format(m=NAMES, f=fix)
            line.fix = self.put(line, said, checks, self.random.choice(("", "work();\n")))
        elif step == "back" and line.checks == WHOLE:
            self.put(line, self.random.choice(REVERTS).format(s=NAMES, f=line.fix), NOTHING)
        else:
            self.story.commit()


def drawn(story: Story, random: Random) -> tuple[Drawn, str, str]:
    """Draw a history; give the commit that is named as the fix, and the origin or nothing."""
    made, main, series = Drawn(story, random), Line("main", "a.c"), list[tuple[Line, str]]()
    with_origin = random.random() < 0.5
    story.commit(edits={"z.c": "int z;\n"} if with_origin else {"a.c": apart()})
    story.tag("v1.0.0")
    made.truth["1.0.0"] = not with_origin
    origin = made.put(main, "Copy names", NOTHING) if with_origin else ""
    made.release(main, "1.1.0") if with_origin else story.release("v1.1.0")
    made.truth["1.1.0"] = True

    def forked(name: str, version: str) -> None:
        if random.random() < 0.6:
            story.branch(name)
            series.append((Line(name, main.path, main.checks, main.fix), version))
            story.go("main")

    forked("s1", "1.1")
    if random.random() < 0.4:
        made.moved(main)
    named = made.fixed(main)
    made.release(main, "1.2.0")
    fix = main.fix
    forked("s2", "1.2")
    for number in range(3, 3 + random.randint(1, 4)):
        made.later(main)
        made.release(main, f"1.{number}.0")
    for line, version in series:
        story.go(line.branch)
        for number in range(1, 1 + random.randint(1, 3)):
            made.carried(line, fix)
            made.release(line, f"{version}.{number}")
    return made, named, origin


@FEW
@given(random=st.randoms(use_true_random=False))
def test_what_is_proved_of_parts_and_returns_is_true_of_the_files(random: Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made, named, origin = drawn(Story(Path(folder) / "app.git"), random)
        result = proved(made.story, named, origin=origin)
    for text, is_so in made.truth.items():
        version = Version.parse(text)
        if result.proved:
            assert (version in result.affected) is is_so, text
            assert any(version in span for span in result.spans) is is_so, text
