"""One section of a post: the text that was written about one vulnerability."""

from __future__ import annotations

from secrel.render.post.post import Post
from secrel.verify.post.facts.blocks import page_headings, page_lines
from secrel.words.advisories import Advisory


def section_of(post: Post, advisory: Advisory) -> str:
    """Give the Markdown of the section about `advisory` in a post that tells of it alone; empty when there is none.

    The section begins at the heading that follows the table, and ends at the next heading of its height.
    """
    lines = page_lines(post.text)
    headings = page_headings(lines)
    title = " ".join(advisory.title.split()).casefold()
    found = [h for h in headings if title in h.words.casefold()]
    if not found:
        return ""
    first = found[-1]
    after = [h.line for h in headings if h.line > first.line and h.level <= first.level]
    end = after[0] if after else len(lines) + 1
    text = post.text.split("\n")
    return "\n".join(text[first.line - 1 : end - 1]).strip() + "\n"
