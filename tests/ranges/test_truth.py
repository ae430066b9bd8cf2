"""Histories whose truth is known, because contents are carried along: what is proved is never wrong.

Commits do something or nothing to the flaw; series get picks with a trailer or without a sign, reverts are picked too,
releases are made by squash, tags are missing, renamed, or of other packages. The reference looks at contents alone, and
the program at commits, messages and tags alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.cases import Case, Change, Claimed, RangeClaim, SeriesPlan
from secrel.ranges.naming.catalogue import AUTO, Naming, Published, catalogue
from secrel.ranges.naming.choosing import preferred
from secrel.ranges.prove import Ground
from secrel.ranges.resolve import asked
from secrel.ranges.results import Result
from secrel.ranges.said.compare import compare
from secrel.ranges.said.documents import documents, text_of
from secrel.words.facts.phrases import read_range
from secrel.words.history.commits import Says
from secrel.words.versions import Series, Version
from tests.ranges.histories import History, prove

MAIN = ("nothing", "origin", "nothing", "fix", "nothing", "revert", "nothing", "revert of the revert")


@dataclass(frozen=True)
class Contents:
    """What a commit's files are like: whether the flaw was brought in, and whether it is removed."""

    flawed: bool = False
    mended: bool = False

    @property
    def affected(self) -> bool:
        return self.flawed and not self.mended


@dataclass
class Truth:
    """A history with the contents of every commit, and what every published version is like."""

    parents: list[list[int]] = field(default_factory=list)
    contents: list[Contents] = field(default_factory=list)
    says: list[tuple[int, Says, int]] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)
    versions: dict[str, Contents] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    readable: bool = True

    def commit(self, parent: int | None, contents: Contents) -> int:
        self.parents.append([] if parent is None else [parent])
        self.contents.append(contents)
        return len(self.parents) - 1

    def done(self, what: str, parent: int) -> int:
        """Do one thing on top of a commit, and note what the message says."""
        before = self.contents[parent]
        after = {
            "origin": replace(before, flawed=True),
            "fix": replace(before, mended=True),
            "revert": replace(before, mended=False),
            "revert of the revert": replace(before, mended=True),
        }.get(what, before)
        made = self.commit(parent, after)
        undone = {"revert": "fix", "revert of the revert": "revert"}.get(what)
        if undone is not None:
            self.says.append((made, Says.REVERTS, self.named[undone]))
        return made

    def release(self, version: str, commit: int, *names: str) -> None:
        self.versions[version] = self.contents[commit]
        self.tags |= dict.fromkeys(names, commit)


def naming(draw: st.DrawFn, number: int, renamed: int | None) -> str:
    return "app-{}" if renamed is not None and number >= renamed else "v{}"


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    truth = Truth()
    head = truth.commit(None, Contents())
    renamed = draw(st.none() | st.integers(1, 6))
    package = draw(st.booleans())
    bases: dict[int, int] = {}
    steps = MAIN[: draw(st.integers(4, len(MAIN)))]
    for number, what in enumerate(steps):
        head = truth.done(what, head)
        if what != "nothing":
            truth.named[what] = head
        if draw(st.integers(0, 3)):
            tag = naming(draw, number, renamed).format(f"1.{number}.0")
            missing = draw(st.integers(0, 5)) == 0
            also = (f"lib-{number + 1}.0.0",) if package else ()
            truth.release(f"1.{number}.0", head, *(() if missing else (tag,)), *also)
            bases[number] = head
    for number in draw(st.lists(st.sampled_from(sorted(bases)), max_size=2, unique=True)) if bases else ():
        series(draw, truth, number, bases[number], renamed)
    return truth


def below(truth: Truth, commit: int) -> set[int]:
    """A commit and all that it descends from."""
    return History(truth.parents).below(commit)


def series(draw: st.DrawFn, truth: Truth, number: int, head: int, renamed: int | None) -> None:
    """Carry changes to a series, each with a trailer, without any sign, or squashed with others into a release."""
    fixed = {commit for commit in range(len(truth.parents)) if truth.named["fix"] in below(truth, commit)}
    for patch in range(1, draw(st.integers(1, 3)) + 1):
        what = draw(st.sampled_from(["nothing", *(name for name in truth.named)]))
        before = truth.contents[head]
        if what == "origin" and (before.flawed or before.mended):
            what = "nothing"
        if what in ("revert", "fix", "revert of the revert") and before.mended == (what != "revert"):
            what = "nothing"
        if what in ("revert", "revert of the revert") and not before.flawed:
            what = "nothing"
        # that a fix which was taken back was made again in other words is beyond what can be seen (docs/affected.md)
        silent = what == "fix" and head not in fixed and draw(st.booleans())
        fixed |= {len(truth.parents)} if head in fixed or (what == "fix" and not silent) else set()
        head = truth.done("nothing" if what.startswith("revert") else what, head)
        if what.startswith("revert"):
            truth.contents[head] = replace(before, mended=what != "revert")
        if what != "nothing" and not silent:
            truth.says.append((head, draw(st.sampled_from([Says.PICKED, Says.UPSTREAM])), truth.named[what]))
        tag = naming(draw, number, renamed).format(f"1.{number}.{patch}")
        missing = draw(st.integers(0, 5)) == 0
        truth.release(f"1.{number}.{patch}", head, *(() if missing else (tag,)))


def told(truth: Truth, *, origin_known: bool, listed: bool, words: tuple[str, ...]) -> Result:
    history = History(truth.parents, truth.tags, {})
    count = len(truth.parents)
    facts = history.facts(
        truth.says, author=dict.fromkeys(range(count), 7), date={commit: 1000 + commit for commit in range(count)}
    )
    case = Case(
        "case",
        (Change((history.id(truth.named["fix"]),)),),
        (Change((history.id(truth.named["origin"]),)),) if origin_known else (),
    )
    graph = history.graph()
    chosen, faults = preferred(graph, Naming(words), {"case": asked(graph, facts, case).seeds})
    published = [Published(Version.parse(version)) for version in truth.versions] if listed else None
    versions = catalogue(graph.tags, chosen, published=published)
    return prove(Ground(graph, versions, facts, guessed=not words, faults=faults), [case])[0]


def wrong(truth: Truth, result: Result, *, origin_known: bool) -> Mapping[str, str]:
    """Give the published versions of which the range says what is not so."""
    found = {}
    for text, contents in truth.versions.items():
        version = Version.parse(text)
        said = any(version in span for span in result.spans)
        really = contents.affected if origin_known else not contents.mended
        if said != really and version in {*result.versions}:
            found[text] = f"said {said}, is {really}"
    return found


@given(truth=truths(), origin_known=st.booleans(), listed=st.booleans(), explicit=st.booleans())
def test_what_is_proved_is_true_of_every_version(
    *, truth: Truth, origin_known: bool, listed: bool, explicit: bool
) -> None:
    words = ("v{version}", "app-{version}") if explicit else AUTO.patterns
    result = told(truth, origin_known=origin_known, listed=listed, words=words)
    if result.proved:
        assert wrong(truth, result, origin_known=origin_known) == {}


@given(truth=truths(), origin_known=st.booleans())
def test_what_nobody_saw_is_never_called_unaffected(*, truth: Truth, origin_known: bool) -> None:
    result = told(truth, origin_known=origin_known, listed=True, words=("v{version}", "app-{version}"))
    tagged = {name.partition("-")[2] or name[1:] for name in truth.tags}
    unseen = {Version.parse(version) for version in truth.versions if version not in tagged}
    assert unseen - {*result.inferred} <= result.doubtful
    for version in result.inferred:
        assert not truth.versions[str(version)].affected


@st.composite
def questions(draw: st.DrawFn, truth: Truth, history: History) -> tuple[Case, tuple[SeriesPlan, ...]]:
    """Ask anything: any commits as fixes and origins, first versions, claims, and series with branches or without."""
    commits = st.integers(0, len(truth.parents) - 1)

    def change() -> Change:
        return Change(tuple(history.id(one) for one in draw(st.lists(commits, min_size=1, max_size=2, unique=True))))

    fixes = tuple(change() for _ in range(draw(st.integers(1, 2))))
    origins = tuple(change() for _ in range(draw(st.integers(0, 1))))
    texts = [] if origins else draw(st.lists(st.sampled_from([*truth.versions, "7.7"]), max_size=1))
    claim = RangeClaim(Claimed.NOT_AFFECTED, read_range("all versions before 1.3.0"), "off by default", "amara")
    claims = (claim,) if draw(st.booleans()) else ()
    plans = {}
    for name in draw(st.lists(st.sampled_from(["1.1", "1.2", "1.3", "1.9"]), max_size=2)):
        series, planned = Series.parse(name), draw(st.sampled_from([None, Version.parse(f"{name}.9")]))
        branch, supported = draw(st.sampled_from(["", *history.branches])), draw(st.sampled_from([None, True, False]))
        plans[series] = SeriesPlan(series, branch, supported, planned)
    return Case("case", fixes, origins, tuple(map(Version.parse, texts)), claims), tuple(plans.values())


@given(truth=truths(), listed=st.booleans(), data=st.data())
def test_whatever_is_asked_no_output_is_surer_than_another(*, truth: Truth, listed: bool, data: st.DataObject) -> None:
    heads = data.draw(st.lists(st.integers(0, len(truth.parents) - 1), min_size=1, max_size=2))
    history = History(truth.parents, truth.tags, {f"b{number}": head for number, head in enumerate(heads)})
    case, plans = data.draw(questions(truth, history))
    graph, facts = history.graph(), data.draw(st.sampled_from([None, history.facts(truth.says)]))
    words = data.draw(st.sampled_from([(), ("v{version}",), ("v{version}", "app-{version}")]))
    naming, faults = preferred(graph, Naming(words), {"case": asked(graph, facts, case).seeds})
    published = [Published(Version.parse(version)) for version in truth.versions] if listed else None
    versions = catalogue(graph.tags, naming, published=published)
    result = prove(Ground(graph, versions, facts, plans, guessed=not words, faults=faults), [case])[0]
    stand = [*result.affected, *result.fixed, *result.unknown]
    assert len(stand) == len({*stand}) == len({*stand} & {*result.versions})
    [written] = documents([result], graph)
    assert result.proved == (written["cve"]["defaultStatus"] == "unaffected")
    if not result.proved:
        assert result.unseen
        assert "no version is affected" not in text_of(result, graph)
        assert written["osv"]["ranges"] == []
    if result.doubtful or not result.versions:
        assert compare(read_range("all versions"), result)
