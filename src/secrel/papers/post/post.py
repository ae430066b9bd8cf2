"""The announcement post: one release's contents in one form, as a file for the site (mission M6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from secrel.papers import environment
from secrel.papers.post.entries import PostEntry, entry, has_plain_id, wanted_id
from secrel.papers.post.form import Form
from secrel.papers.post.lasting import keep_ids
from secrel.papers.post.view import bug_fixes, listed_versions, shipment_view, updates, upgrade_notes
from secrel.papers.post.written import Author, Post
from secrel.papers.text import link, one_line, yaml_string
from secrel.papers.wording.reach import reach_said
from secrel.verify.post.facts.anchors import clear_ids
from secrel.verify.post.facts.blocks import page_headings, page_lines
from secrel.verify.post.facts.values import MONTHS
from secrel.words.advisories import Advisory, Contents, by_severity
from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.reach import hardenings, vulnerabilities
from secrel.words.releases import joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_LATIN = pattern(r"LATIN SMALL (?:LETTER|LIGATURE) (?:DOTLESS )?([A-Z]{1,2})(?: WITH .*)?")
"""What Unicode calls a letter that is written with other Latin letters: one with a stroke, or two in one."""
_ALONE = {"LATIN SMALL LETTER ETH": "d", "LATIN SMALL LETTER THORN": "th"}
_NOT_IN_NAMES = pattern(r"[^a-z0-9]+")


def post_templates(overrides: Mapping[str, str] | None = None) -> Templates:
    """Give the forms that ship (`2023`, `2026`, `generic`), with a desk's own texts over or beside them, by name."""
    return environment.Templates.shipped("secrel.papers.post.forms", overrides=overrides)


def render_post(
    contents: Contents,
    author: Author,
    *,
    templates: Templates,
    addresses: Mapping[str, str] | None = None,
    published: Sequence[tuple[str, str]] = (),
) -> Post:
    """Render the post of a release in its form; `addresses` are those of the process.

    `published` are the files, each its path and text, as which the post is live or was, the first one first: the post
    keeps its file and its address, and every id of its sections.

    Raises `Misused` when a fix has no affected range or names a product that is not in the release, when a version
    of a note does not ship, when the release has no version or its date no zone, and for a form or template that
    cannot be used.
    """
    form = Form.read(templates, contents.release.form)
    names = _names(contents, author, form, next((path for path, _ in published), ""))
    title, address = names["title"], names["address"]
    path = published[0][0] if published else _path(form, names)
    front = tuple((key, form.text("front_matter", key, names)) for key in form.tables["front_matter"])
    head = "".join(f"{key}: {yaml_string(value)}\n" for key, value in front)
    links = form.links(addresses or {})
    body = _body(contents, form, templates, _values(contents, form, names) | {"links": links})
    text = f"---\n{head}---\n\n{body}" if front else body
    for _, before in published:
        text = keep_ids(before, text, path)
    return Post(
        path=path,
        branch_name=form.text("file", "branch", names),
        title=title,
        address=form.text("file", "site") + address,
        canonical_path=address,
        front_matter=front,
        text=text,
        links=links,
    )


def _names(contents: Contents, author: Author, form: Form, published: str) -> dict[str, str]:
    """Give what the form places; of file and address, what they were published with, where they are."""
    release = contents.release
    if not release.shipments or not release.main.versions:
        raise Misused("the release has no version", where=f"release {release.name}", remedy="give it one")
    if release.due.utcoffset() is None:
        raise Misused("the date has no zone", where=f"release {release.name}", remedy="write it with its offset")
    main, critical = release.main.product, contents.is_critical
    names = {
        "date": f"{release.due:%Y-%m-%d}",
        "year": f"{release.due:%Y}",
        "month": f"{release.due:%m}",
        "day": f"{release.due:%d}",
        "version": _in_a_name(str(release.main.versions[0])),
        "product": _in_a_name(main.cve_product) or _in_a_name(main.key),
        "critical": form.text("words", "critical_slug") if critical else "",
    }
    names |= form.names_in(published, names)
    names["slug"] = form.text("file", "slug", names)
    names["address"] = form.text("file", "address", names)
    told = {
        "product": main.cve_product,
        "name": main.name,
        "vendor": main.vendor,
        "critical": form.text("words", "critical_title") if critical else "",
        "versions": listed_versions(release.main, form),
    }
    title = one_line(form.text("title", "text", told))
    said = {"author": one_line(author.name), "username": one_line(author.username), "title": title}
    return names | {"name": main.name, "vendor": main.vendor} | said


def _in_a_name(text: str) -> str:
    """Give a name for paths and addresses: small Latin letters without their accents, figures, points and hyphens."""
    bare = (letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return _NOT_IN_NAMES.sub("-", "".join(map(_plain_letter, bare))).strip("-")


def _plain_letter(letter: str) -> str:
    """Give the Latin letters without signs that stand for a letter, or itself."""
    named = unicodedata.name(letter, "")
    match = _LATIN.fullmatch(named)
    return match[1].lower() if match else _ALONE.get(named, letter)


def _path(form: Form, names: Mapping[str, str]) -> str:
    path = "/".join(part for part in (form.text("file", "folder"), form.text("file", "name", names)) if part)
    if path.startswith("/") or ".." in path.split("/") or "\\" in path:
        raise Misused(
            f"the file {path[:80]!r} is outside the site",
            where=form.document.place("file", "folder"),
            remedy="correct [file] folder",
        )
    return path


def _values(contents: Contents, form: Form, names: Mapping[str, str]) -> dict[str, object]:
    release = contents.release
    shipments = [shipment_view(shipment, form) for shipment in release.shipments if shipment.versions]
    count = sum(len(shipment.versions) for shipment in shipments)
    due = release.due
    return {
        "title": names["title"],
        "date": f"{MONTHS[due.month - 1]} {due.day}, {due.year}",
        "critical": contents.is_critical,
        "vendor": release.main.product.vendor,
        "main": shipments[0],
        "shipments": shipments,
        "one_version": count == 1,
        "products": joined(shipment.product for shipment in shipments),
        "disclosure": f"{release.disclosure_days} day{'' if release.disclosure_days == 1 else 's'}",
        "discloses": bool(contents.advisories) and all(one.issue_url for one in contents.advisories),
        "fixes": len(vulnerabilities(contents)) + len(hardenings(contents)),
        "reach": reach_said(contents),
        "affects": bool(contents.dependencies) or any(not one.hosted_only for one in contents.advisories),
        "updates": updates(contents, form),
        "bug_fixes": bug_fixes(contents),
        "upgrade_notes": upgrade_notes(contents),
        "link": link,
    }


def _body(contents: Contents, form: Form, templates: Templates, values: Mapping[str, object]) -> str:
    """Fill in the template; again, with ids written out, where the page as it came out made one ambiguous."""
    ordered = by_severity(contents.advisories)
    always = form.says("words", "explicit_ids")
    marks = ["" for _ in ordered]
    _write_ids(marks, ordered, [place for place, a in enumerate(ordered) if always or not has_plain_id(a)], set())

    def page() -> tuple[list[PostEntry], str]:
        entries = [entry(advisory, contents, form, mark) for advisory, mark in zip(ordered, marks, strict=True)]
        return entries, templates.render(f"{form.name}/post.md.j2", {**values, "entries": entries})

    entries, text = page()
    headings = page_headings(page_lines(text))
    clear = clear_ids((heading.words, heading.explicit) for heading in headings)
    unclear = [place for place, told in enumerate(entries) if told.anchor not in clear]
    if unclear:
        _write_ids(marks, ordered, unclear, {heading.id for heading in headings})
        _, text = page()
    return text


def _write_ids(marks: list[str], ordered: list[Advisory], places: list[int], taken: set[str]) -> None:
    for place in places:
        marks[place] = wanted_id(ordered[place], taken.union(marks))
