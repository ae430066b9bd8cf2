"""The announcement's mail: the post's introduction, for those who subscribed (mission M7; handbook, manual step 8)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from secrel.papers import environment
from secrel.papers.email.message import Envelope, compose
from secrel.papers.email.parts import read_source
from secrel.papers.email.written import Email, MailLinks
from secrel.papers.messages.pieces import long_day
from secrel.papers.text import link, one_line, web_address
from secrel.papers.wording.reach import reach_said
from secrel.words.advisories import Contents
from secrel.words.errors import Misused
from secrel.words.reach import hardenings, vulnerabilities
from secrel.words.releases import Shipment, joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


_CORRECTS = "This takes the place of what we sent about this release before: not all of that is so any more."
"""What a correction says of itself, below its subject: no fact that the release has."""


def render_email(
    contents: Contents,
    links: MailLinks,
    envelope: Envelope,
    *,
    corrects: bool = False,
    templates: Templates | None = None,
) -> Email:
    """Write the mail of a release in the release's form (`FORM/email.md.j2`); equal arguments give equal bytes.

    With `corrects` it takes the place of one that people have, and says so in its subject and below it.

    The template is Markdown and the only source of subject, text and HTML. Raises `Misused` for a release without any
    security fix (there is no mail for those, gitlab-process.md 7), for links that are no addresses under https, and
    for faults of the template.
    """
    if not contents.advisories and not contents.dependencies:
        raise Misused(
            "the release has no security fix, so there is no mail for it",
            where=contents.release.name,
            remedy="link its fixes first; a release without security content is announced without a mail",
        )
    for address in (links.post, links.notices, links.feed):
        if address and not web_address(address).startswith("https://"):
            raise Misused("a link of the mail is not an address under https", where=contents.release.name)
    if not links.post:
        raise Misused("the mail has no address of the post to link to", where=contents.release.name)
    texts = templates or shipped()
    name = f"{contents.release.form}/email.md.j2"
    written = texts.render(name, {**_values(contents, links), "corrects": corrects})
    source = read_source(_corrected(written) if corrects else written, where=name)
    body = Markup(source.body)  # noqa: S704 - made from tokens, with HTML switched off
    html = texts.render("mail.html.j2", {"subject": source.subject, "body": body})
    return Email(source.subject, source.text, html, compose(envelope, source.subject, source.text, html))


def _corrected(markdown: str) -> str:
    """Say of a mail that it is a correction: in its heading, which becomes the subject, and below it."""
    heading, _, body = markdown.lstrip().partition("\n")
    return f"# Correction: {heading.removeprefix('#').strip()}\n\n{_CORRECTS}\n{body}"


@cache
def shipped() -> Templates:
    """Give the templates of the forms that ship: `2023`, `2026`, `generic`."""
    return environment.Templates.shipped("secrel.papers.email.forms")


def versions_said(shipment: Shipment) -> str:
    """Say a product's versions as people do: `version 16.0.1`, `versions 14.4.1, 14.3.4, and 14.2.6`."""
    return f"version{'s' if len(shipment.versions) > 1 else ''} {joined(shipment.versions)}"


def _values(contents: Contents, links: MailLinks) -> Mapping[str, object]:
    release = contents.release
    vectors = [advisory.vector for advisory in vulnerabilities(contents)]
    scored = [vector for vector in vectors if vector is not None]
    worst = max(scored, key=lambda vector: vector.score) if scored and len(scored) == len(vectors) else None
    return {
        "product": release.main.product.short,
        "products": joined(shipment.product.short for shipment in release.shipments),
        "name": release.main.product.name,
        "versions": ", ".join(str(version) for version in release.main.versions),
        "versions_said": versions_said(release.main),
        "others": [{"name": s.product.name, "versions_said": versions_said(s)} for s in release.shipments[1:]],
        "many": sum(len(shipment.versions) for shipment in release.shipments) > 1,
        "critical": contents.is_critical,
        "fixes": len(vulnerabilities(contents)),
        "hardenings": len(hardenings(contents)),
        "earlier": sum(one.shipped_before for one in contents.advisories),
        "hosted": joined(dict.fromkeys(one_line(one.hosted_only) for one in contents.advisories if one.hosted_only)),
        "updates": len(contents.dependencies),
        "reach": reach_said(contents),
        "highest": str(worst.severity) if worst else "",
        "score": f"{worst.score:.1f}" if worst else "",
        "day": long_day(release.due),
        "post": links.post,
        "notices": links.notices,
        "feed": links.feed,
        "link": link,
    }
