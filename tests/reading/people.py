"""Tables as people write them into the issues of fixes: a list of cases, and the ways in which people mishandle one."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

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


CASES: tuple[Case, ...] = (
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
    Case("a name with two letters in the other order", table("| Titel | A fault | |", "| Thnaks | amara | |")),
    Case("a name with another letter", table(f"| CVSZ | {VECTOR} | |", "| Wrkaround | Switch it off | |")),
    Case("all in the first cell of a row of somebody else", table("| Upgrade notes reindex | | |")),
    Case("a name that could be two", table("| CVES | CVE-2026-0001 | |")),
    Case("a name nearly right, and nothing that can be read", table("| Version affected | maybe 14.1 | |")),
    Case("a cell too many before the name", table("| | CWE | CWE-79 | |")),
    Case("all in the first cell", table(f"| Versions affected {RANGE} | | |")),
    Case(
        "rows of somebody else",
        table("| Feature flag | on | |", "| | x | |", "| Migration requires | x | |", "| Upgrade notes | reindex | |"),
    ),
    Case(
        "a row that goes on below itself",
        table("| Versions affected | All versions from 8.10 | |", "| | before 14.1.7 | |"),
    ),
    Case("a row that goes on in the third cell", table(f"| CVSS | {VECTOR} | |", "| | | and more |")),
    Case("rows without a name that say nothing", table(f"| CVSS | {VECTOR} | |", "| | | |", "| | N/A | |")),
    Case(
        "a table of HTML",
        f"<table>\n<tr><td>Versions affected</td><td>{RANGE}</td></tr>\n<tr><th><b>CWE</b></th></tr>\n</table>",
    ),
    Case(
        "a table of HTML that is shown",
        f"```html\n<table><tr><td>CVSS</td><td>{VECTOR}</td></tr></table>\n```\n\n<!-- <td>CWE</td> -->",
    ),
    Case("in a quotation", "\n".join(f"> {line}" for line in table("| CWE | CWE-79 | |").split("\n"))),
    Case("code that is a value", table('| Thanks | `[{"name": "Amara"}]` | |', "| Title | `{no` | |")),
)

OTHER = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
_H1 = "https://hackerone.com"
_KINDS: Mapping[str, tuple[str, Sequence[str]]] = {
    "struck out": (
        "Versions affected",
        ("~~8.10+~~ 9.1+", "<del>8.10+</del> 9.1+", "~~8.10 before **9**~~", "~~8.10+ 9.1+"),
    ),
    "an end after `and later`": (
        "Versions affected",
        ("8.10+ before 14.1.7", "8.10 and later, before 14.1.7", "9.1+<br>before 14.1.7"),
    ),
    "ranges that overlap": ("Versions affected", ("8.10 before 14.1.7, since 14.0 before 14.3", "8.10+, 9.1+")),
    "words that take back": (
        "Versions affected",
        ("all of not affected from 8.10", "8.10 before 14.1.7 of GitLab EE not CE", "all versions, 8.10 before 9"),
    ),
    "an answer": ("GitLab EE only", ("Yes.", "**no**", "`Yes`", "~~Yes~~ No", "~~No~~ Yes", "GitLab CE/EE")),
    "no answer": (
        "GitLab EE only",
        ("No idea", "Yes and no", "Yes?", "Yes, but CE as well", "No - wait: yes", "Y", "\u2713", "Not sure", "EE"),
    ),
    "its own score and rating": (
        "CVSS",
        (f"{VECTOR} (6.5, Medium)", f"CVSS v3.1 base score: 6.5/10 {VECTOR}", f"~~{OTHER}~~ {VECTOR}"),
    ),
    "another score or rating": (
        "CVSS",
        (f"9 ({VECTOR})", f"9.8/10 {VECTOR}", f"Severity:9.8 {VECTOR}", f"6,5 {VECTOR}", f"{VECTOR} Critical"),
    ),
    "words beside a vector": ("CVSS", (f"not {VECTOR}", f"{VECTOR}?", f"CVSS v4.0 {VECTOR}", f"x{VECTOR}")),
    "one weakness": (
        "CWE",
        ("CWE-79 Cross-site scripting", "~~CWE-79~~ CWE-80", "[CWE-79](https://x.example/definitions/79.html)"),
    ),
    "no one weakness": (
        "CWE",
        (
            "CWE-79 / CWE-80",
            "CWE-79 CWE-80",
            "CWE-79: <script>",
            "CWE-79 (not sure)",
            "CWE-79 or 80",
            "[CWE-79](https://x.example/definitions/80.html)",
            "not CWE-79",
        ),
    ),
    "one id": ("CVE", ("cve-2021-1234", "~~CVE-2021-1234~~ CVE-2021-4321", "[CVE-2021-1234](https://x.example/1)")),
    "a request for an id": (
        "CVE",
        ("requested", "requested: cves#12", "https://x.example/1", "[request](https://x.example/1?like=CVE-2021-9999)"),
    ),
    "an id that is only mentioned": (
        "CVE",
        (
            "not CVE-2021-1234",
            "similar to CVE-2021-1234, id pending",
            "CVE-2021-1234x",
            "https://x.example/CVE-2021-9999",
            "[CVE-2021-1234](https://x.example/CVE-2021-9999)",
            "[like CVE-2021-9999](https://x.example/1)",
            "requested https://x.example/1 (like CVE-2020-1111)",
            "not needed, see #12",
        ),
    ),
    "everybody who is named": (
        "Thanks",
        (
            f"[amara]({_H1}/amara) and bjorn",
            f"amara, [bjorn]({_H1}/bjorn)",
            "~~amara~~ bjorn",
            "Thanks to Ana de la Cruz",
            f"~~[amara]({_H1}/amara)~~ [bjorn]({_H1}/bjorn)",
            f"[O'Neil, Jr.]({_H1}/oneil)",
            "Bjorn https://x.example/b",
            f"[report]({_H1}/reports/1) by amara",
            "amara (via HackerOne)",
        ),
    ),
    "found inside": ("Thanks", ("internal", "Found internally by our own team.", "our team", "internal team member")),
    "nobody who is named": (
        "Thanks",
        (
            "Not internal: amara",
            "Internal Revenue",
            "Bjorn and the internal tools team",
            "wants to stay anonymous",
            "see report",
            "no one",
            "yes",
            "TBA",
            "Unknown",
            "O'Neil, Jr.",
            "amara bjorn",
            f"[here]({_H1}/amara)",
            f"[amara]({_H1}/hacktivity)",
            "[amara](https://x.example/a/-/issues/1)",
            f"Bjorn [amara]({_H1}/amara)",
            f"{_H1}/reports/1 {_H1}/reports/2 amara",
            "amara (internal)",
            f"[{_H1}/a]({_H1}/a) x [b](c)",
            "!",
        ),
    ),
    "words to the letter": (
        "Title",
        (
            "Use <input> in <textarea>",
            "XSS via <script>alert(1)</script>",
            "`__init__` and __init__.py",
            "a*b*c, __proto__",
            "A <b>bold</b> <b> <i>x</b>",
            "~~Old~~ New",
            "***Very*** <!-- not --> new",
            "</b> alone",
            "__Two words__",
        ),
    ),
    "a workaround": ("Workaround", ("no", "None known.", "No workaround", "yes", "Do not use it")),
}
ONE_BY_ONE = tuple(
    Case(name, table(f"| {row} | {cell} | |")) for name, (row, cells) in _KINDS.items() for cell in cells
)
ASIDES = tuple(
    Case(name, table(row))
    for name, rows in {
        "a row that its aside denies": (
            "| Versions affected (not) | 8.10+ | |",
            "| Versions affected (old, wrong) | 8.10+ | |",
            "| Versions affected on EE | 8.10+ | |",
        ),
        "a row that is struck out": ("| ~~Versions affected~~ | 8.10+ | |",),
        "a row with an aside": ("| Versions affected (from, before) | 8.10+ | |", "| __cvss__ | `" + VECTOR + "` | |"),
        "more cells than one are filled in": (
            "| Versions affected | 8.10+ | not 9 |",
            "| Versions affected | see right | 8.10+ |",
            "| Title | `a|b` | |",
        ),
        "issues and changes in a further cell": (
            "| Versions affected | 8.10+ | since !1234, #12 |",
            "| Versions affected | 8.10+ | [here](https://x.example/a/-/issues/1) |",
        ),
    }.items()
    for row in rows
)
CASES += ONE_BY_ONE + ASIDES

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
