from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.papers.post.post import post_templates, render_post
from secrel.verify.post.alone import self_check
from secrel.verify.post.comparing import compare_post
from secrel.verify.post.disagreements import RULES
from secrel.verify.post.facts.reading import LONGEST_POST, read_post
from secrel.words.errors import Misused
from tests.papers.post.stories import AUTHOR, STORIES
from tests.strategies.advisories import hostile_text

POSTS = {name: render_post(story(), AUTHOR, templates=post_templates()) for name, story in STORIES.items()}


@pytest.mark.long
@given(st.sampled_from(sorted(POSTS)), st.randoms(use_true_random=False), st.lists(hostile_text(), max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_people_do_to_a_post_it_is_read_and_judged(
    name: str, chance: random.Random, pasted: list[str]
) -> None:
    lines = POSTS[name].text.split("\n")
    for text in pasted:
        lines[chance.randrange(len(lines))] = text
        del lines[chance.randrange(len(lines)) :][:1]
        chance.shuffle(lines) if chance.random() < 0.2 else None
    facts = read_post("\n".join(lines), POSTS[name].path)
    self_check(facts)
    compare_post(facts, STORIES[name](), read_post(POSTS[name].text, POSTS[name].path))


@given(hostile_text(surrogates=True), hostile_text())
def test_anything_at_all_is_read_and_judged(text: str, path: str) -> None:
    facts = read_post(text, path)
    assert len(self_check(facts)) > 0
    assert facts.entries == ()


@pytest.mark.parametrize("text", ["", "\n", "---\n", "---\n---\n", "# \n", "```\n", "|\n|-\n", "<!--"])
def test_nearly_nothing_is_read(text: str) -> None:
    facts = read_post(text, "x.md")
    assert (facts.title, facts.versions, facts.entries) == ("", (), ())
    assert self_check(facts)


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(Misused, match="too long for a post"):
        read_post("x" * (LONGEST_POST + 1), "x.md")


PIECES = ("[a", "`", "|", " ", "a ", "a", "<!--", "](", "releasing versions ", "1.", "**a", "_", "\\", "<a ", "| a ")
MORE_PIECES = ("from 1.2 ", "CVE-2021-", "&", "#", "- ", "{#a", "(", "Thanks ", "<", "-->", "*", "&#1")


@pytest.mark.parametrize("piece", PIECES + MORE_PIECES)
def test_long_lines_are_read_and_judged(piece: str) -> None:
    line = f"{piece * (30_000 // len(piece))}x"
    text = f"---\ntitle: x\n---\n## a\n{line}\n\n|Title|Severity|\n{line}\n\n## {line}\n"
    assert self_check(read_post(text, "x.md"))


def test_front_matter_is_read_with_its_lines() -> None:
    facts = read_post(
        '---\ntitle: "A: 1.2"\ntags: security\nauthor: x \n"odd key": 1\nn: [1]\ndate: 2026-01-02\n---\nx', "x.md"
    )
    assert facts.front is not None
    assert dict(facts.front.values) == {
        "title": "A: 1.2",
        "tags": "security",
        "author": "x",
        "odd key": "1",
        "date": "2026-01-02",
    }
    assert facts.front.lines["tags"] == 3
    assert facts.front.loose == (4,)
    assert facts.title_line == 2


@pytest.mark.parametrize(
    ("front", "fault"),
    [
        ("a: [", "it is not YAML"),
        ("a: 1\na: 2", "it is not YAML"),
        ("- a", "it is not a list of keys and values"),
        ("a: " + "x" * 30_000, "it is longer than 20000 characters"),
        ("a: !!python/object:os.system x", "it is not YAML"),
    ],
)
def test_front_matter_that_cannot_be_read(front: str, fault: str) -> None:
    facts = read_post(f"---\n{front}\n---\n", "x.md")
    assert facts.front is not None
    assert facts.front.fault == fault
    assert f"the front matter cannot be read: {fault}" in [f.what for f in self_check(facts, rules=["front_matter"])]


def test_front_matter_without_end_is_a_fault() -> None:
    facts = read_post("---\ntitle: x\n", "x.md")
    assert facts.front is not None
    assert facts.front.fault == "it has no end"


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("On September 10, 2026, we released", date(2026, 9, 10)),
        ("On February 30, 2026, we released", None),
        ("On Smarch 10, 2026, we released", None),
        ("Today we are releasing", None),
    ],
)
def test_the_day_of_the_introduction(start: str, day: date | None) -> None:
    assert read_post(f"# T: 1.2\n\n{start} version 1.2 for X.\n\n## A\n\nOn May 1, 2026, x\n", "x.md").intro_date == day


def test_sub_sections_belong_to_their_entry() -> None:
    text = (
        "## One\n\nBad. This is a low severity issue (`CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:N/I:N/A:L`, 2.6).\n\n"
        "### Workaround\n\nTurn off CVE-2021-0001.\n\n```\ncode\n```\n\n## Two\n\nGood.\n"
    )
    (entry,) = read_post(text, "x.md").entries
    assert "code" not in entry.text
    assert (entry.severity, entry.score) == ("low", "2.6")


def test_a_title_that_begins_with_an_id_has_it_unless_another_is_assigned() -> None:
    text = "### CVE-2021-0001 - Title\n\n**CVSS** 5.0\n\n### CVE-2021-0002 in it\n\n"
    text += "**CVSS** 5.0 is assigned CVE-2021-0003.\n"
    first, second = read_post(text, "x.md").entries
    assert (first.cve_id, first.title) == ("CVE-2021-0001", "Title")
    assert second.cve_id == "CVE-2021-0003"


def test_rows_without_links_find_their_sections_by_title() -> None:
    text = "|Title|Severity|\n|---|---|\n|Plain|low|\n| [Odd](#x) | `High` |\n\n"
    text += "|Other|Table|\n|a|b|\n\n## Plain\n\nText.\n"
    facts = read_post(text, "x.md")
    assert [(row.title, row.anchor, row.severity) for row in facts.rows] == [("Plain", "", "low"), ("Odd", "x", "High")]
    assert [entry.title for entry in facts.entries] == ["Plain"]


def test_bug_fixes_without_links_are_read() -> None:
    text = "## Bug fixes\n\n### 1.2\n\n* One `x`\n- [Two](https://x.example)\n\n```\n* code\n```\n\n"
    text += "## After\n\n### 1.3\n\n* No\n"
    (fixes,) = read_post(text, "x.md").bug_fixes
    assert [(link.words, link.target) for link in fixes.links] == [("One x", ""), ("Two", "https://x.example")]


def test_rules_are_chosen_by_name() -> None:
    facts = read_post("# T\n", "x.md")
    assert {finding.rule for finding in self_check(facts, rules=["versions_right"])} == {"versions_right"}
    with pytest.raises(Misused, match="there is no rule 'spelling'") as caught:
        self_check(facts, rules=["spelling"])
    assert "versions_right" in caught.value.remedy
    with pytest.raises(Misused, match="there is no rule"):
        compare_post(facts, STORIES["planned"](), facts, rules=["spelling"])
    assert "fixes_match" in RULES
