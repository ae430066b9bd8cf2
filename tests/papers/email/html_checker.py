"""A strict reader of a mail's HTML: every element closed in its turn, and nothing in it that loads or runs."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "hr"}
ALLOWED = {
    *("html", "head", "title", "body", "div", "h1", "h2", "h3", "p", "a", "strong", "em", "ul", "ol", "li", "code"),
    *VOID,
}


class StrictReader(HTMLParser):
    """Collects what a mail may not hold, in `faults`, and the links' addresses, in `links`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ALLOWED:
            self.faults.append(f"<{tag}>")
        if any(name.startswith("on") or name in {"src", "srcset", "background"} for name in given):
            self.faults.append(f"attributes {given}")
        if "url(" in (given.get("style") or "") or "@import" in (given.get("style") or ""):
            self.faults.append("a style that loads")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> out of turn")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment: {data}")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_strictly(html: str) -> StrictReader:
    """Read a whole document; what is still open at its end is a fault."""
    reader = StrictReader()
    reader.feed(html)
    reader.close()
    reader.faults += [f"<{tag}> is never closed" for tag in reader.open]
    return reader
