"""What a post tells of each vulnerability, ready for a template: words, computed facts, links, thanks, anchor."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from secrel.papers.post.form import Form
from secrel.papers.text import Markdown, link, markdown_prose, markdown_steps, markdown_text, one_line, web_address
from secrel.papers.text.cleaning import ended
from secrel.verify.post.facts.anchors import kramdown_id, site_id
from secrel.words.advisories import Advisory, Contents, Credit, CreditType
from secrel.words.errors import Misused
from secrel.words.ids import CveId
from secrel.words.patterns import pattern
from secrel.words.releases import Product, joined
from secrel.words.spans import counted_out, sentence
from secrel.words.vectors import Vector

_LONGEST_ID = 80
_NOT_IN_IDS = pattern("[^a-z0-9]+")


class PostEntry(Struct, frozen=True):
    """One vulnerability as a template places it; `Markdown` is ready, `str` is escaped where it is printed.

    `subject` is the product or edition that `affected` speaks of, and `versions` says the same range for the middle of
    a sentence; `hosted` the hosted service that alone was affected, and `affected` is empty then. `earlier` lists the
    versions published before that have the fix already, when they end its whole range; `cna` is another CNA that
    assigned the id. `vector`, `score` and `severity` are empty when no vector is known, and then `rating` is the form's
    word for that. `cve` is the linked id, empty when there is none; `asked` says that one is needed and not assigned
    yet. `mitigated` is whether every affected range has its fix, and `fixed_in` lists the versions that have it.
    `anchor` is the heading's id, and `mark` what the heading has to end in for it.
    """

    title: str
    description: Markdown
    subject: str
    affected: str
    versions: str
    hosted: str
    earlier: str
    mitigated: bool
    fixed_in: str
    rating: str
    severity: str
    score: str
    vector: str
    vector_link: Markdown
    cve: Markdown
    cna: str
    asked: bool
    related: Markdown
    thanks: Markdown
    workaround: Markdown
    anchor: Markdown
    mark: Markdown


def linked_cve(cve_id: CveId, form: Form) -> Markdown:
    """Give a CVE id as a link to its record."""
    return link(cve_id.text, form.text("links", "cve", {"cve": cve_id.text}))


def linked_cves(ids: Collection[CveId], form: Form) -> Markdown:
    """Give CVE ids as people list them, each linked."""
    return Markdown(joined(linked_cve(cve_id, form) for cve_id in ids))


def entry(advisory: Advisory, contents: Contents, form: Form, mark: str) -> PostEntry:
    """Make the entry of one advisory; `mark` is the id that its heading has to carry itself, or nothing.

    Raises `Misused`, naming the fix, when its product is not in the release or nobody has said what is affected.
    """
    product = _product(advisory, contents)
    if not advisory.affected and not advisory.hosted_only:
        raise Misused(
            "nobody has said which versions are affected",
            where=f"release {contents.release.name}, fix {advisory.fix}",
            remedy="ask for the range on the fix's issue, or compute it with: secrel affected",
        )
    vector = advisory.vector
    return PostEntry(
        title=one_line(advisory.title),
        description=_sentences(advisory.description),
        subject=one_line(advisory.edition) or product.short,
        affected=sentence(advisory.affected) if advisory.affected else "",
        versions=counted_out(advisory.affected) if advisory.affected else "",
        hosted=one_line(advisory.hosted_only),
        earlier=joined(sorted(advisory.fixed_already)) if advisory.shipped_before else "",
        fixed_in=joined(dict.fromkeys(sorted(span.fixed for span in advisory.spans if span.fixed is not None))),
        mitigated=all(span.fixed is not None for span in advisory.spans),
        rating=_severity(vector, form) or form.text("words", "unscored"),
        severity=_severity(vector, form),
        score=f"{vector.score:.1f}" if vector else "",
        vector=vector.text if vector else "",
        vector_link=_linked_vector(vector, form) if vector else Markdown(""),
        cve=linked_cve(advisory.cve_id, form) if advisory.cve_id else Markdown(""),
        cna=one_line(advisory.other_cna),
        asked=advisory.needs_cve and advisory.cve_id is None,
        related=linked_cves(advisory.related, form) if advisory.related else Markdown(""),
        thanks=thanks(advisory.credits, form, product.vendor),
        workaround=markdown_steps(advisory.workaround),
        anchor=Markdown(mark or site_id(one_line(advisory.title))),
        mark=Markdown(f" {{#{mark}}}" if mark else ""),
    )


def wanted_id(advisory: Advisory, taken: Collection[str]) -> str:
    """Choose an explicit id that is not `taken`: the CVE id's, otherwise one made of the title's letters."""
    letters = _NOT_IN_IDS.sub("-", site_id(one_line(advisory.title)))
    stem = advisory.cve_id.text.lower() if advisory.cve_id else f"fix-{letters}"[:_LONGEST_ID].rstrip("-")
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def has_plain_id(advisory: Advisory) -> bool:
    """Whether all renderers make the same id of the title, so that its heading need not carry one.

    They differ on what stands before the first letter, on letters beyond ASCII, and on entities.
    """
    title = one_line(advisory.title)
    return site_id(title) == kramdown_id(title) and "&" not in markdown_text(title)


def _product(advisory: Advisory, contents: Contents) -> Product:
    shipment = contents.release.shipment(advisory.product)
    if shipment is None:
        known = joined(s.product.key for s in contents.release.shipments)
        raise Misused(
            f"the product {advisory.product[:40]!r} is not in the release",
            where=f"release {contents.release.name}, fix {advisory.fix}",
            remedy=f"name one of its products: {known}",
        )
    return shipment.product


def _sentences(text: str) -> Markdown:
    told = markdown_prose(text)
    return told if told.endswith(":") else Markdown(ended(told))


def _severity(vector: Vector | None, form: Form) -> str:
    if vector is None:
        return ""
    word = vector.severity.value
    return word.capitalize() if form.says("words", "capital") else word


def _linked_vector(vector: Vector, form: Form) -> Markdown:
    key = "vector_4" if vector.version == "4.0" else "vector_3"
    address = web_address(form.text("links", key, {"vector": vector.text}))
    code = Markdown(f"`{vector.text}`")
    return Markdown(f"[{code}]({address})") if address else code


def thanks(credits_: Sequence[Credit], form: Form, vendor: str) -> Markdown:
    """Write the thanks of one advisory, in the order of its credits; people who share a source share a sentence.

    Nothing when nobody is credited. A profile that is no web address is left out, and the name stays.
    """
    groups: dict[str, list[Credit]] = {}
    for credit in credits_:
        key = "analyst" if credit.type is CreditType.ANALYST else credit.source.value
        groups.setdefault(key, []).append(credit)
    return Markdown(" ").join(_sentence(key, group, form, vendor) for key, group in groups.items())


def _sentence(key: str, group: Sequence[Credit], form: Form, vendor: str) -> Markdown:
    named = [link(credit.name, credit.profile) for credit in group if one_line(credit.name)]
    if named:
        key = "internal_several" if key == "internal" and len(named) > 1 else f"{key}_named"
    values = {"names": joined(dict.fromkeys(named)), "vendor": markdown_text(vendor)}
    return Markdown(form.text("thanks", key, values))
