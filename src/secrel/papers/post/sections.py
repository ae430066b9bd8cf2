"""One section of a post: the text that was written about one vulnerability."""

from __future__ import annotations

from secrel.papers.post.written import Post
from secrel.verify.post.facts.reading import read_post
from secrel.verify.post.pairing import plain
from secrel.words.advisories import Advisory


def section_of(post: Post, advisory: Advisory) -> str:
    """Give the Markdown of the section about `advisory`; empty when the post has none.

    The section is found by its CVE id, otherwise by its title, and ends at the next heading of its height.
    """
    facts = read_post(post.text, post.path)
    by_id = (e for e in facts.entries if advisory.cve_id and e.cve_id == advisory.cve_id.text)
    by_title = (e for e in facts.entries if plain(e.title) == plain(advisory.title))
    entry = next(by_id, None) or next(by_title, None)
    if entry is None:
        return ""
    first, level = entry.line, entry.heading.level
    lines = post.text.split("\n")
    end = next((h.line for h in facts.headings if h.line > first and h.level <= level), len(lines) + 1)
    return "\n".join(lines[first - 1 : end - 1]).strip() + "\n"
