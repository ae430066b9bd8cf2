"""The fields of the CNA's request form, filled in from an advisory, and what is still missing in them."""

from __future__ import annotations

from msgspec import Struct

from secrel.papers.cve5.statements import solution
from secrel.papers.text import clean, one_line
from secrel.verify.cve_form import PATH_KEY, UNKNOWN_VERSION, Fields, fixed_of, range_of
from secrel.words.advisories import Advisory, Contents, Credit, CreditSource
from secrel.words.errors import Misused
from secrel.words.releases import Product

DEFAULT_LABELS = (
    "devops::secure",
    "group::vulnerability research",
    "vulnerability research::cve",
    "advisory::queued",
)
"""The labels that the CNA's own form sets."""


class Requester(Struct, frozen=True):
    """Who asks for the id, the vendor and never the finder; and the labels that the CNA's project works by.

    `path_key` is how the CNA's form calls the product's project; `has_bounty` whether it has a bug bounty program.
    """

    name: str
    email: str
    labels: tuple[str, ...] = DEFAULT_LABELS
    path_key: str = PATH_KEY
    has_bounty: bool = False


def _solution(advisory: Advisory) -> str:
    return " ".join(part for part in (solution(advisory), one_line(advisory.workaround)) if part)


def _thanks(credit: Credit, vendor: str, requester: Requester) -> str:
    name = one_line(credit.name)
    if credit.source is CreditSource.INTERNAL:
        who = f"{vendor} team member {name}" if name else f"the {vendor} team"
        return f"This vulnerability has been discovered internally by {who}"
    if credit.source is CreditSource.CUSTOMER:
        name = name or "a customer"
    how = "through our HackerOne bug bounty program" if _is_bounty(credit, requester) else "to us"
    return f"Thanks {name} for reporting this vulnerability {how}" if name else ""


def _is_bounty(credit: Credit, requester: Requester) -> bool:
    """Whether a finding came through the bounty program: where there is one, so does what nobody says more of."""
    return requester.has_bounty and credit.source in (CreditSource.UNSAID, CreditSource.HACKERONE)


def _product(advisory: Advisory, contents: Contents) -> Product:
    shipment = contents.release.shipment(advisory.product)
    if shipment is None:
        raise Misused(
            "the advisory is about a product that the release does not ship",
            where=contents.release.name,
            remedy="correct the advisory's product, or add the product to the release",
        )
    return shipment.product


def fields_of(advisory: Advisory, contents: Contents, requester: Requester) -> Fields:
    """Fill in the form. Raises `Misused` for an advisory of a product that the release does not ship."""
    product = _product(advisory, contents)
    thanks = [sentence for credit in advisory.credits if (sentence := _thanks(credit, product.vendor, requester))]
    reports = [credit.report for credit in advisory.credits if _is_bounty(credit, requester)]
    references = (advisory.issue_url, *reports, *advisory.references)
    return Fields(
        reporter_name=one_line(requester.name),
        reporter_email=one_line(requester.email),
        description=clean(advisory.description).strip(),
        cwe=advisory.weakness.id if advisory.weakness else "",
        path=product.repository,
        vendor=product.vendor,
        product=product.cve_product,
        affected_versions=tuple(map(range_of, advisory.affected or ())) or (f"<{UNKNOWN_VERSION}",),
        fixed_versions=fixed_of(advisory),
        impact=str(advisory.vector or ""),
        solution=_solution(advisory),
        credit="; ".join(dict.fromkeys(thanks)),
        references=tuple(dict.fromkeys(line for text in references if (line := one_line(text)))),
    )


def missing_fields(advisory: Advisory, contents: Contents) -> tuple[str, ...]:
    """Name what the CVE issue still lacks, in the order of the form; empty when it is complete.

    Of `description`, `weakness`, `affected versions`, `fixed versions`, `vector`, `solution`, `credit`.
    """
    form = fields_of(advisory, contents, Requester("", ""))
    lacks = {
        "description": not one_line(form.description),
        "weakness": not form.cwe,
        "affected versions": not advisory.affected,
        "fixed versions": UNKNOWN_VERSION in form.fixed_versions,
        "vector": not form.impact,
        "solution": not form.solution,
        "credit": not form.credit,
    }
    return tuple(name for name, is_missing in lacks.items() if is_missing)
