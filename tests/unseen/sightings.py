"""A whole sighting of a release at points of its way, with what the desk remembers then: everything there is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import ClassVar

from msgspec.structs import replace

from secrel.evaluate.registry import vocabulary
from secrel.observe.observing import Sources, snapshot_of
from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Author
from secrel.ports.forge import ForgeReader
from secrel.process.reading import builtin
from secrel.process.table import Process
from secrel.snapshot.seen import Mail, Snapshot
from secrel.words.advisories import Advisory
from secrel.words.facts.stated import FixFacts, ReleaseFacts, Stated, read_facts
from secrel.words.forge import Assent, Issue, Link, MergeRequest, Note, Pipeline, State
from secrel.words.parts import Part, Seen
from secrel.words.releases import Product
from secrel.words.sighting import Asked, EmbargoRule, LabelRule, LinkedFix, RemovedLink, Sighting, Tracked
from secrel.words.versions import Version
from tests.builders import DUE, NAME, VECTOR, a_team, receipts

VERSION = "18.5.2"
LINKED = DUE - timedelta(days=20)
SECRET = "A removed title nobody has read"
POINTS: Mapping[str, datetime] = {
    "begun": DUE - timedelta(days=19),
    "late": DUE - timedelta(hours=30),
    "eve": DUE - timedelta(hours=20),
    "day": DUE + timedelta(minutes=1),
    "live": DUE + timedelta(hours=3),
    "disclosed": DUE + timedelta(days=120),
}
"""The points, each with its instant: by `eve` everything is ready that can be, by `day` announced, then told."""


class NoForge:
    """A forge that nobody asks."""

    tells: ClassVar[bool] = True

    def releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        """Be asked."""
        raise AssertionError(rule)

    def labelled(self, rule: LabelRule) -> Part[tuple[Issue, ...]]:
        """Be asked."""
        raise AssertionError(rule)

    def proposed(self, project: str) -> Part[tuple[MergeRequest, ...]]:
        """Be asked."""
        raise AssertionError(project)

    def look(self, asked: Asked) -> Sighting:
        """Be asked."""
        raise AssertionError(asked)

    def marks(self, release: str, rule: LabelRule) -> Part[Mapping[str, str]]:
        """Be asked."""
        raise AssertionError(release, rule)

    def embargoed(self, rule: EmbargoRule) -> Part[tuple[Issue, ...]]:
        """Be asked."""
        raise AssertionError(rule)


@cache
def process_of(name: str) -> Process:
    """One of the processes that ship."""
    return builtin(name, vocabulary())


@dataclass(frozen=True)
class Played:
    """A release of one process at one point."""

    process: str
    point: str

    @property
    def now(self) -> datetime:
        """The instant of the look."""
        return POINTS[self.point]

    @property
    def sources(self) -> Sources:
        """What observing needs, the forge left out."""
        forge: ForgeReader = NoForge()
        return Sources(
            forge,
            process_of(self.process),
            a_team(),
            (),
            lambda _release: "2026-12",
            lambda _name: False,
            lambda _ref: "",
        )

    def snapshot(self, sighting: Sighting) -> Snapshot:
        """Make a snapshot of what was seen, with what the desk remembers at this point."""
        seen = snapshot_of(NAME, sighting, self.sources, self.now)
        digest, post = whole(self)
        keys = ["/tell/release-managers", *(f"/handover/{day}/{who}" for day in _DAYS for who in ("amara", "bjorn"))]
        if self.is_ready:
            keys += ["/post/draft", "/checklist", "/comms"]
        if self.is_live:
            keys += [
                "/post/ask-merge",
                "/post/tell-marketing",
                "/email/ask-test",
                "/email",
                "/email/ask-send",
                "/removed/acme#9",
            ]
            keys += [
                "/cve/publish/CVE-2026-0001",
                *(f"/report/{_ref(self.product, 1)}/{name}" for name in _reports()),
                f"/removed/{_ref(self.product, 9)}",
            ]
        return replace(
            seen,
            receipts=receipts(*keys, at=self.now - timedelta(days=1) if self.is_ready else self.now),
            wanted={"post": post[1], "post/path": post[0]},
            mail=Mail(DUE, "d", (), digest) if self.is_live else None,
        )

    @property
    def is_ready(self) -> bool:
        """Whether everything has been done that can be before the day."""
        return self.point not in ("begun", "late")

    @property
    def is_live(self) -> bool:
        """Whether the post is public."""
        return self.point in ("live", "disclosed")

    @property
    def product(self) -> Product:
        """The product that the release ships."""
        return process_of(self.process).products[0]

    def sighting(self) -> Sighting:
        """Everything of the release, seen."""
        return _sighting(self)


_DAYS = tuple((DUE + timedelta(days=n)).date().isoformat() for n in range(-20, 3))


def _ref(product: Product, number: int) -> str:
    return f"{product.repository}#{number}"


@cache
def whole(played: Played) -> tuple[str, tuple[str, str]]:
    """The fingerprint of what a release announces when everything is seen, and its post: path and text."""
    seen = snapshot_of(NAME, played.sighting(), played.sources, played.now)
    return seen.contents.digest, _post(seen)


def _post(snapshot: Snapshot) -> tuple[str, str]:
    made = render_post(snapshot.contents, Author("Amara", "amara@acme.test", "amara"), templates=post_templates())
    return made.path, made.text


def _issue(ref: str, title: str, **more: object) -> Issue:
    return replace(Issue(ref, title, "", f"https://forge.test/{ref}", labels=frozenset({"security"})), **more)


def _reports() -> tuple[str, ...]:
    """Give the names of the notices of the first fix."""
    return tuple(Advisory("", "", "", "", credits=_facts(1, "").of(FixFacts).credits).reports)


def _facts(number: int, title: str) -> Stated:
    told = {
        "title": title,
        "description": f"An attacker could read part {number}, and nobody would have noticed it.",
        "affected": [{"since": "18.5", "fixed": VERSION}],
        "vector": VECTOR,
        "weakness": "CWE-284",
        "credits": [{"name": f"finder-number-{number}", "report": f"report-{number}"}],
    }
    return read_facts(FixFacts, told)


def _request(played: Played, number: int) -> Seen[Issue | None]:
    """The CVE request of a fix, with the id that the CNA gave it."""
    process = process_of(played.process)
    body = f"An attacker could read part {number}, and nobody would have noticed it. CWE-284 {VECTOR} 18.5 {VERSION}"
    note = Note(process.people["cna"], LINKED, f"CVE-2026-{number:04} is assigned")
    return Seen(_issue(f"{process.projects['cves']}#{number}", "A CVE request", body=body, notes=(note,)))


def _merge_requests(played: Played) -> tuple[MergeRequest, ...]:
    process, product = process_of(played.process), played.product
    shipment_branch = product.branch_of(product.series_of(Version.parse(VERSION)))
    asked = MergeRequest(
        ref=f"{product.repository}!1",
        title="Mend it",
        body="",
        url=f"https://forge.test/{product.repository}/1",
        branch="security-mend-it",
        target=product.default_branch,
        state=State.MERGED if played.is_ready else State.OPENED,
        pipeline=Pipeline.PASSED,
        labels=frozenset(process.labels.values()),
        milestone="18.6",
        assignees=tuple(filter(None, [process.people.get("release_bot", "")])),
        assents=(Assent("chidi", LINKED, "maintainer"), Assent("dewi", LINKED, "appsec")),
        author="farid",
        commit="c0ffee",
        changed_at=LINKED - timedelta(days=1),
        merged_at=DUE - timedelta(days=2) if played.is_ready else None,
    )
    backport = replace(asked, ref=f"{product.repository}!2", target=shipment_branch, commit="c0ffee2")
    return (asked, replace(backport, pipeline=Pipeline.FAILED) if played.point == "late" else backport)


@cache
def _sighting(played: Played) -> Sighting:
    process, product, name = process_of(played.process), played.product, played.process
    tag = product.tag_of(Version.parse(VERSION))
    facts = {
        "release": NAME,
        "kind": "planned",
        "due": DUE.isoformat(),
        "products": [{"product": product.key, "versions": [VERSION]}],
        "form": "generic" if name == "generic" else "2026",
        "primary": "amara",
        "secondary": "bjorn",
    }
    labels = frozenset(process.labels.values()) - {process.labels["keep_confidential"]}
    tracking = _issue(
        f"{process.projects['tracking']}#1",
        "Tracking",
        body=f"It ships {VERSION}.",
        facts=read_facts(ReleaseFacts, facts),
        labels=labels,
        mark=f"{NAME}/tracking",
    )
    first, gone = _ref(product, 1), _ref(product, 9)
    linked = LinkedFix(
        Link(first, LINKED),
        Seen(
            _issue(
                first,
                "A flaw",
                facts=_facts(1, "Improper access control in part 1"),
                labels=labels - {"reduced backports"},
            )
        ),
        Seen(_merge_requests(played)),
        _request(played, 1),
        Seen(frozenset({tag}) if played.is_ready else frozenset()),
    )
    removed = RemovedLink(
        Link(gone, LINKED, DUE - timedelta(days=10)),
        Seen(_issue(gone, SECRET, facts=_facts(9, SECRET))),
        Seen(("security-removed-branch",)),
        _request(played, 9),
        Seen(frozenset()),
        Seen(tuple(replace(one, ref=f"{one.ref}9", state=State.OPENED) for one in _merge_requests(played))),
    )
    documents = _documents(played, labels)
    return Sighting(
        issues={"tracking": Seen(tracking), **documents},
        requests=_requests(played, (tracking, linked, removed)),
        linked=Seen((linked,)),
        removed=Seen((removed,)),
        tags={product.repository: Seen({tag: "c0ffee"} if played.is_ready else {})},
    )


def _documents(played: Played, labels: frozenset[str]) -> dict[str, Part[Issue | None]]:
    process = process_of(played.process)
    text = f"{VERSION} {_ref(played.product, 1)} CVE-2026-0001"
    there = {
        "checklist": _issue(f"{process.projects['checklist']}#2", "Checklist", body=text, labels=labels),
        "comms": _issue(f"{process.projects['communications']}#3", "Comms", body=text, labels=labels),
    }
    following = (
        _issue(f"{process.projects['tracking']}#4", "Next", body="It is not known yet.", labels=labels)
        if played.point == "disclosed"
        else None
    )
    seen: dict[str, Part[Issue | None]] = {
        name: Seen(issue if played.is_ready else None) for name, issue in there.items()
    }
    return {**seen, "next_tracking": Seen(following)}


def _requests(played: Played, parts: tuple[Issue, LinkedFix, RemovedLink]) -> Mapping[str, Part[MergeRequest | None]]:
    tracking, linked, removed = parts
    whole = Sighting({"tracking": Seen(tracking)}, {}, Seen((linked,)), Seen((removed,)))
    snapshot = snapshot_of(NAME, whole, played.sources, played.now)
    site = _merge_requests(played)[0]
    draft = replace(
        site,
        ref="acme/private!1",
        title="Draft: security release",
        state=State.CLOSED if played.is_live else State.OPENED,
        is_draft=True,
        author="amara",
        assents=(Assent("bjorn", DUE - timedelta(days=1)),),
        files=(_post(snapshot),),
        merged_at=None,
    )
    post = replace(draft, ref="acme/public!1", title="Security release", state=State.MERGED, merged_at=DUE)
    return {"draft": Seen(draft if played.is_ready else None), "post": Seen(post if played.is_live else None)}
