"""A disagreement: one thing in a post that is not as it should be, with its rule and its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from msgspec import Struct

from secrel.words.errors import Misused

if TYPE_CHECKING:  # who compares a post has read it
    from secrel.verify.post.facts.values import PostFacts


RuleName = Literal[
    "fixes_match", "cves_named", "address_right", "date_right", "versions_right", "ranges_right", "products_said",
    "wording_right", "severity_right", "critical_right", "dependencies_in", "bug_fixes_in", "upgrade_notes_in",
    "credits_right", "updating_said", "image_title", "notifications_section", "front_matter", "tags_right",
    "anchors_work", "links_right",
]  # fmt: skip
"""The rules that a post is held to beside the facts."""
RULES: tuple[RuleName, ...] = get_args(RuleName)


class Disagreement(Struct, frozen=True):
    """What is wrong: the rule it breaks, one sentence without a full stop, and the file with the line."""

    rule: str
    what: str
    where: str


Found = Iterator[tuple[str, int]]
"""What a rule finds: a sentence and a line number each."""

PageRule = Callable[["PostFacts"], Found]
"""A rule that needs the post alone."""

_Rule = TypeVar("_Rule")


def chosen(known: Mapping[RuleName, _Rule], names: Collection[str] | None) -> dict[RuleName, _Rule]:
    """Choose rules by name, in the order they are known in; None chooses all.

    Raises `Misused` for a name that is no rule.
    """
    for name in names or ():
        if name not in known:
            raise Misused(f"there is no rule {name!r}", remedy=f"use {', '.join(known)}")
    return {name: rule for name, rule in known.items() if names is None or name in names}


def told(rule: str, found: Found, path: str) -> Iterator[Disagreement]:
    """Give each finding of a rule its name and place."""
    for what, line in found:
        yield Disagreement(rule, what, f"{path}:{line}")
