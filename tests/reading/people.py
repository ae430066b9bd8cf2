"""Tables as people write them into the issues of fixes: a list of cases, and the ways in which people mishandle one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from msgspec import Struct

from secrel.reading.rows import RowNames

ROWS = RowNames(
    {
        "title": "title",
        "versions affected": "affected",
        "affected versions": "affected",
        "gitlab ee only": "edition",
        "cvss": "vector",
        "cwe": "weakness",
        "cve": "cve",
        "cve id request": "cve",
        "thanks": "credits",
        "workaround": "workaround",
        "upgrade notes": "",
        "migration required": "",
    },
    {"yes": "GitLab EE", "no": "GitLab CE/EE"},
)
HEAD = "| Description | Details | Further details |\n| -------- | -------- | -------- |\n"
RANGE = "All versions from 8.10 before 14.1.7"
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"


class Case(Struct, frozen=True):
    """How somebody wrote a table: what about it is special, and its text."""

    name: str
    text: str


def table(*rows: str) -> str:
    """Give a table of these rows below the head of the template."""
    return HEAD + "\n".join(rows)


CASES = (
    Case(
        "as the template has it",
        table("| Versions affected | X.Y | |", "| GitLab EE only | Yes/No | |", "| Thanks | | |"),
    ),
    Case(
        "filled in",
        table(f"| Versions affected | {RANGE} | |", "| GitLab EE only | No | |", f"| CVSS | `{VECTOR}` | |"),
    ),
    Case("other order and case", table(f"| cvss | {VECTOR} | |", "| **VERSIONS AFFECTED**: | 8.10 and later | |")),
    Case("nothing to say", table("| Versions affected | N/A | n/a |", "| Thanks | none | - |", "| CVE | TBD | |")),
    Case("said in the last column", table("| Versions affected | | 8.10+ |")),
    Case("no further column", f"| Description | Details |\n|---|---|\n| Versions affected | {RANGE} |"),
    Case("cells are missing", table("| Thanks |", "| CWE | CWE-79", "| Versions affected")),
    Case("no head", f"| Versions affected | {RANGE} |\n|---|---|\n| CWE | CWE-79: Cross-site scripting |"),
    Case("the names as head", f"| Versions affected | CWE | Upgrade notes |\n|---|---|---|\n| {RANGE} | CWE-79 | |"),
    Case("the names as head, two rows", "| Versions affected | CWE |\n|---|---|\n| 8.10+ | CWE-79 |\n| 9.1+ | |"),
    Case("the names as head, no row", "| Versions affected | CWE |\n|---|---|"),
    Case(
        "links in cells",
        table(
            "| Thanks | [amara](https://hackerone.com/amara) | |",
            "| [CWE](https://x.example) | [CWE-79](https://x.example) | |",
        ),
    ),
    Case(
        "the request of a CVE id",
        table("| CVE ID request on [`cves`](https://x.example) | [asked](https://x.example/1) | |"),
    ),
    Case("escaped pipe", table(r"| Title | A \| B | |")),
    Case("pipe not escaped", table("| Title | A | B | C |")),
    Case(
        "comments",
        table("| Versions affected | <!-- from, before --> 8.10+ | |")
        + "\n\n<!--\n"
        + table("| CWE | CWE-1 | |")
        + "\n-->",
    ),
    Case("a block of code", f"```\n{table('| CWE | CWE-1 | |')}\n```"),
    Case("two rows in one line", table("| Versions affected | 8.10+ | | | CWE | CWE-79 | |")),
    Case(
        "two rows in one line, one of them too long", table("| Versions affected | 8.10+ | | | CWE | CWE-79 | a | b |")
    ),
    Case("a cell over two lines", table("| Workaround | Switch it off,", "or upgrade | |")),
    Case("several tables", table(f"| CVSS | {VECTOR} | |") + "\n\nAnd:\n\n" + table("| Versions affected | 8.10+ | |")),
    Case("twice the same", table("| Versions affected | 8.10 and later | |", "| Affected versions | 8.10+ | |")),
    Case(
        "two that contradict",
        table("| Versions affected | 8.10+ | |", "| Affected versions | 9.1+ | |", "| Affected versions | | |"),
    ),
    Case("one of two cannot be read", table("| Versions affected | 8.10+ | |", "| Affected versions | some | |")),
    Case("no range", table("| Versions affected | maybe 14.1 | |")),
    Case("an end that nobody can tell", table("| Versions affected | 8.10 up to 14.1.6 | |")),
    Case("several ranges", table("| Versions affected | 8.10 before 14.1.7<br>14.2 before 14.2.3 | |")),
    Case("score and vector", table(f"| CVSS | 6.5 ({VECTOR}) | |")),
    Case("a score of another vector", table(f"| CVSS | 9.8 ({VECTOR}) | |")),
    Case("a score alone", table("| CVSS | 6.5 | |")),
    Case("a vector without prefix", table("| CVSS | AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N | |")),
    Case("no line of dashes", f"| Description | Details |\n| Versions affected | {RANGE} |"),
    Case("too few dashes", f"| Description | Details |\n|---|\n| Versions affected | {RANGE} |"),
    Case("a name nearly right", table(f"| Version affected | {RANGE} | |")),
    Case("a cell too many before the name", table("| | CWE | CWE-79 | |")),
    Case("all in the first cell", table(f"| Versions affected {RANGE} | | |")),
    Case(
        "rows of somebody else",
        table("| Feature flag | on | |", "| | x | |", "| Migration requires | x | |", "| Upgrade notes | reindex | |"),
    ),
    Case("in a quotation", "\n".join(f"> {line}" for line in table("| CWE | CWE-79 | |").split("\n"))),
    Case("code that is a value", table('| Thanks | `[{"name": "Amara"}]` | |', "| Title | `{no` | |")),
)

Text = list[str]
Mishap = Callable[[Text, random.Random], Text]
"""What somebody does to the rows of a table without meaning anything by it."""


def _shuffled(rows: Text, chance: random.Random) -> Text:
    return chance.sample(rows, len(rows))


def _cased(rows: Text, chance: random.Random) -> Text:
    return [_named(row, chance.choice([str.upper, str.lower, str.title])) for row in rows]


def _named(row: str, change: Callable[[str], str]) -> str:
    name, sign, rest = row.lstrip().removeprefix("|").partition("|")
    return f"|{change(name)}{sign}{rest}"


def _bold(rows: Text, chance: random.Random) -> Text:
    return [_named(row, lambda name: f" **{name.strip()}** ") if chance.random() < 0.5 else row for row in rows]


def _spaced(rows: Text, chance: random.Random) -> Text:
    return [f"{' ' * chance.randint(0, 3)}{row}{' ' * chance.randint(0, 3)}" for row in rows]


def _foreign(rows: Text, chance: random.Random) -> Text:
    place = chance.randint(0, len(rows))
    return [*rows[:place], "| Feature flag | `on` \\| off | it depends |", *rows[place:]]


def _doubled(rows: Text, chance: random.Random) -> Text:
    return [*rows, chance.choice(rows)]


def _emptied(rows: Text, chance: random.Random) -> Text:
    return [*rows, f"{chance.choice(rows).split(' | ')[0]} | {chance.choice(['', 'N/A', 'TBD', '-'])} | |"]


def _commented(rows: Text, chance: random.Random) -> Text:
    return [_named(row, lambda name: f"{name}<!-- see below --> ") if chance.random() < 0.5 else row for row in rows]


def _merged(rows: Text, chance: random.Random) -> Text:
    places = [
        n for n in range(len(rows) - 1) if "Feature flag" not in rows[n + 1]
    ]  # nobody knows where that one begins
    place = chance.choice(places)
    return [*rows[:place], f"{rows[place].rstrip()} {rows[place + 1].lstrip()}", *rows[place + 2 :]]


MISHAPS: tuple[Mishap, ...] = (_shuffled, _cased, _bold, _spaced, _foreign, _doubled, _emptied, _commented, _merged)


def mishandled(rows: Sequence[str], chance: random.Random) -> str:
    """Give a table of these rows as somebody left it who meant to change nothing: merged, if at all, at the end."""
    left = list(rows)
    for mishap in chance.sample(MISHAPS[:-1], 3):
        left = mishap(left, chance)
    if chance.random() < 0.3:
        left = _merged(left, chance)
    return "Some words.\n\n" + HEAD + "\n".join(left) + "\n\nOther words."
