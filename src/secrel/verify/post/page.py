"""Rules about a page as a page, that hold for every post: anchors, links, notifications, front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from secrel.verify.post.disagreements import Found, PageRule, RuleName
from secrel.verify.post.facts.blocks import Heading
from secrel.verify.post.facts.values import PageLink, PostFacts
from secrel.words.ids import CVE
from secrel.words.patterns import pattern

_HTML_ID = pattern(r"<[A-Za-z][^<>]*\b(?:id|name)=[\"']([^\"']+)[\"']")
MADE_ID = pattern(r'<a id="([^"<>]+)"></a>')
"""What the desk puts above a heading for an id that was published, and that the heading cannot carry itself."""
_SCHEME = pattern(r"([A-Za-z][A-Za-z0-9+.-]*):")
_OUTSIDE = ("http", "https", "mailto")
COVER = "/images/blogimages/"
"""Where the pictures of posts are kept (handbook, step 4)."""


def page_ids_of(facts: PostFacts) -> set[str]:
    """Give every id of a page to which a link can lead: of its headings, as the site makes them, and of its HTML."""
    ids = {name for heading in facts.headings for name in (heading.id, heading.explicit) if name}
    return ids | {match[1] for line in facts.lines if not line.code for match in _HTML_ID.finditer(line.text)}


def anchors_work(facts: PostFacts) -> Found:
    """Every link inside the page leads to a heading, by the id that the site gives it."""
    ids = page_ids_of(facts)
    folder = facts.path.rpartition("/")[2].partition(".")[0][len("YYYY-MM-DD-") :]
    for link in facts.links:
        page, mark, anchor = link.target.partition("#")
        here = not page or (bool(folder) and page.rstrip("/").rpartition("/")[2] == folder)
        if mark and here and anchor not in ids:
            near = next((made for made in sorted(ids) if made.lower() == anchor.lower()), "")
            yield f"the anchor #{anchor} leads nowhere" + (f"; the heading's id is {near}" if near else ""), link.line


def links_right(facts: PostFacts) -> Found:
    """A CVE id links to its own record, and every link has a target that a browser may follow."""
    for link in facts.links:
        named, meant = CVE.findall(link.words), CVE.findall(link.target)
        if named and meant and set(named).isdisjoint(meant):
            yield f"the link says {named[0]} and leads to {meant[0]}", link.line
        elif fault := _unusable(link):
            yield f"the link {link.words[:60]!r} {fault}", link.line


def _unusable(link: PageLink) -> str:
    scheme = _SCHEME.match(link.target)
    if not link.target or link.target.upper() in ("TODO", "#"):
        return "has no target"
    if scheme and scheme[1].lower() not in _OUTSIDE:
        return f"leads to a {scheme[1].lower()}: address"
    if " " in link.target and not re.search(r"""\s["'].*["']$""", link.target):
        return "has blanks in its target"
    return ""


def notifications_of(facts: PostFacts) -> tuple[Heading | None, list[str], bool]:
    """Give the heading of the section on receiving notifications, where it leads, and whether it ends the page."""
    heading = next((h for h in facts.headings if re.match(r"receive .*notifications", h.words, re.IGNORECASE)), None)
    if heading is None:
        return None, [], False
    after = [h for h in facts.headings if h.line > heading.line]
    end = after[0].line if after else facts.lines[-1].number + 1
    targets = [link.target for link in facts.links if heading.line < link.line < end]
    return heading, targets, all(one.level > heading.level for one in after)


def notifications_section(facts: PostFacts) -> Found:
    """The section on receiving notifications is there, with a page to get in contact and a feed (handbook, step 5)."""
    heading, targets, _ = notifications_of(facts)
    if heading is None:
        yield "there is no section on receiving notifications", facts.lines[-1].number
        return
    if not any("contact" in target for target in targets):
        yield "the section on notifications has no link to the contact page", heading.line
    if not any(target.endswith(".xml") or "feed" in target or "rss" in target for target in targets):
        yield "the section on notifications has no link to a feed", heading.line


def tags_right(facts: PostFacts) -> Found:
    """The front matter has the tag `security` (handbook, step 3)."""
    if facts.front and not facts.front.fault and "security" not in facts.front.values.get("tags", "").split(","):
        yield "the front matter has not the tag security", facts.front.lines.get("tags", 1)


def image_title(facts: PostFacts) -> Found:
    """The front matter has a picture for the title (handbook, step 4)."""
    if facts.front and not facts.front.fault and not facts.front.values.get("image_title", "").startswith(COVER):
        yield f"the front matter has no image_title in {COVER}", facts.front.lines.get("image_title", 1)


def front_matter(facts: PostFacts) -> Found:
    """The front matter is YAML, its keys are plain words, no line ends in a blank, and none keeps the page back."""
    if facts.front is None:
        return
    if facts.front.fault:
        yield f"the front matter cannot be read: {facts.front.fault}", 1
    for key, line in facts.front.lines.items():
        if not re.fullmatch(r"[A-Za-z]\w*", key):
            yield f"the front matter has a key {key!r}", line
        if (said := facts.front.values.get(key, "")).casefold() in _KEPT_BACK.get(key, ()):
            yield f"the front matter says {key}: {said.lower()}, so that no page is made of it", line
    for line in facts.front.loose:
        yield "a line of the front matter ends in a blank", line


_KEPT_BACK = {"published": ("false", "no", "off"), "draft": ("true", "yes", "on")}
"""Keys by which generators of sites leave a page out, with the values that do."""

PAGE_RULES: Mapping[RuleName, PageRule] = {
    "front_matter": front_matter,
    "tags_right": tags_right,
    "image_title": image_title,
    "anchors_work": anchors_work,
    "links_right": links_right,
    "notifications_section": notifications_section,
}
