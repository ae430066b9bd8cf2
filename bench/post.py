"""The post of a generated release: rendered, read, compared and checked; `python -m bench.post [FIXES]`.

200 fixes in 5 series of 3 products by default, in every form that ships; best of three, in milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Author
from secrel.verify.post.alone import self_check
from secrel.verify.post.comparing import compare_post
from secrel.verify.post.facts.reading import read_post
from secrel.words.advisories import Advisory, BugFix, Contents, Credit
from secrel.words.ids import CveId
from secrel.words.releases import Kind, Product, Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version

KEYS = ("core", "runner", "pages")
VECTORS = (
    "AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N",
    "AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N",
    "AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N",
)


def generated(form: str, fixes: int) -> Contents:
    products = [Product(key, f"Anvil {key}", f"Anvil {key}", "Anvil", f"Anvil {key}", f"anvil/{key}") for key in KEYS]
    series = [[Version.parse(f"{major}.{minor}.3") for minor in range(9, 4, -1)] for major in (18, 17, 3)]
    advisories = []
    for number in range(fixes):
        which = number % len(products)
        advisories.append(
            Advisory(
                fix=f"anvil/security#{number}",
                title=f"Weakness number {number} in a component",
                description="Under some conditions, a crafted request reads what it should not. It is refused now.",
                product=products[which].key,
                affected=tuple(Span(Version.parse(str(v)[:-2]), v) for v in reversed(series[which])),
                vector=Vector.parse(f"CVSS:3.1/{VECTORS[number % len(VECTORS)]}"),
                cve_id=CveId.parse(f"CVE-2026-{10_000 + number}"),
                credits=(Credit("amara", profile="https://hackerone.com/amara"),),
            )
        )
    shipments = tuple(Shipment(p, tuple(v)) for p, v in zip(products, series, strict=True))
    release = Release("bench", Kind.PLANNED, datetime(2026, 9, 10, 12, tzinfo=UTC), shipments, 30, form=form)
    bugs = tuple(BugFix("18.9.3", f"Change {number}", f"https://anvil.example/{number}") for number in range(50))
    return Contents(release, tuple(advisories), bug_fixes=bugs)


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1000 * min(times)


def main() -> None:
    fixes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{fixes} fixes, 5 series, 3 products; milliseconds, best of 3")
    print(f"{'form':10}{'render':>10}{'read':>10}{'compare':>10}{'self-check':>12}")
    for form in ("2023", "2026", "generic"):
        contents, author = generated(form, fixes), Author("Amara Example", "amara@vendor.example", "amara")
        post = render_post(contents, author, templates=post_templates())
        facts = read_post(post.text, post.path)
        assert compare_post(facts, contents, facts) == ()
        works: tuple[Callable[[], object], ...] = (
            partial(render_post, contents, author, templates=post_templates()),
            partial(read_post, post.text, post.path),
            partial(compare_post, facts, contents, facts),
            partial(self_check, facts),
        )
        times = map(best, works)
        print(f"{form:10}" + "".join(f"{time:{width}.1f}" for time, width in zip(times, (10, 10, 10, 12), strict=True)))


if __name__ == "__main__":
    main()
