"""What left the desk stays where it is: the ids of a page that was published, for the page that takes its place.

Mails, records, feeds and other people's pages lead to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from secrel.verify.post.facts.blocks import Heading
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.facts.values import EntryFacts, PostFacts
from secrel.verify.post.page import MADE_ID, page_ids_of
from secrel.verify.post.pairing import plain
from secrel.words.patterns import pattern

_CARRIED = pattern(r"[A-Za-z][\w:-]*", re.ASCII)
_EXPLICIT = pattern(r"[ \t]+\{(?:#|: #)[^{}]*\}[ \t]*$")
_LINK = pattern(r"\]\(#([^()\s]+)\)")
_Ids = dict[int, list[str]]


def keep_ids(before: str, after: str, path: str) -> str:
    """Give `after` with every id that `before`, which is published, has: each leads to what it led to.

    A section keeps the id that it was published with, whatever its title, its CVE id or its place are by now, and the
    table links to that. What no heading can carry stands above it as `<a id="…"></a>`; the ids of what is gone stand
    above the table of fixes. Both are whole files of the site, and `path` is where they are.
    """
    old, new = read_post(before, path), read_post(after, path)
    if not new.headings:
        return after
    wanted = _wanted(old, new)
    lines = after.split("\n")
    headings: Sequence[Heading] = new.headings
    while _written(lines, headings, wanted):
        headings = read_post("\n".join(lines), path).headings
    moved = {was.id: now.id for was, now in zip(new.headings, headings, strict=True) if was.id != now.id}
    for heading in reversed(_above(headings, wanted, page_ids_of(read_post("\n".join(lines), path)))):
        lines[heading[0] : heading[0]] = heading[1]
    return _LINK.sub(lambda link: f"](#{moved.get(link[1], link[1])})", "\n".join(lines))


def _wanted(old: PostFacts, new: PostFacts) -> _Ids:
    """Give the ids that each heading of the new page, by its place, has to answer to: of old headings, their own first.

    What has no counterpart goes to the heading above the table of fixes, or the first one below the title.
    """
    places = {key: place for place, key in enumerate(_keys(new, {at: at for at in range(len(new.entries))}))}
    first_row = new.rows[0].line if new.rows else new.headings[-1].line
    gone = max((place for place, one in enumerate(new.headings) if one.line < first_row), default=0)
    keys = list(_keys(old, _paired(old.entries, new.entries)))
    wanted: _Ids = {}
    for place, key in enumerate(keys):
        wanted.setdefault(places.get(key, gone), []).extend(_ids_at(old, place))
    # what has a counterpart comes first: it may stand in the heading itself
    own = {places.get(key): heading.id for heading, key in zip(old.headings, keys, strict=True)}
    return {at: sorted(dict.fromkeys(ids), key=lambda one: one != own.get(at)) for at, ids in wanted.items()}


def _keys(facts: PostFacts, sections: Mapping[int, int]) -> Iterator[tuple[int | None, str, int]]:
    """Give each heading its key: the section it is in, its words, and how many of the same came before it there.

    `sections` are the numbers of the sections, by the order in which they stand here; one without has the key None.
    """
    starts = {entry.line: at for at, entry in enumerate(facts.entries)}
    seen: Counter[tuple[int | None, str]] = Counter()
    section, level = -1, 0
    for heading in facts.headings:
        at = starts.get(heading.line)
        if at is not None:
            section, level = at, heading.level
        elif heading.level <= level:
            section, level = -1, 0
        key = (sections.get(section) if section >= 0 else -1, "" if at is not None else plain(heading.words))
        yield *key, seen[key]
        seen[key] += 1


def _paired(old: Sequence[EntryFacts], new: Sequence[EntryFacts]) -> dict[int, int]:
    """Pair sections, the most alike first: by CVE id, then by what they say, then by title, which may be exchanged."""
    words = {id(one): frozenset(plain(one.description).split()) for one in (*old, *new)}
    alike = [
        (-_named_alike(one, other) - 2 * _shared(words[id(one)], words[id(other)]), at, to)
        for at, one in enumerate(old)
        for to, other in enumerate(new)
    ]
    found: dict[int, int] = {}
    for _, at, to in sorted(alike):
        if at not in found and to not in found.values():
            found[at] = to
    return found


def _named_alike(one: EntryFacts, other: EntryFacts) -> int:
    return 4 * (bool(one.cve_id) and one.cve_id == other.cve_id) + (plain(one.title) == plain(other.title))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _ids_at(facts: PostFacts, place: int) -> Iterator[str]:
    """Give the ids that lead to a heading: its own, and those that stand above it for it."""
    heading = facts.headings[place]
    start = facts.headings[place - 1].line if place else 0
    yield heading.id
    for line in facts.lines:
        if start < line.number < heading.line and not line.code and (made := MADE_ID.fullmatch(line.text.strip())):
            yield made[1]


def _written(lines: list[str], headings: Sequence[Heading], wanted: _Ids) -> bool:
    """Write ids into headings that have others than they have to; whether any was written.

    An id that one heading lends no longer can make another's, which is counted up by the renderer, another one: this is
    done until nothing is to be written.
    """
    taken = {one for ids in wanted.values() for one in ids}
    here = {heading.id for heading in headings}
    before = list(lines)
    for place, heading in enumerate(headings):
        own = wanted.get(place, [])
        if heading.id in own[:1] or (heading.id in own and not _CARRIED.fullmatch(own[0])):
            continue
        carried = [one for one in own[:1] if _CARRIED.fullmatch(one)]
        if carried or heading.id in taken:
            mark = carried[0] if carried else _fresh(heading.id, taken | here)
            lines[heading.line - 1] = f"{_EXPLICIT.sub('', lines[heading.line - 1]).rstrip()} {{#{mark}}}"
            here.add(mark)
    return lines != before


def _fresh(stem: str, taken: set[str]) -> str:
    base = stem if _CARRIED.fullmatch(stem) else "section"
    return next(made for number in range(2, len(taken) + 3) if (made := f"{base}-{number}") not in taken)


def _above(headings: Sequence[Heading], wanted: _Ids, there: set[str]) -> list[tuple[int, list[str]]]:
    """Give what has to stand above headings, by the line's place: the ids that no heading carries."""
    found = []
    for place, ids in sorted(wanted.items()):
        lines = [line for one in ids if one not in there for line in (f'<a id="{one}"></a>', "")]
        found.append((headings[place].line - 1, lines))
    return found
