from __future__ import annotations

from msgspec.structs import replace

from secrel.ranges.cases import Case, Change, Claimed, RangeClaim, SeriesPlan
from secrel.ranges.naming.catalogue import Naming, Published, catalogue
from secrel.ranges.prove import Ground
from secrel.ranges.results import NotProved, Result
from secrel.ranges.said.compare import compare
from secrel.ranges.said.documents import documents, tags_document, tags_text, text_of, told
from secrel.words.facts.phrases import read_range
from secrel.words.history.commits import Says
from secrel.words.history.graph import Ref
from secrel.words.versions import Series, Version
from tests.ranges.histories import History, prove

LINE = History(
    [[], [0], [1], [2], [3], [1], [5], [4]],
    {"v1.0.0": 0, "v1.1.0": 1, "v1.2.0": 2, "v1.3.0": 3, "v2.0.0": 4, "v2.1.0": 7, "v1.1.1": 6},
)


def proved(*, known: bool = True, **how: object) -> Result:
    graph = LINE.graph()
    facts = LINE.facts([(6, Says.PICKED, 4), (4, Says.FIXES, 1)], subject={4: 3, 5: 3}, words={4: 5, 5: 5})
    plans = tuple(SeriesPlan(Series((1, number)), supported=False) for number in (2, 3))
    origins = (Change((LINE.id(1),)),) if known else ()
    case = Case("CVE-2026-0001", (Change((LINE.id(4),)),), origins, **how)  # type: ignore[arg-type]
    return prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts, plans), [case])[0]


CLAIM = RangeClaim(Claimed.NOT_AFFECTED, read_range("all versions before 1.2.0"), "off by default", "amara")


def test_the_machine_form_says_everything_of_a_result() -> None:
    given = read_range("all versions from 1.1.0 before 2.0.0")
    [written] = documents(
        [proved(claims=(CLAIM,))],
        LINE.graph(),
        repository="https://git.example/app",
        differences={"CVE-2026-0001": compare(given, proved())},
    )
    assert written["spans"] == [{"since": "1.2.0", "fixed": "2.0.0"}]
    assert written["sentence"] == "all versions from 1.2.0 before 2.0.0"
    assert written["affected"] == ["1.2.0", "1.3.0"]
    assert written["claims"][0]["changed"] == ["1.1.0"]
    assert written["links"][0]["signal"] == "trailer"
    assert written["proposals"][0]["signal"] == "subject"
    assert written["cve"]["versions"][0]["lessThan"] == "2.0.0"
    assert written["osv"]["ranges"][1]["repo"] == "https://git.example/app"
    assert written["differences"][0]["versions"] == ["1.1.1"]
    assert [one["outcome"] for one in written["series"]][-1] == "fixed from its first version"


def test_a_result_without_a_range_has_no_ranges_in_any_form() -> None:
    nothing = Result("case", origin_known=True)
    [written] = documents([nothing], LINE.graph())
    result = proved()
    one, other = documents([result, result], LINE.graph())
    assert one == other
    assert written["osv"] == {"ranges": [], "versions": []}
    assert "differences" not in written
    assert told(nothing) == "not proved"
    assert told(Result("case", origin_known=True, versions=(Version.parse("1.0"),))) == "no version is affected"


def test_people_read_the_range_then_the_series_and_what_is_open() -> None:
    text = text_of(proved(claims=(CLAIM,)), LINE.graph(), differences=())
    assert text.splitlines()[:3] == ["CVE-2026-0001", "", "all versions from 1.2.0 before 2.0.0"]
    for title in (
        "Series:",
        "Claimed by people:",
        "Also the fix, or the origin:",
        "To be confirmed by a person:",
        "Differences:",
    ):
        assert title in text
    assert "none: the given range and the proved one agree" in text
    other = text_of(proved(known=False), LINE.graph(), differences=compare(read_range("all versions"), proved()))
    assert "Origin that the fix names, to be confirmed:" in other
    assert "fixed or never affected, and the given range names" in other


def test_series_that_stand_alike_share_a_line() -> None:
    flat = History([[], [0], [1], [2], [3]], {f"v1.{n}.0": n for n in range(5)})
    graph = flat.graph()
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v"))), [Case("case", (Change((flat.id(4),)),))])[0]
    assert "1.1, 1.2, 1.3: affected throughout; no fix found" in text_of(result, graph)


def test_what_is_not_proved_is_said_at_the_top_and_below() -> None:
    graph = LINE.graph()
    ground = Ground(graph, catalogue(graph.tags, Naming.parse("v")))
    text = text_of(prove(ground, [Case("case", ())])[0], graph)
    assert "not proved (not all of it is proved: see below)" in text
    assert "Not proved:" in text


def test_what_was_proved_without_contents_is_said_beside_the_range() -> None:
    bare = Result("case", origin_known=True, versions=(Version.parse("1.0"),), uncompared=("ab" * 20, "cd" * 20))
    title = (
        "Proved from commits and messages alone:\n  whether versions still have what it changed was not compared: ab"
    )
    assert title in text_of(bare, LINE.graph())
    assert documents([bare], LINE.graph())[0]["uncompared"] == [*bare.uncompared]
    unproved = replace(bare, unseen=(NotProved("fix", "it was not compared"),))
    assert "messages alone" not in text_of(unproved, LINE.graph())


def test_names_from_outside_do_not_act_in_markdown() -> None:
    text = text_of(Result("/close @all <b>x</b> [a](b)", origin_known=True), LINE.graph(), markdown=True)
    assert text.startswith("## \\/close \\@all \\<b\\>x\\<\\/b\\> \\[a\\](b)")
    assert "### Series" in text_of(proved(), LINE.graph(), markdown=True)


def test_how_tags_were_read_is_told_with_what_was_left_out() -> None:
    refs = [Ref(name, 0) for name in ("v1.0", "v1.1", "v2.0-rc1", *(f"x{number}y\n" for number in range(9)))]
    found = catalogue(refs, Naming.parse("v"))
    assert "9 tags name no version: x0y\\n" in tags_text(found)
    assert "1 pre-releases are left out" in tags_text(found)
    listed = catalogue(refs, Naming.parse("v"), published=[Published(Version.parse("1.0"))])
    assert "1 tagged versions were never published" in tags_text(listed)
    written = tags_document(listed, "d" * 64)
    assert written["unpublished"] == ["1.1"]
    assert written["digest"] == "d" * 64
    assert "in no way known here" in tags_text(catalogue([], Naming()))
