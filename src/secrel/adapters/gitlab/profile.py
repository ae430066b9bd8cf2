"""What the desk has to know of a GitLab beside what the process says: accounts, approval rules, further projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Struct, field

from secrel.reading import largest
from secrel.reading.documents import Faults
from secrel.reading.naming import folded
from secrel.reading.rows import NO_ROWS, RowNames
from secrel.reading.toml import read_toml
from secrel.shipped import text_beside
from secrel.words.facts.stated import FixFacts
from secrel.words.people import handle_of

SHIPPED = "gitlab"
"""The profile that ships: GitLab's own team on GitLab.com."""
_IGNORED = "ignored"
_REMEDY = "correct the profile; secrel manual gitlab has every field"
_Line = Annotated[str, msgspec.Meta(pattern=r"\A\S[^\n]{0,253}\Z", description="a line of text")]


class Profile(Struct, frozen=True):
    """A profile of an instance: `accounts` are those whose marks count, beside the token's own user.

    `teams` says for which team an approval counts, in small letters: by the name of its rule, or by that of whoever
    gave it where `is_paid` is false. Such a tier has no rules of approval, and of a thing's assignees and reviewers it
    takes one. `projects` are all in which the desk may have made something,
    `further` others that a release needs and the desk makes nothing in, `products` those of products: merge requests
    there are fixes, and elsewhere documents, which show their files. `rows` are those of the tables that people write
    into the issues of fixes.
    """

    accounts: tuple[str, ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)
    is_paid: bool = True
    projects: tuple[str, ...] = ()
    products: frozenset[str] = frozenset()
    further: tuple[str, ...] = ()
    rows: RowNames = NO_ROWS


class _OneEdition(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    yes: str = ""
    no: str = ""


class _Told(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    tier: Literal["free", "premium", "ultimate"] = "ultimate"
    accounts: tuple[_Line, ...] = ()
    projects: dict[str, _Line] = {}
    approvals: dict[str, tuple[_Line, ...]] = {}
    rows: dict[str, tuple[_Line, ...]] = {}
    one_edition: _OneEdition = _OneEdition()


def shipped_text() -> str:
    """Give the text of the profile that ships."""
    return text_beside("secrel.adapters.gitlab", f"profiles/{SHIPPED}.toml")


def read_profile(text: str | bytes, name: str, projects: Iterable[str] = (), products: Iterable[str] = ()) -> Profile:
    """Read a profile, which messages call `name`; `projects` and `products` are those that the process names.

    Raises `Malformed` with file and line, also for a rule of approval that counts for two teams.
    """
    document = read_toml(text, name, most=largest.SETTINGS, remedy=_REMEDY)
    told, faults = document.decode(_Told), Faults(document)
    teams: dict[str, str] = {}
    for team, rules in told.approvals.items():
        for rule in rules:
            if teams.setdefault(rule.strip().casefold(), team) != team:
                faults.add(("approvals", team), "a name counts for two teams", "let it count for one of them")
    rows = _rows(told, faults)
    faults.raise_if_any()
    shipped = frozenset(products)
    known = tuple(dict.fromkeys([*projects, *sorted(shipped)]))
    further = tuple(dict.fromkeys(project for project in told.projects.values() if project not in known))
    return Profile(told.accounts, teams, told.tier != "free", known, shipped, further, rows)


def _rows(told: _Told, faults: Faults) -> RowNames:
    """Give the rows of people's tables, by their names; `ignored` are those that state nothing."""
    lines: dict[str, str] = {}
    for line, names in told.rows.items():
        if line not in (*FixFacts.__struct_fields__, _IGNORED):
            faults.add(("rows", line), f"a fix has no line {line[:40]!r}", "secrel manual release-file has them all")
        for name in names:
            if lines.setdefault(folded(name), line.removeprefix(_IGNORED)) != line.removeprefix(_IGNORED):
                faults.add(("rows", line), "a row states two lines", "let it state one of them")
    return RowNames(lines, {"yes": told.one_edition.yes, "no": told.one_edition.no})


def is_among(username: str, accounts: Iterable[str]) -> bool:
    """Whether somebody is one of these accounts: for GitLab a name in other capitals is the same name."""
    return handle_of(username) in map(handle_of, accounts)
