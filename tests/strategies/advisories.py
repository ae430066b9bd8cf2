"""Strategies for the words of an announcement: versions, spans, vectors, credits, advisories, releases, contents.

Every text that an outsider can write comes from `hostile_text`; every name is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from secrel.words.advisories import (
    Advisory,
    BugFix,
    Contents,
    Credit,
    CreditSource,
    CreditType,
    DependencyUpdate,
    UpgradeNote,
)
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind, Product, Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version

HOSTILE = (
    "```\n/close\n```",
    "\n/close\n",
    "@all",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "-->",
    "---\ntitle: owned\n---",
    "](https://evil.example) [x](",
    "| a | b |",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "\r\n\r\n",
    "# heading",
    "- [x] ticked",
    "&amp; &#64;",
    "\\u0041\\u202e",
    "\u202e\u2066",
    "\u2028\u2029\x85",
    "\ufeff\u200b",
    "\x00\x07\x1b[31m\x7f",
    "'\"`$(id)`",
    "%s %(x)s {0}",
    "../../etc/passwd",
    "!!python/object:os.system",
    "*anchor &anchor",
    "CVE-2021-0001",
    "1.2.3",
    "~label ^^ ==",
    "日本語 naïve é 😀",
    "  two  spaces  ",
)
"""Fragments that have broken out of documents before: Markdown, HTML, YAML, quick actions, mentions, terminals."""

_V3_BASE = {
    "AV": "NALP",
    "AC": "LH",
    "PR": "NLH",
    "UI": "NR",
    "S": "UC",
    "C": "NLH",
    "I": "NLH",
    "A": "NLH",
}
_V3_MORE = {
    "E": "XUPFH",
    "RL": "XOTWU",
    "RC": "XURC",
    "CR": "XLMH",
    "IR": "XLMH",
    "AR": "XLMH",
    "MAV": "XNALP",
    "MAC": "XLH",
    "MPR": "XNLH",
    "MUI": "XNR",
    "MS": "XUC",
    "MC": "XNLH",
    "MI": "XNLH",
    "MA": "XNLH",
}
_V4_BASE: dict[str, Sequence[str]] = {
    "AV": "NALP",
    "AC": "LH",
    "AT": "NP",
    "PR": "NLH",
    "UI": "NPA",
    "VC": "HLN",
    "VI": "HLN",
    "VA": "HLN",
    "SC": "HLN",
    "SI": "HLN",
    "SA": "HLN",
}
_V4_MORE: dict[str, Sequence[str]] = {
    "E": "XAPU",
    "CR": "XHML",
    "IR": "XHML",
    "AR": "XHML",
    "MAV": "XNALP",
    "MAC": "XLH",
    "MAT": "XNP",
    "MPR": "XNLH",
    "MUI": "XNPA",
    "MVC": "XHLN",
    "MVI": "XHLN",
    "MVA": "XHLN",
    "MSC": "XHLN",
    "MSI": "XSHLN",
    "MSA": "XSHLN",
    "S": "XNP",
    "AU": "XNY",
    "R": "XAUI",
    "V": "XDC",
    "RE": "XLMH",
    "U": ("X", "Clear", "Green", "Amber", "Red"),
}

PRODUCTS = (
    Product(
        key="anvil",
        name="Anvil Community Edition (CE) and Enterprise Edition (EE)",
        short="Anvil CE/EE",
        vendor="Anvil",
        cve_product="Anvil",
        repository="anvil-org/anvil",
        branch="{major}-{minor}-stable-ee",
        tag="v{version}-ee",
        purl="pkg:generic/anvil-org/anvil",
        update_url="https://anvil.example/update",
    ),
    Product(
        key="runner",
        name="Anvil Runner",
        short="Anvil Runner",
        vendor="Anvil",
        cve_product="Anvil Runner",
        repository="https://forge.example/anvil-org/anvil-runner",
    ),
)
"""Two made-up products: one with a package URL and a project path, one with a whole repository address."""


def hostile_text(*, max_fragments: int = 6, surrogates: bool = False) -> st.SearchStrategy[str]:
    """Text as an outsider could write it; with `surrogates`, halves of pairs that no encoding can carry, too."""
    halves = ("\ud800", "\udfff", "\\ud83d\\ude00", "\\ud800") if surrogates else ()
    piece = st.sampled_from(HOSTILE + halves) | st.text(max_size=20)
    return st.lists(piece, max_size=max_fragments).map(" ".join)


def words(*, surrogates: bool = False) -> st.SearchStrategy[str]:
    """Hostile text with at least one letter in it, so that it says something."""
    return st.builds(
        "{} {}".format,
        st.sampled_from(["Stored XSS", "A crafted wildcard", "that could have allowed"]),
        hostile_text(surrogates=surrogates),
    )


@st.composite
def versions(draw: st.DrawFn, *, stages: bool = True, sizes: tuple[int, int] = (1, 4)) -> Version:
    """One version of `sizes[0]` to `sizes[1]` numbers; with `stages`, release candidates, letters and the like."""
    numbers = draw(st.lists(st.integers(0, 30), min_size=sizes[0], max_size=sizes[1]))
    tails = ["", "", "", "-rc1", "-beta2", "rc3", "a", "-pre", ".dev4", "l", "-M3", ".Final"] if stages else [""]
    return Version.parse(".".join(map(str, numbers)) + draw(st.sampled_from(tails)))


@st.composite
def span_lists(draw: st.DrawFn, *, stages: bool = True, open_ends: bool = True) -> tuple[Span, ...]:
    """One to five spans in rising order that do not overlap; with `open_ends`, unknown or missing ends, too."""
    ends = sorted(set(draw(st.lists(versions(stages=stages), min_size=2, max_size=10))))
    if len(ends) % 2:
        ends.pop()
    spans = [Span(since, fixed) for since, fixed in zip(ends[::2], ends[1::2], strict=True)]
    if not spans:
        spans = [Span(None, Version.parse("1.0.1"))]
    if open_ends and draw(st.booleans()):
        spans[0] = Span(None, spans[0].fixed)
    if open_ends and draw(st.booleans()):
        spans[-1] = Span(spans[-1].since, None)
    return tuple(spans)


def _metrics(base: dict[str, Sequence[str]], more: dict[str, Sequence[str]]) -> st.SearchStrategy[str]:
    needed = {name: st.sampled_from(list(values)) for name, values in base.items()}
    other = {name: st.sampled_from(list(values)) for name, values in more.items()}
    chosen = st.fixed_dictionaries(needed, optional=other) if more else st.fixed_dictionaries(needed)
    order = [*base, *more]
    return chosen.map(lambda kept: "/".join(f"{name}:{kept[name]}" for name in order if name in kept))


def vectors_3(minor: int = 1, *, more: bool = False) -> st.SearchStrategy[Vector]:
    """CVSS 3.0 or 3.1 vectors; with `more`, temporal and environmental metrics, too."""
    return _metrics(dict(_V3_BASE), dict(_V3_MORE) if more else {}).map(
        lambda text: Vector.parse(f"CVSS:3.{minor}/{text}")
    )


def vectors_4(*, more: bool = False) -> st.SearchStrategy[Vector]:
    """CVSS 4.0 vectors; with `more`, threat, environmental and supplemental metrics, too."""
    return _metrics(_V4_BASE, _V4_MORE if more else {}).map(lambda text: Vector.parse(f"CVSS:4.0/{text}"))


def vectors() -> st.SearchStrategy[Vector]:
    """Vectors of every version that the desk reads."""
    return st.one_of(vectors_3(1), vectors_3(0), vectors_4(), vectors_3(1, more=True), vectors_4(more=True))


def cve_ids() -> st.SearchStrategy[CveId]:
    """CVE ids of four to seven digits."""
    return st.builds(
        lambda year, number: CveId.parse(f"CVE-{year}-{number:04d}"), st.integers(2000, 2030), st.integers(1, 9_999_999)
    )


def cwes() -> st.SearchStrategy[Cwe]:
    """Weaknesses, with and without a name."""
    return st.builds(Cwe, st.integers(1, 1500), st.sampled_from(["", "Cross-site Scripting", "Missing Authorization"]))


def handles() -> st.SearchStrategy[str]:
    """Made-up handles of finders."""
    return st.sampled_from(["amara", "bjorn", "chidi", "dewi", "elif", "farid"])


@st.composite
def credits_(draw: st.DrawFn) -> Credit:
    """A credit: a handle or a hostile name, from anywhere, with and without a profile and a report."""
    source = draw(st.sampled_from(CreditSource))
    name = draw(handles() | hostile_text(max_fragments=2) | st.just(""))
    return Credit(
        name=name,
        source=source,
        type=draw(st.sampled_from(CreditType)),
        profile=draw(st.sampled_from(["", "https://hackerone.com/amara", "javascript:alert(1)"])),
        report=draw(st.sampled_from(["", "https://hackerone.com/reports/1000001", "1000002", "an email"])),
    )


REFERENCES = (
    "https://anvil.example/docs/security",
    "https://anvil.example/docs/security/",
    "http://anvil.example/advisories/1",
    "HTTPS://Anvil.example/docs/security",
    "https://forge.example/anvil-org/anvil/-/issues/1",
)
"""Addresses of references, some of them the same one in other clothes."""


@st.composite
def advisories(draw: st.DrawFn, *, complete: bool = False, surrogates: bool = False) -> Advisory:
    """An advisory of one of `PRODUCTS`; `complete` ones have an id and a range: a record can be made of them."""
    absent: st.SearchStrategy[None] = st.nothing() if complete else st.none()
    return Advisory(
        fix=f"anvil-org/security/anvil#{draw(st.integers(1, 9999))}",
        title=draw(words(surrogates=surrogates)),
        description=draw(words(surrogates=surrogates)),
        product=draw(st.sampled_from(PRODUCTS)).key,
        edition=draw(st.sampled_from(["", "Anvil EE"]) | hostile_text(max_fragments=1, surrogates=surrogates)),
        affected=draw(span_lists() | absent),
        vector=draw(vectors() | st.none()),
        weakness=draw(cwes() | st.none()),
        cve_id=draw(cve_ids() | absent),
        no_cve="" if complete else draw(st.sampled_from(["", "a flag that is off by default guards it"])),
        credits=tuple(draw(st.lists(credits_(), max_size=3))),
        references=tuple(draw(st.lists(st.sampled_from(REFERENCES), max_size=4))),
        related=tuple(draw(st.lists(cve_ids(), max_size=2))),
        workaround=draw(hostile_text(max_fragments=2, surrogates=surrogates)),
        issue_url=draw(st.sampled_from(["", "https://forge.example/anvil-org/anvil/-/issues/1"])),
    )


@st.composite
def releases(draw: st.DrawFn) -> Release:
    """A release of both `PRODUCTS`, each in one to four series, highest version first; due between 2015 and 2040."""
    zone = timezone(timedelta(hours=draw(st.integers(-11, 12))))
    due = draw(st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, zone])))  # noqa: DTZ001 - hypothesis adds the zone
    minors = st.lists(st.integers(0, 12), min_size=1, max_size=4, unique=True)
    shipments = tuple(
        Shipment(
            product,
            tuple(
                Version.parse(f"18.{minor}.{draw(st.integers(1, 9))}") for minor in sorted(draw(minors), reverse=True)
            ),
        )
        for product in PRODUCTS
    )
    return Release(
        name=f"{due:%Y-%m-%d}",
        kind=draw(st.sampled_from(Kind)),
        due=due,
        shipments=shipments,
        disclosure_days=draw(st.sampled_from([30, 90])),
        form=draw(st.sampled_from(["2023", "2026"])),
    )


def dependencies() -> st.SearchStrategy[DependencyUpdate]:
    """Dependency updates with existing CVE ids."""
    return st.builds(
        DependencyUpdate,
        name=st.sampled_from(["PostgreSQL", "libfoo"]),
        version=st.sampled_from(["13.20", "2.0.1"]),
        product=st.sampled_from([product.key for product in PRODUCTS]),
        cve_ids=st.lists(cve_ids(), max_size=3, unique=True).map(tuple),
        affected=st.sampled_from(["", "all versions of Anvil Omnibus"]),
    )


@st.composite
def contents(draw: st.DrawFn, *, complete: bool = False, surrogates: bool = False, max_advisories: int = 5) -> Contents:
    """A release with all that it announces; fixes and CVE ids are its advisories' own, as they are in life."""
    release = draw(releases())
    found = draw(
        st.lists(
            advisories(complete=complete, surrogates=surrogates),
            min_size=1 if complete else 0,
            max_size=max_advisories,
            unique_by=(lambda a: a.fix, lambda a: a.cve_id or a.fix),
        )
    )
    version = st.sampled_from([str(v) for v in release.main.versions])
    return Contents(
        release=release,
        advisories=tuple(found),
        dependencies=tuple(draw(st.lists(dependencies(), max_size=2))),
        bug_fixes=tuple(
            draw(
                st.lists(
                    st.builds(
                        BugFix, version, words(), st.just("https://forge.example/anvil-org/anvil/-/merge_requests/1")
                    ),
                    max_size=3,
                )
            )
        ),
        upgrade_notes=tuple(draw(st.lists(st.builds(UpgradeNote, version, st.just(("migrations",))), max_size=2))),
    )
