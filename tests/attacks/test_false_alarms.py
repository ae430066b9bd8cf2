"""The embargo guard refuses nothing that gives nothing away: posts of made-up releases, and words that look alike."""

from __future__ import annotations

import random

import pytest

from secrel.plan.guard import EmbargoedFact, look_through
from secrel.words.effects import Effect, OpenMergeRequest

FACTS = [
    EmbargoedFact("title", "Stored script in notebooks"),
    EmbargoedFact("cve", "CVE-2026-1111"),
    EmbargoedFact("address", "https://forge.test/acme/app/-/issues/9"),
    EmbargoedFact("branch", "security-tokens-17-2"),
    EmbargoedFact("short branch", "fix-9"),
    *(
        EmbargoedFact("finder", name)
        for name in ("Kim Lee", "h4ck3r", "王小明", "Zoë", "김민수", "Bo Li", "An Na", "李")
    ),
    EmbargoedFact("sentence", "A missing check let a guest of a project read the notes of its members."),
]
SUBJECTS = [
    "guests",
    "members",
    "administrators",
    "reporters",
    "maintainers",
    "visitors",
    "runners",
    "tokens",
    "webhooks",
    "imports",
]
VERBS = ["read", "changed", "deleted", "bypassed", "imported", "listed", "forged", "approved", "cloned", "exhausted"]
THINGS = [
    "notes",
    "pipelines",
    "branches",
    "scripts",
    "notebooks",
    "packages",
    "comments",
    "snippets",
    "diagrams",
    "variables",
]
FINDERS = (
    "Kimberly Leeds",
    "h4ck3rman",
    "王明",
    "Zoltan",
    "김민",
    "Bob Lin",
    "Anna",
    "Lee Kimball",
    "Nina Bo",
    "Тим Ли",
)
MARKS = ("**{}**", "`{}`", "[{}](https://vendor.example/{})", "_{}_", "{}", "&lt;{}&gt;", "{}&#124;", "~~{}~~")


def a_sentence(chance: random.Random) -> str:
    words = [chance.choice(part) for part in (SUBJECTS, VERBS, THINGS)]
    words[chance.randrange(3)] = chance.choice(MARKS).replace("{}", words[2])
    return f"{' '.join(words).capitalize()} in all versions from {chance.randint(1, 17)}.{chance.randint(0, 11)}."


def a_made_up_post(number: int) -> str:
    """Write a post like those of a vendor: front matter, a table, sections with details, thanks."""
    chance = random.Random(number)
    ids = [f"CVE-2026-{chance.randint(1112, 99999)}" for _ in range(chance.randint(1, 4))]
    lines = [
        "---",
        f"title: Patch release {chance.randint(15, 17)}.{chance.randint(0, 11)}.{chance.randint(1, 9)}",
        "---",
        "",
    ]
    lines += ["| Title | Severity |", "| --- | --- |", *(f"| {a_sentence(chance)} | high |" for _ in ids), ""]
    for name in ids:
        said = [f"## {a_sentence(chance)}", "", " ".join(a_sentence(chance) for _ in range(chance.randint(1, 6)))]
        thanks = f"Thanks [{chance.choice(FINDERS)}](https://hackerone.com/u{chance.randint(1, 999)}) for reporting it."
        said += ["", f"It is [{name}](https://cve.example/{name}), {chance.choice(THINGS)} aside. {thanks}", ""]
        said += [
            f"Its digest is {chance.randbytes(32).hex()}, its picture ![{name}](data:image/png;base64,iVBORw0KGgo=).",
            "",
        ]
        lines += said
    return "\n".join(lines)


def alarms(numbers: range) -> list[tuple[int, tuple[str, ...]]]:
    found = []
    for number in numbers:
        action = OpenMergeRequest(
            "site", "release-post", "main", "Post", "The post.", (("p.md", a_made_up_post(number)),)
        )
        seen = look_through(Effect("r/x", action, "s"), FACTS)
        found += [(number, seen.certain)] if seen.certain else []
    return found


def test_fifty_posts_raise_no_alarm() -> None:
    assert alarms(range(50)) == []


@pytest.mark.long
def test_a_thousand_posts_raise_no_alarm() -> None:
    assert alarms(range(1000)) == []


@pytest.mark.parametrize("before", ["fixed in 18.5.2. ", "2. ", "| 2 | ", "versions 17.2, 18.2; "])
@pytest.mark.parametrize(
    "fact", ["Somebody could do what nobody should, in place {}", "Token leak, part {}", "Flaw {}"]
)
def test_another_one_of_a_numbered_kind_is_not_the_one_that_is_left_out(fact: str, before: str) -> None:
    text = f"{before}{fact.format(1)}.\n"
    action = OpenMergeRequest("site", "b", "main", "t", "b", (("p.md", text),))
    found = look_through(Effect("r/x", action, "s"), [EmbargoedFact("the second", fact.format(2))])
    assert found.certain + found.perhaps == ()


def test_a_post_that_holds_a_fact_does() -> None:
    for fact in FACTS:
        action = OpenMergeRequest("site", "b", "main", "t", "b", (("p.md", f"{a_made_up_post(1)}\n{fact.text} did."),))
        found = look_through(Effect("r/x", action, "s"), [fact])
        assert found.certain + found.perhaps == (fact.label,), fact.text


ORDINARY = [
    EmbargoedFact(name, name)
    for name in (
        *("Will", "May", "Mark", "Rose", "Page", "Hunter Green", "Sandy Beach", "Art Long", "Max Power", "Asa Test"),
        *(
            "admin",
            "root",
            "test",
            "token",
            "fix",
            "42",
            "1337",
            "h4ck3r",
            "l33t",
            "王",
            "安全",
            "Ли",
            "An Na",
            "Re Ad",
        ),
    )
]
PATTERNS = (
    "{who} will be able to read {what} in version {version}.",
    "Upgrade from {version} to {version}; it may take {number} seconds.",
    "See page {number} of the guide on {what}, or run `apt install {what}={version}` as root.",
    "A hacker who guessed {number} times out of 1337 had elite access: mark {what} as read.",
    "| {who} | {what} |\n|---|---|\n| {number} | {version} |",
    "The {what} of {who} were read at {number}:{number}. Its digest is {digest}.",
    "![{what}](https://vendor.example/{digest}.png) <b>{who}</b> \\text{{{what}}} :one: #{number};",
    "CVE-2023-{number} has a score of 7.5, 3.4 or 4.7, and @{who} has $ {number} for it!",
    "用户 {number} {what}",
)


def an_ordinary_sentence(chance: random.Random) -> str:
    return chance.choice(PATTERNS).format(
        who=chance.choice(SUBJECTS),
        what=chance.choice(THINGS),
        version=f"{chance.randint(1, 18)}.{chance.randint(0, 11)}.{chance.randint(0, 9)}",
        number=chance.randint(1000, 9999),
        digest=chance.randbytes(20).hex(),
    )


def test_ordinary_sentences_are_refused_for_no_finder_who_is_called_like_a_word() -> None:
    chance = random.Random(9)
    for number in range(200):
        said = an_ordinary_sentence(chance)
        action = OpenMergeRequest("site", "release-post", "master", "Post", "The post.", (("p.md", said),))
        assert look_through(Effect("r/x", action, "s"), ORDINARY).certain == (), f"{number}: {said}"
