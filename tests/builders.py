"""Builders of values for tests: each makes something complete and ordinary, and takes what a test wants otherwise.

The vendor is Acme with one product, `app`; the release is 2026-11, due on Wednesday 25 November 2026, 16:00 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from msgspec import structs
from msgspec.structs import replace

from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import OURS, Advisory, Contents, Credit, CreditSource
from secrel.words.documents import TABLE
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import Assent, Issue, MergeRequest, Note, Pipeline, State
from secrel.words.ids import CveId, Cwe
from secrel.words.outcomes import Receipt
from secrel.words.parts import Seen, Unseen, settled
from secrel.words.people import Absence, Claim, Duty, Person
from secrel.words.releases import Kind, Product, Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version

DUE = datetime(2026, 11, 25, 16, tzinfo=UTC)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
NAME = "2026-11"
VERSIONS = ("18.5.2", "18.4.4", "18.3.6")
BOT = "release-bot"
REPOSITORY = "acme/app"
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"

F = TypeVar("F", Fix, RemovedFix)
T = TypeVar("T")


def seen(value: T, where: str = "the forge") -> Seen[T]:
    """A part that was seen."""
    return Seen(value, where)


def a_part(value: Any) -> Any:
    """A part: seen, unless it is one already."""
    return value if isinstance(value, Seen | Unseen) else seen(value)


def changed(fix: F, **parts: Any) -> F:
    """The same fix with other parts; what is given as plain values was seen."""
    plain = {"ref", "product", "linked_at", "removed_at"}
    return replace(fix, **{name: value if name in plain else a_part(value) for name, value in parts.items()})


def a_product(**changes: Any) -> Product:
    """The product `app` of Acme, in `acme/app`."""
    product = Product(
        key="app",
        name="Acme App",
        short="Acme App",
        vendor="Acme",
        cve_product="App",
        repository=REPOSITORY,
    )
    return structs.replace(product, **changes)


def a_shipment(versions: Iterable[str] = VERSIONS, product: Product | None = None) -> Shipment:
    """A shipment of these versions."""
    return Shipment(product or a_product(), tuple(Version.parse(text) for text in versions))


def a_release(versions: Iterable[str] = VERSIONS, **changes: Any) -> Release:
    """The planned release 2026-11 of `app`."""
    release = Release(NAME, Kind.PLANNED, DUE, (a_shipment(versions),), 30, "2023")
    return replace(release, **changes)


def a_person(username: str = "amara", **changes: Any) -> Person:
    """A member of the team, by default in EMEA on UTC."""
    person = Person(username=username, name=username.title(), region="emea", zone="UTC", email=f"{username}@acme.test")
    return replace(person, **changes)


def a_team() -> tuple[Person, ...]:
    """Amara and Chidi in EMEA, Bjorn in AMER, Dewi in APAC."""
    return (
        a_person("amara"),
        a_person("bjorn", region="amer", zone="America/Denver"),
        a_person("chidi"),
        a_person("dewi", region="apac", zone="Asia/Jakarta"),
    )


def a_duty(primary: str = "amara", secondary: str = "bjorn") -> Duty:
    """Who runs the release."""
    return Duty(NAME, primary, secondary)


def away(person: Person, first: datetime, last: datetime | None = None) -> Person:
    """The same person, away on these days."""
    return replace(person, absences=(*person.absences, Absence(first.date(), (last or first).date())))


def an_issue(number: int = 1, project: str = REPOSITORY, **changes: Any) -> Issue:
    """A confidential, open issue labelled `security`."""
    issue = Issue(
        ref=f"{project}#{number}",
        title=f"Flaw number {number}",
        body=f"About flaw {number}.",
        url=f"https://forge.test/{project}/-/issues/{number}",
        labels=frozenset({"security"}),
        created_at=DUE - timedelta(days=40),
    )
    return replace(issue, **changes)


def a_merge_request(number: int = 1, target: str = "main", **changes: Any) -> MergeRequest:
    """A merge request that is ready: approved by a maintainer and by AppSec, green, the bot's."""
    request = MergeRequest(
        ref=f"{REPOSITORY}!{number}",
        title=f"Mend flaw number {number}",
        body="",
        url=f"https://forge.test/{REPOSITORY}/-/merge_requests/{number}",
        branch=f"security-{number}",
        target=target,
        pipeline=Pipeline.PASSED,
        labels=frozenset({"security"}),
        milestone="18.6",
        assignees=(BOT,),
        assents=(
            Assent("chidi", DUE - timedelta(days=9), "maintainer"),
            Assent("dewi", DUE - timedelta(days=9), "appsec"),
        ),
        author="farid",
        changed_at=DUE - timedelta(days=10),
    )
    return replace(request, **changes)


def targets(versions: Iterable[str] = VERSIONS) -> tuple[str, ...]:
    """The branches a fix of `app` has to reach."""
    shipment = a_shipment(versions)
    return ("main", *(shipment.product.branch_of(series) for series in shipment.series))


def a_fix(number: int = 1, versions: Iterable[str] = VERSIONS, **changes: Any) -> Fix:
    """A fix that is ready: one merge request for each target, and a CVE request."""
    fix = Fix(
        ref=f"{REPOSITORY}#{number}",
        issue=seen(an_issue(number)),
        product="app",
        linked_at=DUE - timedelta(days=20),
        merge_requests=seen(
            tuple(a_merge_request(number * 100 + n, target) for n, target in enumerate(targets(tuple(versions))))
        ),
        cve_request=seen(an_issue(number, "acme/cves")),
        tags=seen(frozenset()),
    )
    return changed(fix, **changes)


def merged(fix: Fix, at: datetime = DUE - timedelta(days=2)) -> Fix:
    """The same fix with all its merge requests merged."""
    return changed(fix, merge_requests=tuple(replace(m, state=State.MERGED, merged_at=at) for m in requests(fix)))


def requests(fix: Fix) -> tuple[MergeRequest, ...]:
    """The merge requests of a fix."""
    assert isinstance(fix.merge_requests, Seen)
    return fix.merge_requests.value


def notes_of(thing: Issue | MergeRequest) -> tuple[Note, ...]:
    """The notes on an issue or a merge request."""
    return settled(thing.notes, "the notes")


def assents_of(request: MergeRequest) -> tuple[Assent, ...]:
    """The approvals of a merge request."""
    return settled(request.assents, "the approvals")


def spans(versions: Iterable[str] = VERSIONS) -> tuple[Span, ...]:
    """Affected from 17.0 on, and fixed in each of these versions, given highest first."""
    fixed = sorted(Version.parse(text) for text in versions)
    starts = [Version.parse("17.0"), *(Version.parse(f"{v.key[0][0]}.{v.key[0][1]}") for v in fixed[1:])]
    return tuple(Span(since, end) for since, end in zip(starts, fixed, strict=True))


def an_advisory(number: int = 1, versions: Iterable[str] = VERSIONS, **changes: Any) -> Advisory:
    """A complete advisory about the fix of this number."""
    advisory = Advisory(
        fix=f"{REPOSITORY}#{number}",
        title=f"Improper access control in part {number}",
        description=f"An attacker could read part {number}.",
        product="app",
        affected=spans(tuple(versions)),
        vector=Vector.parse(VECTOR),
        weakness=Cwe(284, "Improper Access Control"),
        cve_id=CveId(f"CVE-2026-{number:04}"),
        assigned_by=OURS,
        credits=(
            Credit("elif", CreditSource.HACKERONE, profile="https://finders.test/elif", report=f"report-{number}"),
        ),
        issue_url=f"https://forge.test/{REPOSITORY}/-/issues/{number}",
    )
    return replace(advisory, **changes)


def a_contents(release: Release | None = None, advisories: Sequence[Advisory] | None = None, **rest: Any) -> Contents:
    """All that the release announces: two advisories unless told otherwise."""
    said = (an_advisory(1), an_advisory(2)) if advisories is None else tuple(advisories)
    return Contents(release or a_release(), said, **rest)


def a_removed_fix(number: int = 9, removed_at: datetime = DUE - timedelta(days=1), **changes: Any) -> RemovedFix:
    """A fix that was taken out of the release."""
    nothing: Seen[Any] = seen(None)
    removed = RemovedFix(
        f"{REPOSITORY}#{number}",
        seen(an_issue(number)),
        removed_at,
        nothing,
        seen(()),
        advisory=nothing,
        cve_request=nothing,
        tags=seen(frozenset()),
        merge_requests=seen(()),
    )
    return changed(removed, **changes)


def a_tracking_issue(**changes: Any) -> Issue:
    """The release's tracking issue."""
    issue = an_issue(
        500,
        title="Security release: 18.5.2, 18.4.4, 18.3.6",
        labels=frozenset({"security", "upcoming security release"}),
        due=DUE.date(),
        mark=f"{NAME}/tracking",
    )
    return replace(issue, **changes)


FILES = (("posts/2026-11-25-security.md", "The post.\n"),)
"""The files of a draft and of its release post."""


def a_draft(**changes: Any) -> MergeRequest:
    """The draft post on the security mirror, opened by the desk, reviewed by Bjorn after it last changed."""
    draft = a_merge_request(
        900,
        ref="acme/security/site!900",
        title="Draft: security release",
        is_draft=True,
        author="amara",
        changed_at=DUE - timedelta(days=1, hours=6),
        assents=(Assent("bjorn", DUE - timedelta(days=1)),),
        mark=f"{NAME}/post/draft",
        files=FILES,
    )
    return replace(draft, **changes)


def a_post(**changes: Any) -> MergeRequest:
    """The release post on canonical, not merged yet."""
    post = a_merge_request(
        901,
        ref="acme/site!901",
        title="Security release",
        changed_at=DUE,
        assents=(),
        mark=f"{NAME}/post/release",
        files=FILES,
    )
    return replace(post, **changes)


def a_live_post(at: datetime = DUE + timedelta(hours=1), **changes: Any) -> MergeRequest:
    """The release post, merged."""
    return a_post(state=State.MERGED, merged_at=at, **changes)


def tags_of(release: Release, commit: str = "c0ffee") -> dict[str, str]:
    """Every tag of the release."""
    return {s.product.tag_of(version): commit for s in release.shipments for version in s.versions}


def a_claim(gate: str, by: str = "amara", **changes: Any) -> Claim:
    """What a person said."""
    return replace(Claim(NAME, gate, by, NOW), **changes)


def receipts(*keys: str, at: datetime = NOW) -> Mapping[str, Receipt]:
    """Receipts by key; a key is completed with the name of the release when it begins with a slash."""
    full = [NAME + key if key.startswith("/") else key for key in keys]
    return {key: Receipt(key, f"https://forge.test/{key}", at) for key in full}


def a_snapshot(fixes: Sequence[Fix] | None = None, **changes: Any) -> Snapshot:
    """A release a week before its day: two complete fixes, the tracking issue, duties; no documents yet.

    `fixes` makes the contents follow, one complete advisory for each; any part can be given by its name.
    """
    release = changes.get("release") or a_release()
    changes = {name: a_part(value) if name == "removed" else value for name, value in changes.items()}
    if isinstance(changes.get("tags"), Seen | Unseen):
        changes["tags"] = {REPOSITORY: changes["tags"]}
    linked = (a_fix(1), a_fix(2)) if fixes is None else tuple(fixes)
    told = [
        an_advisory(int(fix.ref.rpartition("#")[2]), product=str(fix.product))
        for fix in linked
        if "contents" not in changes
    ]
    nothing: Seen[Any] = seen(None)
    documents = {name: nothing for name, identity in TABLE.items() if not identity.is_per_fix}
    snapshot = Snapshot(
        at=NOW,
        release=release,
        contents=a_contents(release, told),
        fixes=seen(linked),
        removed=seen(()),
        others=seen(()),
        documents={**documents, "tracking": seen(a_tracking_issue())},
        tags={REPOSITORY: seen({})},
        duty=a_duty(),
        people=a_team(),
    )
    return with_parts(snapshot, **changes)


def with_parts(snapshot: Snapshot, **changes: Any) -> Snapshot:
    """The same snapshot with other parts, documents (`draft`, `comms`) by their names as well."""
    documents = {name: changes.pop(name) for name in list(changes) if name in TABLE}
    return replace(snapshot, **changes, documents={**snapshot.documents, **documents})
