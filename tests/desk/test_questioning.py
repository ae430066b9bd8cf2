"""Facts are questioned when they are given: whose an id is, who has it, and which versions are free."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.cli.main import run
from secrel.desk.fixing import add_fix, complete_fix, remove_fix, reword_fix
from secrel.desk.looking import look
from secrel.desk.questioning import question_words
from secrel.desk.releasing import move_release
from secrel.desk.starting import start
from secrel.evaluate.verdicts import Blocked
from secrel.observe.release_file import FixEntry, read_release_file
from secrel.words.errors import Exit, Misused
from secrel.words.facts.stated import FixFacts
from secrel.words.ids import CveId
from secrel.words.spans import Affected, Span
from secrel.words.versions import Version
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS, RELEASE, TOKENS, Stage


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("begun")


THEIRS, EARLY = CveId("CVE-2024-0001"), CveId("CVE-2027-0001")


def states(stage: Stage, ref: str = NOTEBOOKS, **changes: Any) -> None:
    complete_fix(stage.desk(), NAME, ref, FixFacts(**changes), tuple(changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cve": THEIRS}, "nobody says who assigned CVE-2024-0001"),
        ({"cve": EARLY, "assigned_by": "us"}, "is of a year that has not come"),
        ({"related": (EARLY,)}, "is of a year that has not come"),
        ({"no_cve": "a dependency", "assigned_by": "us"}, "no CVE id is needed, and whose it is"),
        ({"fixed_already": (Version.parse("1.2.3"),)}, "was not published before this release, which ships 1.2.3"),
        ({"hosted_only": "vendor.example"}, "only a hosted service was affected, and which versions"),
        (
            {"hosted_only": "vendor.example", "affected": None, "cve": THEIRS, "assigned_by": "us"},
            "no record of that is written here",
        ),
    ],
)
def test_what_cannot_be_so_is_refused_when_it_is_given(stage: Stage, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Misused, match=said) as told:
        states(stage, **changes)
    assert told.value.where.startswith(NOTEBOOKS)
    new: dict[str, Any] = {"title": "A flaw", "affected": Affected.since(None), **changes}
    with pytest.raises(Misused, match=said):
        add_fix(stage.desk(), NAME, FixEntry("another", FixFacts(**new)))


def test_an_id_is_that_of_one_fix_also_when_it_left_the_release(stage: Stage) -> None:
    states(stage, cve=THEIRS, assigned_by="Widget CNA")
    states(stage, cve=THEIRS, assigned_by="us")
    for held in (True, False):
        with pytest.raises(Misused, match=f"CVE-2024-0001 is the id of {NOTEBOOKS}, in {NAME}"):
            states(stage, TOKENS, cve=THEIRS, assigned_by="us")
        if held:
            remove_fix(stage.desk(), NAME, NOTEBOOKS, "another time")


def test_ids_of_a_release_file_are_questioned_before_anything_is_opened(stage: Stage) -> None:
    head = RELEASE[: RELEASE.index("fixes:")].replace(NAME, "2026-12").replace("[1.2.3, 1.1.9]", "[1.2.4, 1.1.10]")
    head = head.replace(DUE.isoformat(), (DUE + timedelta(days=21)).isoformat())

    def begin(text: str) -> None:
        start(stage.desk(), read_release_file(head + text, "next.yaml", PROCESS))

    one = "  - {name: one, title: A flaw, cve: CVE-2026-0042, assigned_by: us}\n"
    with pytest.raises(Misused, match="CVE-2026-0042 is given to one as well"):
        begin("fixes:\n" + one + one.replace("name: one", "name: two"))
    with pytest.raises(Misused, match="nobody says who assigned"):
        begin("fixes:\n  - {name: one, title: A flaw, cve: CVE-2026-0042}\n")
    with pytest.raises(Misused, match="is of a year that has not come") as told:
        begin("dependencies:\n  - {name: lib, version: '2', cves: [CVE-2027-0007]}\n")
    assert told.value.path == ("dependencies", 0, "cves")
    assert stage.forge.people.issue_made("2026-12/tracking") is None
    begin("fixes:\n" + one)
    begin("fixes:\n" + one)


def test_versions_are_a_releases_own_when_it_begins_and_when_it_is_moved(stage: Stage) -> None:
    other = RELEASE[: RELEASE.index("fixes:")].replace(f"release: {NAME}", "release: 2026-12")
    for versions, said in (
        ("1.2.3, 1.1.10", f"Larkspur 1.2.3 is a version of {NAME}"),
        ("1.2.2, 1.1.10", "Larkspur 1.2.2 is tagged already: v1.2.2, at "),
    ):
        file = read_release_file(other.replace("1.2.3, 1.1.9", versions), "other.yaml", PROCESS)
        with pytest.raises(Misused, match=said):
            start(stage.desk(), file)
    with pytest.raises(Misused, match=r"1\.1\.8 is tagged already"):
        move_release(stage.desk(), NAME, versions={"product": ["1.2.3", "1.1.8"]})
    move_release(stage.desk(), NAME, versions={"product": ["1.2.3", "1.1.10"]})


def test_a_version_that_somebody_wrote_into_two_releases_blocks_at_every_look(stage: Stage) -> None:
    text = RELEASE[: RELEASE.index("fixes:")].replace(f"release: {NAME}", "release: 2026-12")
    text = text.replace("1.2.3, 1.1.9", "1.2.4, 1.1.10")
    start(stage.desk(), read_release_file(text, "other.yaml", PROCESS))
    tracking = stage.forge.people.issue_made("2026-12/tracking")
    assert tracking is not None
    stage.write(tracking.ref, {"products": [{"product": "product", "versions": ["1.2.3", "1.1.10"]}]})
    [judged] = [one for one in look(stage.desk(), NAME).assessment.gates if one.gate.name == "versions-free"]
    assert "Larkspur 1.2.3 is a version of 2026-12 as well" in str(judged.verdict)
    stage.write(tracking.ref, {"products": [{"product": "product", "versions": ["no version"]}]})
    [judged] = [one for one in look(stage.desk(), NAME).assessment.gates if one.gate.name == "versions-free"]
    assert "could not be seen whole: 2026-12" in str(judged.verdict)


def test_an_early_id_or_the_own_cna_by_name_is_seen_at_every_look(stage: Stage) -> None:
    own = stage.desk().process.cna["short_name"]
    stage.write(NOTEBOOKS, {"cve": "CVE-2027-0001", "assigned_by": own.upper(), "related": ["CVE-2030-0001"]})
    seen = look(stage.desk(), NAME).snapshot
    assert [(one.field, one.what) for one in seen.complaints] == [
        ("cve", "CVE-2027-0001 is of a year that has not come"),
        ("related", "CVE-2030-0001 is of a year that has not come"),
    ]
    [advisory] = [one for one in seen.contents.advisories if one.fix == NOTEBOOKS]
    assert advisory.has_own_id


def test_words_that_say_otherwise_than_the_facts_are_told_when_they_are_given_and_reworded(stage: Stage) -> None:
    states(stage, description="A notebook in versions before 1.2.9 could run script (TODO).")
    said = [(doubt.about, doubt.what) for doubt in question_words(stage.desk(), NAME, [NOTEBOOKS])]
    assert [what.partition(",")[0] for _, what in said] == [
        "its description says 'versions before 1.2.9'",
        "in its description",
    ]
    reword_fix(stage.desk(), NAME, NOTEBOOKS, " in versions before 1.2.9", "")
    reword_fix(stage.desk(), NAME, NOTEBOOKS, "TODO", "")
    reword_fix(stage.desk(), NAME, NOTEBOOKS, "script", "scripts")
    told = look(stage.desk(), NAME).snapshot.contents.advisories
    assert [one.description for one in told if one.fix == NOTEBOOKS] == ["A notebook could run scripts."]
    assert question_words(stage.desk(), NAME) == []
    for words in ("nothing of it", ""):
        with pytest.raises(Misused, match="stands in none of title, description"):
            reword_fix(stage.desk(), NAME, NOTEBOOKS, words, "")


def test_a_range_that_git_will_not_prove_is_told_when_it_is_given(stage: Stage) -> None:
    states(stage, affected=Affected.since(Version.parse("1.2.0")))
    [doubt] = question_words(stage.desk(), NAME)
    assert (doubt.about, doubt.what.partition(",")[0]) == (NOTEBOOKS, "says that 1.1.9 never had it")
    assert doubt.remedy == f"secrel fix set {NAME} {NOTEBOOKS} --origin COMMIT"
    no_history = replace(stage.desk(), histories=lambda _project: None)
    assert question_words(no_history, NAME) == [], "where no history is at hand nothing is proved"
    states(stage, origins=("1a2b3c4",))
    assert question_words(stage.desk(), NAME) == []


@pytest.mark.parametrize(
    ("pairs", "said", "mended"),
    [
        ([("1.0", "1.2.3")], "its range says that 1.1.9 is affected", [("1.0", "1.1.9"), ("1.2", "1.2.3")]),
        ([("1.0", "1.1.9"), ("1.2", "1.2.4")], "its range says fixed in 1.2.4, and this", "--since"),
        ([("1.0", "1.1.9")], "its range leaves out 1.2.3, which gets the fix", [("1.0", "1.1.9"), ("1.2", "1.2.3")]),
        (
            [("1.1.0", "1.12")],
            "its range says fixed in 1.12, which is no version",
            [("1.1.0", "1.1.9"), ("1.2", "1.2.3")],
        ),
        ([("1.2.3", "")], "its range has no end", ""),
    ],
)
def test_a_range_that_does_not_fit_is_told_when_it_is_given_with_the_command_that_mends_it(
    stage: Stage, pairs: list[tuple[str, str]], said: str, mended: str | list[tuple[str, str]]
) -> None:
    spans = tuple(Span(Version.parse(since), Version.parse(end) if end else None) for since, end in pairs)
    states(stage, affected=Affected(spans))
    told = [doubt for doubt in question_words(stage.desk(), NAME, [NOTEBOOKS]) if doubt.what.startswith("its range")]
    assert any(doubt.what.startswith(said) for doubt in told), told
    [remedy] = {doubt.remedy for doubt in told}
    gate = look(stage.desk(), NAME).assessment.by_name["ranges-follow-versions"].verdict
    assert isinstance(gate, Blocked), "it is what a gate will block"
    if not mended:
        return
    words = ["fix", "set", *shlex.split(remedy)[3:], "--desk", str(stage.folder), "--by", "amara"]
    assert run(words, clock=stage.clock) == Exit.DONE
    assert not [one for one in question_words(stage.desk(), NAME, [NOTEBOOKS]) if one.what.startswith("its range")]
    if mended != "--since":
        [now] = [one for one in look(stage.desk(), NAME).snapshot.contents.advisories if one.fix == NOTEBOOKS]
        assert [(str(span.since), str(span.fixed)) for span in now.spans] == mended


def test_what_nobody_names_an_id_of_is_asked_about_when_a_release_starts(stage: Stage) -> None:
    stage.write(stage.issue("tracking").ref, {"dependencies": [{"name": "libfoo", "version": "2.4.1"}]})
    [doubt] = question_words(stage.desk(), NAME)
    assert (doubt.about, "nobody has said which CVE ids" in doubt.what) == ("libfoo 2.4.1", True)
    assert question_words(stage.desk(), NAME, [NOTEBOOKS]) == []


@pytest.mark.parametrize("words", ["It is fixed in 1.2.4.", "This was fixed in version 1.2.9.", "It is rated low."])
def test_a_sentence_of_which_only_a_torso_would_be_left_goes_as_a_whole(stage: Stage, words: str) -> None:
    states(stage, description=f"A notebook could run script. {words}")
    doubts = question_words(stage.desk(), NAME, [NOTEBOOKS])
    assert doubts
    for remedy in dict.fromkeys(doubt.remedy for doubt in doubts):
        run([*shlex.split(remedy)[1:], "--desk", str(stage.folder), "--by", "amara"], clock=stage.clock)
    [now] = [one for one in look(stage.desk(), NAME).snapshot.contents.advisories if one.fix == NOTEBOOKS]
    assert now.description == "A notebook could run script."


def test_what_says_the_same_as_the_facts_is_left_out_of_what_is_published(stage: Stage) -> None:
    states(
        stage, affected=Affected.since(None), description="A notebook could run script. It is fixed in version 1.2.3."
    )
    told = look(stage.desk(), NAME).snapshot.contents.advisories
    assert [one.description for one in told if one.fix == NOTEBOOKS] == ["A notebook could run script."]
