"""The facts of a post as found: what it says, and on which line; nothing here is judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from secrel.verify.post.facts.blocks import Heading, PageLine
from secrel.words.spans import Span
from secrel.words.versions import Version

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""The months as posts write them, whatever the machine's language."""


class PageLink(Struct, frozen=True):
    """A Markdown link: its words without markup, and its target as written."""

    words: str
    target: str
    line: int


class TableRow(Struct, frozen=True):
    """A row of the table of fixes; `target` is empty when its title is no link."""

    title: str
    target: str
    severity: str
    line: int

    @property
    def anchor(self) -> str:
        """The id that the row points to, on whatever page."""
        return self.target.rpartition("#")[2] if "#" in self.target else ""


class Ranges(Struct, frozen=True):
    """What a section says is affected: spans in its order, and every end.

    `is_exact` is whether nothing in it can be read in two ways.
    """

    spans: tuple[Span, ...] = ()
    ends: tuple[Version, ...] = ()
    is_exact: bool = True


class EntryFacts(Struct, frozen=True):
    """A section about one vulnerability. Empty text means that the section does not say it.

    `cve_id` is the one it is assigned. `vector` is as printed, with or without
    its prefix; `score` and `severity` as printed. `description` is its prose without the computed sentences, `thanks`
    its sentences of thanks, and `text` all of it; those two are words without markup.
    """

    title: str
    heading: Heading
    description: str
    ranges: Ranges
    severity: str
    vector: str
    score: str
    cve_id: str
    asked: bool
    thanks: str
    profiles: tuple[PageLink, ...]
    text: str

    @property
    def line(self) -> int:
        """Where the section begins."""
        return self.heading.line


class UpdateFacts(Struct, frozen=True):
    """A section about a third party's fix."""

    title: str
    text: str
    line: int


class BugFixFacts(Struct, frozen=True):
    """The changes without security content that are listed for one version; an item without a link has no target."""

    version: str
    links: tuple[PageLink, ...]
    line: int


class FrontMatter(Struct, frozen=True):
    """What stands above the post; `values` holds texts only, `lines` where each key stands, `fault` why it is not YAML.

    `loose` are the lines that end in a blank.
    """

    values: Mapping[str, str]
    lines: Mapping[str, int]
    loose: tuple[int, ...] = ()
    fault: str = ""


class Announced(Struct, frozen=True):
    """One product in the introduction: its versions as written, and its name."""

    versions: tuple[str, ...]
    name: str
    line: int


class PostFacts(Struct, frozen=True):
    """A post as found, and what its readers see of it.

    `front` is None for a page that was stored without its front matter. `hidden` are the lines on which something
    begins that no reader is shown: it is among the `lines`, and in nothing else of this.
    """

    path: str
    front: FrontMatter | None
    title: str
    title_line: int
    versions: tuple[str, ...]
    announced: tuple[Announced, ...]
    intro_date: date | None
    rows: tuple[TableRow, ...]
    has_table: bool
    entries: tuple[EntryFacts, ...]
    updates: tuple[UpdateFacts, ...]
    bug_fixes: tuple[BugFixFacts, ...]
    headings: tuple[Heading, ...]
    links: tuple[PageLink, ...]
    lines: tuple[PageLine, ...]
    hidden: tuple[int, ...] = ()

    @property
    def canonical_path(self) -> str:
        """The canonical path of the front matter, or nothing."""
        return self.front.values.get("canonical_path", "") if self.front else ""

    @property
    def is_critical(self) -> bool:
        """Whether the title says *Critical*."""
        return "critical" in self.title.lower()
