"""How a product names its branches and tags, read from the names that its repository has (mission M1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from msgspec import Struct

from secrel.process.filling import Place
from secrel.words.patterns import pattern
from secrel.words.releases import Product

_TAG = pattern(r"(?P<before>(?:[^{}\d][^{}]*?)?)(?P<version>\d+(?:\.\d+)+)(?P<after>[^{}\d.][^{}\d]*|)")
_BRANCH = pattern(
    r"(?P<before>(?:[^{}\d][^{}]*?)?)(?P<major>\d+)(?P<between>[._-])(?P<minor>\d+)(?P<after>(?:\.x)?[^{}\d.]*)"
)
_SERIES = pattern(r"stable|release|support|maint|branch|lts|\A(?:rel|v)?[{]", re.IGNORECASE)
_MAIN = ("main", "master", "trunk", "develop", "default")

_Told = tuple[str, tuple[int, ...]]
"""The pattern that a name follows, and the numbers that it has there."""


class RefNames(Struct, frozen=True):
    """The names in a git repository: its branches, its tags, and the branch that is checked out (empty: none)."""

    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    head: str = ""


def conventions(names: RefNames) -> Mapping[Place, str]:
    """Give the default branch and the patterns of branches and tags that most names follow; each only if one does.

    Branches of fixes and features are called after those of series, with more before or behind (`search-1.2-stable`),
    and there may be more of them: a pattern that is part of another comes first, unless it stopped at an older version
    than that. When two are equally frequent, the one with a word that branches of series have is taken (`release/1.2`),
    and then the shorter one: a fix that is carried to every series has as many branches, with longer names.
    """
    told = {
        "default_branch": _default(names),
        "branch": _most(_branch_patterns(names.branches)),
        "tag": _most(_tag_patterns(names.tags)),
    }
    return {("product", key): value for key, value in told.items() if value}


def strangers(product: Product, names: RefNames) -> Iterator[tuple[str, str]]:
    """Say what in a product's naming no name of its repository follows, and the key of the process that says so.

    A repository without any branch or tag of a version has nothing to compare with: its first release is still to come.
    """
    if names.branches and product.default_branch not in names.branches:
        yield "default_branch", f"has no branch {product.default_branch!r}"
    if names.tags and not _follow(product.tag, names.tags):
        yield "tag", f"has no tag such as {product.tag.format(version='1.2.3')!r}"
    if _most(_branch_patterns(names.branches)) and not _follow(product.branch, names.branches):
        shown = product.branch.format(series="1.2", major=1, minor=2)
        yield "branch", f"has no branch such as {shown!r} for a series"


def _default(names: RefNames) -> str:
    known = [name for name in _MAIN if name in names.branches]
    if names.head and (names.head in known or not known) and not _BRANCH.fullmatch(names.head):
        return names.head
    return known[0] if known else ""


def _branch_patterns(branches: Iterable[str]) -> Iterator[_Told]:
    for name in branches:
        if told := _BRANCH.fullmatch(name):
            series = "{series}" if told["between"] == "." else f"{{major}}{told['between']}{{minor}}"
            yield f"{told['before']}{series}{told['after']}", (int(told["major"]), int(told["minor"]))


def _tag_patterns(tags: Iterable[str]) -> Iterator[_Told]:
    for name in tags:
        if told := _TAG.fullmatch(name):
            yield f"{told['before']}{{version}}{told['after']}", tuple(map(int, told["version"].split(".")))


def _most(patterns: Iterable[_Told]) -> str:
    told = tuple(patterns)
    counted, newest = Counter(text for text, _ in told), dict(sorted(told, key=itemgetter(1)))
    first = [one for one in counted if not any(a != one and a in one and newest[a] >= newest[one] for a in counted)]
    return min(first, key=lambda text: (-counted[text], not _SERIES.search(text), len(text), text), default="")


def _follow(text: str, names: Iterable[str]) -> bool:
    """Whether a name follows a pattern of the process; each of its braces stands for figures and points."""
    told = re.split(r"\{\w+\}", text)
    wanted = re.compile(r"[\w.+-]+".join(re.escape(part) for part in told))
    return any(wanted.fullmatch(name) for name in names)
