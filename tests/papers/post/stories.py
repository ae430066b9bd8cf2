"""Releases that the golden posts tell of: facts of published ones, in our own words, and made-up people."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from msgspec.structs import replace

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
from secrel.words.ids import CveId
from secrel.words.releases import Kind, Release, Shipment
from secrel.words.vectors import Vector
from tests.papers.post.products import ANVIL, AUTHOR, GITLAB, HACKERONE, RUNNER, released, spans, versions


def _fix(number: int, title: str, description: str, cve: str, vector: str) -> Advisory:
    return Advisory(
        fix=f"gitlab-org/security/gitlab#{number}",
        title=title,
        description=description,
        product="gitlab",
        edition="GitLab CE/EE",
        affected=spans("13.5<14.2.6", "14.3<14.3.4", "14.4<14.4.1"),
        vector=Vector.parse(vector) if vector else None,
        cve_id=CveId.parse(cve) if cve else None,
    )


def _with_ids() -> tuple[Advisory, ...]:
    """Fixes that have their CVE ids, two of them under one title."""
    return (
        replace(
            _fix(
                1,
                "Webhook data exposes assignee's private email address",
                "Consumers of webhook data could see the private address of the people an issue is assigned to.",
                "CVE-2021-39911",
                "CVSS:3.0/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N",
            ),
            credits=(Credit("", CreditSource.INTERNAL),),
        ),
        replace(
            _fix(
                2,
                "Stored XSS via ipynb files",
                "Notebooks were not validated, and a crafted one ran scripts in the name of whoever looked at it",
                "CVE-2021-39906",
                "CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N",
            ),
            credits=(Credit("bjorn", profile=f"{HACKERONE}bjorn"), Credit("chidi", profile=f"{HACKERONE}chidi")),
        ),
        replace(
            _fix(
                3,
                "Unicode characters can be abused to hide malicious code",
                "Some Unicode characters change what a reviewer sees.\n\nReviews show them now.",
                "CVE-2021-39908",
                "CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N",
            ),
            affected=spans("<14.2.6", "14.3<14.3.4", "14.4<14.4.1"),
            credits=(Credit("@dewi"),),
            related=(CveId.parse("CVE-2021-42574"),),
        ),
        replace(
            _fix(
                6,
                "Stored XSS via ipynb files",
                "A second way led to the same result, and one series has no fix yet.",
                "CVE-2021-39999",
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:P/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N",
            ),
            affected=spans("13.5<14.2.6", "14.3<"),
            credits=(
                Credit("farid", CreditSource.OTHER),
                Credit("elif", CreditSource.CUSTOMER),
                Credit("dewi", CreditSource.OTHER, CreditType.ANALYST),
                Credit("chidi", CreditSource.INTERNAL),
            ),
        ),
    )


def _without_ids() -> tuple[Advisory, ...]:
    """One that needs no id and has no vector, and one that waits for its id."""
    return (
        replace(
            _fix(4, "2FA prompt can be skipped", "A prompt was skipped under rare conditions.", "", ""),
            no_cve="the feature is behind a flag that is off by default",
            credits=(Credit("elif", CreditSource.INTERNAL), Credit("farid", CreditSource.INTERNAL)),
        ),
        replace(
            _fix(
                5,
                "Updating",
                "Who could update a runner could also read its token.",
                "",
                "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N",
            ),
            edition="GitLab EE",
            credits=(Credit("", CreditSource.CUSTOMER),),
            workaround="Revoke the tokens of runners that you do not know.",
        ),
    )


def planned() -> Contents:
    """A planned release with every form of credit, entries without an id, one without a vector, two of one title."""
    return Contents(
        release=Release(
            name="2021-10",
            kind=Kind.PLANNED,
            due=released(2021, 10, 28),
            shipments=(Shipment(GITLAB, versions("14.4.1", "14.3.4", "14.2.6")),),
            disclosure_days=30,
            form="2023",
        ),
        advisories=(*_with_ids(), *_without_ids()),
        dependencies=(
            DependencyUpdate("Redis", "6.0.16", "gitlab", affected="all versions of GitLab Omnibus"),
            DependencyUpdate("Nokogiri", "1.10.8", "gitlab", (CveId.parse("CVE-2020-7595"),)),
        ),
    )


def critical() -> Contents:
    """An unplanned release of one version for one critical fix, told in the singular."""
    return Contents(
        release=Release(
            name="2023-05-05",
            kind=Kind.UNPLANNED,
            due=datetime(2023, 5, 5, 23, 30, tzinfo=timezone(timedelta(hours=-7))),
            shipments=(Shipment(GITLAB, versions("15.11.2")),),
            disclosure_days=30,
            form="2023",
        ),
        advisories=(
            Advisory(
                fix="gitlab-org/security/gitlab#884",
                title="Malicious Runner Attachment via GraphQL",
                description="Any account of an instance could attach a runner of its own to any project.",
                product="gitlab",
                edition="GitLab CE/EE",
                affected=spans("15.4<15.11.2"),
                vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N"),
                cve_id=CveId.parse("CVE-2023-2478"),
                credits=(Credit("amara", profile=f"{HACKERONE}amara"),),
            ),
        ),
        bug_fixes=(
            BugFix(
                "15.11.2",
                "Bundle libarchive in the package",
                "https://gitlab.com/gitlab-org/omnibus-gitlab/-/merge_requests/6824",
            ),
        ),
    )


def two_products() -> Contents:
    """A planned release with a second product beside the first, each with versions and fixes of its own."""
    return Contents(
        release=Release(
            name="2022-01",
            kind=Kind.PLANNED,
            due=released(2022, 1, 11),
            shipments=(
                Shipment(GITLAB, versions("14.6.2", "14.5.3", "14.4.5")),
                Shipment(RUNNER, versions("14.5.2", "14.4.2")),
            ),
            disclosure_days=30,
            form="2023",
        ),
        advisories=(
            Advisory(
                fix="gitlab-org/security/gitlab-runner#7",
                title="Specially crafted docker images can exhaust resources on managers",
                description="A job with a crafted image used up the manager's memory.",
                product="gitlab-runner",
                affected=spans("13.7<14.4.2", "14.5<14.5.2"),
                vector=Vector.parse("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H"),
                cve_id=CveId.parse("CVE-2021-39939"),
                credits=(Credit("", CreditSource.INTERNAL),),
            ),
            Advisory(
                fix="gitlab-org/security/gitlab#600",
                title="Arbitrary file read via group import feature",
                description="Importing a group could read files of the server.",
                product="gitlab",
                edition="GitLab CE/EE",
                affected=spans("14.5<14.5.3", "14.6<14.6.2"),
                vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N"),
                cve_id=CveId.parse("CVE-2022-0244"),
                credits=(Credit("chidi", profile=f"{HACKERONE}chidi"),),
            ),
        ),
        bug_fixes=(
            BugFix(
                "14.4.2", "Start with an empty cache", "https://gitlab.com/gitlab-org/gitlab-runner/-/merge_requests/1"
            ),
        ),
    )


def docs_form() -> Contents:
    """A critical release in the form of 2026, with bug fixes, notes on upgrading and 90 days."""
    return Contents(
        release=Release(
            name="2026-09-10",
            kind=Kind.UNPLANNED,
            due=released(2026, 9, 10),
            shipments=(Shipment(GITLAB, versions("19.3.2", "19.2.6", "19.1.8")),),
            disclosure_days=90,
            form="2026",
        ),
        advisories=(
            Advisory(
                fix="gitlab-org/security/gitlab#1201",
                title="Path Traversal issue in repository commits API impacts GitLab CE/EE",
                description="A request without authentication could read files of the server through the commits API.",
                product="gitlab",
                edition="GitLab CE/EE",
                affected=spans("18.7<19.1.8", "19.2<19.2.6", "19.3<19.3.2"),
                vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N"),
                cve_id=CveId.parse("CVE-2026-85706"),
                credits=(Credit("bjorn", profile=f"{HACKERONE}bjorn"),),
                workaround="Block the path at the proxy.",
                related=(CveId.parse("CVE-2026-85707"),),
            ),
            Advisory(
                fix="gitlab-org/security/gitlab#1202",
                title="Authorization Bypass issue in protected environment approval rules impacts GitLab EE",
                description="Deleting the only approver's account lifted the approval rule.",
                product="gitlab",
                edition="GitLab EE",
                affected=spans("17.1<19.1.8", "19.2<19.2.6", "19.3<19.3.2"),
                vector=Vector.parse("CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N"),
                credits=(Credit("elif", CreditSource.INTERNAL),),
            ),
            Advisory(
                fix="gitlab-org/security/gitlab#1203",
                title="Exposure of internal names",
                description="Error pages told the names of internal hosts.",
                product="gitlab",
                affected=spans("<19.1.8"),
                no_cve="it concerns the hosted service alone",
            ),
        ),
        dependencies=(DependencyUpdate("rack", "2.2.3.1", "gitlab", affected="all versions of GitLab CE/EE"),),
        bug_fixes=(
            BugFix(
                "19.3.2",
                "Fix for a missing download address",
                "https://gitlab.com/gitlab-org/omnibus-gitlab/-/merge_requests/7556",
            ),
            BugFix(
                "19.2.6", "Update the scanner's reads", "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/149253"
            ),
        ),
        upgrade_notes=(
            UpgradeNote("19.3.2", ("migrations", "post-deploy migrations")),
            UpgradeNote("19.2.6", ("migrations",)),
        ),
    )


def generic() -> Contents:
    """A vendor with one product."""
    return Contents(
        release=Release(
            name="2026-11",
            kind=Kind.PLANNED,
            due=released(2026, 11, 3),
            shipments=(Shipment(ANVIL, versions("3.2.1", "3.1.9")),),
            disclosure_days=30,
            form="generic",
        ),
        advisories=(
            Advisory(
                fix="anvil/anvil#12",
                title="Path traversal when unpacking archives",
                description="A crafted archive wrote files outside its folder.",
                product="anvil",
                affected=spans("<3.1.9", "3.2<3.2.1"),
                vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:N"),
                cve_id=CveId.parse("CVE-2026-0001"),
                credits=(Credit("dewi", CreditSource.OTHER),),
            ),
        ),
        dependencies=(DependencyUpdate("zlib", "1.2.12", "anvil", affected="every package that we build"),),
        bug_fixes=(BugFix("3.2.1", "Show progress again", "https://anvil.example/changes/77"),),
        upgrade_notes=(UpgradeNote("3.2.1", ("downtime",)),),
    )


def without_fixes(form: str = "2023") -> Contents:
    """A release that turned out to hold no security fix, as delivery#20150 has it."""
    told = docs_form()
    return Contents(release=replace(told.release, kind=Kind.PLANNED, form=form), bug_fixes=told.bug_fixes)


def hostile() -> Contents:
    """Text from outside that tries every way out of its place."""
    nasty = (
        "<script>alert(1)</script> {: .x onclick='y'} {::options a=b} {% raw %} {{ x }} | a | b |\n---\ntitle: x\n\n"
        "/close\n/assign @all\n\n[x](javascript:alert(1)) `code **bold** \u202e\u200b\x00 # h ~~~ ``` \\"
    )
    told = planned()
    return replace(
        told,
        advisories=(
            Advisory(
                fix="gitlab-org/security/gitlab#9",
                title=nasty,
                description=nasty,
                product="gitlab",
                edition=nasty,
                affected=spans("13.5<14.2.6"),
                vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N"),
                cve_id=CveId.parse("CVE-2021-40000"),
                credits=(Credit(nasty, profile="javascript:alert(1)"), Credit("@all", CreditSource.OTHER)),
                workaround=nasty,
            ),
            Advisory(
                fix="gitlab-org/security/gitlab#10",
                title=nasty,
                description="A second one with the same title.",
                product="gitlab",
                affected=spans("13.5<14.2.6"),
                no_cve=nasty,
            ),
        ),
        dependencies=(DependencyUpdate(nasty, nasty, "gitlab", affected=nasty),),
        bug_fixes=(BugFix("14.4.1", nasty, "javascript:alert(1)"),),
        upgrade_notes=(UpgradeNote("14.4.1", (nasty,)),),
    )


__all__ = ["AUTHOR", "STORIES", "spans", "versions"]

STORIES = {
    "planned": planned,
    "critical": critical,
    "two-products": two_products,
    "docs-form": docs_form,
    "generic": generic,
    "without-fixes": without_fixes,
    "hostile": hostile,
}
