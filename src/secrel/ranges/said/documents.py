"""Results as documents: one JSON form (its schema is docs/affected.schema.json), and text and Markdown for people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from secrel.ranges.kin.links import CommitLink
from secrel.ranges.naming.catalogue import Catalogue
from secrel.ranges.results import NotProved, Proof, Result, SeriesResult, uncompared
from secrel.ranges.said.compare import Difference
from secrel.ranges.said.records import cve_affected, osv_ranges
from secrel.words.history.graph import Graph
from secrel.words.spans import Span, sentence

FORM = "secrel/affected/1"
_SHORT = 12
_MOST_REJECTED = 8


def documents(
    results: Sequence[Result],
    graph: Graph,
    *,
    repository: str = "",
    differences: Mapping[str, Sequence[Difference]] | None = None,
) -> list[dict[str, Any]]:
    """Write results for machines; `repository` is the public address that OSV's GIT ranges name.

    `differences`, by the name of the case, where a range was compared. Results share the series that are of one piece,
    and these are written once.
    """
    known: dict[int, dict[str, Any]] = {}
    for series in (series for result in results for series in result.series):
        if id(series) not in known:
            known[id(series)] = _series(series)
    return [
        _document(
            result,
            graph,
            [known[id(series)] for series in result.series],
            repository=repository,
            differences=(differences or {}).get(result.name),
        )
        for result in results
    ]


def _document(
    result: Result,
    graph: Graph,
    series: list[dict[str, Any]],
    *,
    repository: str,
    differences: Sequence[Difference] | None,
) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": result.name,
        "proved": result.proved,
        "origin": "known" if result.origin_known else "unknown",
        "sentence": told(result),
        "spans": [_span(span) for span in result.spans],
        "affected": [version.text for version in result.affected],
        "fixed": [version.text for version in result.fixed],
        "inferred": [version.text for version in result.inferred],
        "series": series,
        "unseen": [
            {
                "what": unproved.what,
                "reason": unproved.reason,
                "remedy": unproved.remedy,
                "versions": [str(version) for version in unproved.versions],
            }
            for unproved in result.unseen
        ],
        "claims": [
            {
                "claims": claim.claims,
                "reason": claim.reason,
                "by": claim.by,
                "changed": [str(version) for version in claim.changed],
            }
            for claim in result.claims
        ],
        "findings": list(result.findings),
        "fixes": list(result.fixes),
        "uncompared": list(result.uncompared),
        "reverts": list(result.reverts),
        "origins": list(result.origins),
        "links": [_link(link, graph) for link in result.links],
        "proposals": [_link(link, graph) for link in result.proposals],
        "proposed_origins": list(result.proposed_origins),
        "cve": cve_affected(result),
        "osv": osv_ranges(result, repository),
    }
    if differences is not None:
        written["differences"] = [
            {
                "says": difference.says,
                "side": difference.side,
                "versions": [str(version) for version in difference.versions],
                "proofs": [_proof(proof) for proof in difference.proofs],
            }
            for difference in differences
        ]
    return written


def tags_document(catalogue: Catalogue, digest: str) -> dict[str, Any]:
    """Write how tags were read; `digest` covers all tags and the commits they stand on."""
    return {
        "naming": catalogue.naming,
        "digest": digest,
        "versions": len(catalogue.listed),
        "rejected": [{"tag": tag.name, "reason": tag.reason} for tag in catalogue.rejected],
        "unpublished": [str(version) for version in catalogue.unpublished],
        "prereleases": [str(version) for version in catalogue.prereleases],
        "findings": list(catalogue.findings),
    }


def _span(span: Span) -> dict[str, str | None]:
    return {
        "since": None if span.since is None else str(span.since),
        "fixed": None if span.fixed is None else str(span.fixed),
    }


def _series(series: SeriesResult) -> dict[str, Any]:
    return {
        "series": str(series.series),
        "outcome": series.outcome,
        "spans": [_span(span) for span in series.spans],
        "first_fixed": None if series.first_fixed is None else str(series.first_fixed),
        "planned": None if series.planned is None else str(series.planned),
        "proofs": [_proof(proof) for proof in series.proofs],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "says": proof.says,
        "version": None if proof.version is None else str(proof.version),
        "tag": proof.tag,
        "commit": proof.commit,
        "signal": proof.signal,
    }


def _link(link: CommitLink, graph: Graph) -> dict[str, Any]:
    return {
        "commit": graph.hex(link.commit),
        "like": graph.hex(link.like),
        "signal": link.signal,
        "remark": link.remark,
    }


def told(result: Result) -> str:
    """Say the range in one sentence, or that there is none."""
    if result.spans:
        return sentence(result.spans)
    return "no version is affected" if result.proved else "not proved"


def text_of(
    result: Result, graph: Graph, *, markdown: bool = False, differences: Sequence[Difference] | None = None
) -> str:
    """Write one result for people: the sentence, series that are or were affected, their proofs, and what is open."""
    head = f"## {_plain(result.name)}" if markdown else result.name
    lines = [head, "", f"{told(result)}{'' if result.proved else ' (not all of it is proved: see below)'}", ""]
    lines += _block("Series", _series_lines(result), markdown)
    lines += _block("Not proved", [_unproved(part) for part in result.unseen], markdown)
    lines += _block(
        "Proved from commits and messages alone",
        [uncompared(result)] if result.proved and result.uncompared else [],
        markdown,
    )
    lines += _block("Claimed by people", _claim_lines(result), markdown)
    lines += _block("Also the fix, or the origin", [_link_line(link, graph) for link in result.links], markdown)
    lines += _block("To be confirmed by a person", [_link_line(link, graph) for link in result.proposals], markdown)
    lines += _block("Origin that the fix names, to be confirmed", list(result.proposed_origins), markdown)
    lines += _block("To look at", list(result.findings), markdown)
    if differences is not None:
        agreed = ["none: the given range and the proved one agree"]
        lines += _block("Differences", [line for d in differences for line in _difference(d)] or agreed, markdown)
    return "\n".join(lines).rstrip() + "\n"


def _block(title: str, lines: Sequence[str], markdown: bool) -> list[str]:  # noqa: FBT001 - private, and passed on
    if not lines:
        return []
    if markdown:
        return [f"### {title}", "", *(f"- {_plain(line)}" for line in lines), ""]
    return [f"{title}:", *(f"  {line}" for line in lines), ""]


def _plain(line: str) -> str:
    """Keep text from the repository from acting in Markdown."""
    return re.sub(r"([\\`*_\[\]<>#@/|~!&])", r"\\\1", line)


def _series_lines(result: Result) -> list[str]:
    """Tell series in which something changes one by one, and neighbours that stand alike in one line."""
    told = [series for series in result.series if series.spans or series.proofs]
    lines: list[str] = []
    for outcome, alike in groupby(told, key=lambda series: "" if series.proofs else series.outcome.value):
        if outcome:
            names = ", ".join(str(series.series) for series in alike)
            lines.append(f"{names}: affected throughout; {outcome}")
            continue
        for series in alike:
            fixed = f" {series.first_fixed}" if series.first_fixed else ""
            span = f"{sentence(series.spans)}; " if series.spans else ""
            lines.append(f"{series.series}: {span}{series.outcome.value}{fixed}")
            lines += [f"  {proof.says}" for proof in series.proofs]
    return lines


def _unproved(part: NotProved) -> str:
    return f"{part.what}: {part.reason}{'; ' if part.remedy else ''}{part.remedy}"


def _claim_lines(result: Result) -> list[str]:
    return [
        f"{claim.by}: {claim.claims}, because {claim.reason} ({len(claim.changed)} versions changed)"
        for claim in result.claims
    ]


def _link_line(link: CommitLink, graph: Graph) -> str:
    remark = f" ({link.remark})" if link.remark else ""
    return f"{graph.hex(link.commit)[:_SHORT]} like {graph.hex(link.like)[:_SHORT]}: {link.signal.value}{remark}"


def _difference(difference: Difference) -> list[str]:
    return [difference.says, *(f"  {proof.says}" for proof in difference.proofs)]


def tags_text(catalogue: Catalogue) -> str:
    """Say in a few lines how tags were read, and which were left out."""
    lines = [f"{len(catalogue.listed)} versions, from tags named {catalogue.naming or 'in no way known here'}"]
    if catalogue.rejected:
        shown = ", ".join(ascii(tag.name)[1:-1] for tag in catalogue.rejected[:_MOST_REJECTED])
        more = ", …" if len(catalogue.rejected) > _MOST_REJECTED else ""
        lines.append(f"{len(catalogue.rejected)} tags name no version: {shown}{more}")
    if catalogue.unpublished:
        lines.append(f"{len(catalogue.unpublished)} tagged versions were never published")
    if catalogue.prereleases:
        lines.append(f"{len(catalogue.prereleases)} pre-releases are left out")
    return "\n".join([*lines, *catalogue.findings]) + "\n"
