"""Which family of tags names the versions, where nobody says: the one whose tags hold the commits that were named."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from itertools import takewhile

from secrel.ranges.containment import Containment, reach
from secrel.ranges.naming.catalogue import Naming, candidates, spelled
from secrel.ranges.naming.families import Family, families
from secrel.words.errors import Misused
from secrel.words.history.graph import Graph
from secrel.words.history.text import printable

SHARE = (
    4  # a family of less than a fourth of the chosen one's tags is something beside it, and told so where it matters
)
_CLEAR = 12  # times as many tags as all other families have: then they are what is asked about, whatever they hold
_MOST_OFFERED = 6


def preferred(graph: Graph, naming: Naming, named: Mapping[str, Sequence[int]]) -> tuple[Naming, Mapping[str, Misused]]:
    """Choose a family of tags; `named` are the commits of each case, by its name.

    Given are the naming, and for cases whose commits several families hold the fault that names them; for all of them,
    where names differ in more numbers than that of the version. A naming that somebody gave stays, and has no faults.
    """
    if naming.patterns:
        return naming, {}
    found = families(candidates(graph.tags, naming))
    rest = sum(len(family.tags) for family in found[1:])
    if not rest or len(found[0].tags) >= _CLEAR * rest:
        return naming, {}
    commits = list(dict.fromkeys(commit for mine in named.values() for commit in mine))
    reached = reach(graph, commits, [tag.commit for family in found for tag in family.tags])
    held = [_held(family, reached, commits) for family in found]
    counts = [{name: len(here & {*mine}) for name, mine in named.items()} for here in held]
    whole = [sum(0 < count == len({*named[name]}) for name, count in mine.items()) for mine in counts]
    best = max(range(len(found)), key=lambda place: (whole[place], sum(counts[place].values()), -place))
    alike = [family for family in found if family.mask == found[best].mask]
    if SHARE * sum(len(family.tags) for family in alike if family is not found[best]) >= len(found[best].tags):
        return Naming(found[best].patterns, naming.others), dict.fromkeys(named, _in_two_places(alike))
    faults = {}
    for name in named:
        rivals = [
            family
            for family, mine in zip(found, counts, strict=True)
            if 0 < mine[name] >= counts[best][name] and SHARE * len(family.tags) >= len(found[best].tags)
        ]
        if len(rivals) > 1:
            faults[name] = _several(rivals)
    return Naming(found[best].patterns, naming.others), faults


def _held(family: Family, reached: Containment, commits: Sequence[int]) -> frozenset[int]:
    rows = [reached.rows[tag.commit] for tag in family.tags]
    return frozenset(commit for commit in commits if reached.holds[reached.columns[commit], rows].any())


def _in_two_places(alike: Sequence[Family]) -> Misused:
    """Say that nobody can tell which number of a name is the version's, and how both of them are read."""
    names = [family.tags[0].name for family in alike]
    shared = takewhile(lambda signs: len({*signs}) == 1, zip(*names, strict=False))
    stem = "".join(signs[0] for signs in shared).rstrip(string.digits)
    whole = spelled([f"{stem}{{version}}"])
    choices = "; or ".join(spelled(family.patterns[:_MOST_OFFERED]) for family in alike[:_MOST_OFFERED])
    return Misused(
        f"tags differ in more numbers than their version: {', '.join(map(printable, names[:_MOST_OFFERED]))}",
        remedy=f"if all of them are its numbers, {whole}; else choose what is asked about: {choices}",
    )


def _several(rivals: Sequence[Family]) -> Misused:
    shown = ", ".join(f"{printable(family.patterns[0])} ({len(family.tags)} tags)" for family in rivals[:_MOST_OFFERED])
    choices = "; or ".join(spelled(family.patterns[:_MOST_OFFERED]) for family in rivals[:_MOST_OFFERED])
    return Misused(
        f"several families of tags hold the commits that were named: {shown}",
        remedy=f"choose the package, or name all of them if its tags were renamed: {choices}",
    )
