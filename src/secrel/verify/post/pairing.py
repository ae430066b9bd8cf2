"""Which section of a post is about which advisory."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque

from secrel.verify.post.facts.values import EntryFacts, PostFacts
from secrel.words.advisories import Advisory, Contents, by_severity

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def plain(text: str) -> str:
    """Bring words to the form they are compared in: small letters, no marks, no unseen signs, single blanks."""
    seen = "".join(sign for sign in re.sub(r"\s", " ", text) if unicodedata.category(sign) not in _UNSEEN)
    return " ".join(re.sub(r"[^\w.]+", " ", seen.casefold()).split())


def label(advisory: Advisory) -> str:
    """Name an advisory to people: its CVE id, otherwise its fix."""
    return str(advisory.cve_id or advisory.fix)


def pairs(facts: PostFacts, contents: Contents) -> list[tuple[EntryFacts, Advisory]]:
    """Pair sections with advisories, in the order of severity: by CVE id, and those left by title.

    Of several with one title and no id, the first section is that of the most severe one, as it is rendered.
    """
    advisories = by_severity(contents.advisories)
    found: dict[int, EntryFacts] = {}
    by_id, by_title = defaultdict[str, deque[EntryFacts]](deque), defaultdict[str, deque[EntryFacts]](deque)
    for entry in facts.entries:
        by_id[entry.cve_id].append(entry)
    for place, advisory in enumerate(advisories):
        if advisory.cve_id and by_id[advisory.cve_id.text]:
            found[place] = by_id[advisory.cve_id.text].popleft()
    for entry in (entry for left in by_id.values() for entry in left):
        by_title[plain(entry.title)].append(entry)
    for place, advisory in enumerate(advisories):
        if place not in found and by_title[plain(advisory.title)]:
            found[place] = by_title[plain(advisory.title)].popleft()
    return [(found[place], advisories[place]) for place in sorted(found)]
