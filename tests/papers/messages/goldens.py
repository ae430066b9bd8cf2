"""Every message as a file to be read: `python -m tests.papers.messages.goldens` writes them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from secrel.papers.messages.announcing import (
    MailReleased,
    ask_to_merge_post,
    mail_may_go_out,
    remind_of_disclosure,
    tell_marketing,
)
from secrel.papers.messages.cnas import ask_other_cna, tell_other_cna
from secrel.papers.messages.complaints import mail_disagrees, tags_lack_fixes
from secrel.papers.messages.critical import (
    CriticalRequest,
    ask_for_companion,
    ask_release_managers,
    estimate,
    fix_ready,
    tell_release_managers,
)
from secrel.papers.messages.fixes import ask_for_range, id_of_removed_fix, removed_fix_comment
from secrel.papers.messages.handing_over import Handover, Left, handover
from secrel.papers.messages.reporters import ReporterNotice, reporter_notice
from secrel.papers.messages.tracking import NextRelease, TrackingLinks, next_tracking_issue, tracking_issue
from secrel.words.effects import address_of
from secrel.words.releases import Product
from tests.builders import DUE, NOW, a_claim, a_contents, a_post, a_product, a_release, a_shipment, an_advisory
from tests.papers.email.samples import POST, critical, planned

FOLDER = Path(__file__).parent / "goldens"
REQUEST = "https://forge.test/acme/site/-/merge_requests/901"
TRACKING = "https://forge.test/acme/app/-/issues/500"
COMMS = "https://forge.test/acme/communications/-/issues/7"
CHECKLIST = "https://forge.test/acme/appsec/-/issues/3"
SECTION = """## Improper access control in part 1

An attacker could read part 1. This is a medium severity issue (`CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N`, 6.5).

Thanks [elif](https://finders.test/elif) for reporting this vulnerability.
"""


def app() -> Product:
    """Acme's product with branches of its own."""
    return a_product(branch="{major}-{minor}-stable-ee", default_branch="master")


def documents() -> dict[str, str]:
    """Every golden by its file name."""
    parts = (_critical(), _fixes(), _post(), _complaints(), _handover(), _issues())
    return {f"{name}.md": text for part in parts for name, text in part.items()}


def _critical() -> dict[str, str]:
    early = CriticalRequest("release-managers", TRACKING, NOW, ready_at=DUE - timedelta(days=3))
    late = CriticalRequest("release-managers", address_of("2026-11/tracking"), DUE - timedelta(hours=6), is_ready=True)
    unknown = CriticalRequest("release-managers", TRACKING, NOW)
    return {
        "ask-for-companion": ask_for_companion(
            "amara", "the incident (in acme/incidents, labelled incident)", "Its change lock belongs to it."
        ),
        "ask-release-managers": ask_release_managers(critical(), early),
        "ask-release-managers-late": ask_release_managers(critical(), late),
        "ask-release-managers-unknown": ask_release_managers(critical(), unknown),
        "estimate": estimate(a_claim("g", "farid", words="Thursday noon,\n*not* before"), "release-managers"),
        "fix-ready": fix_ready("release-managers"),
        "tell-release-managers": tell_release_managers(critical(), early),
        "tell-release-managers-ready": tell_release_managers(critical(), late),
    }


def _fixes() -> dict[str, str]:
    release = a_release(shipments=(a_shipment(product=app()),))
    return {
        "ask-for-range": ask_for_range(an_advisory(1, affected=None), release, ["farid"], DUE - timedelta(days=7)),
        "ask-other-cna": ask_other_cna(an_advisory(1), a_contents()),
        "ask-other-cna-early": ask_other_cna(an_advisory(2, weakness=None, vector=None), a_contents()),
        "tell-other-cna": tell_other_cna(an_advisory(1), a_contents(), POST, DUE),
        "removed-fix": removed_fix_comment(release, SECTION, ["farid"]),
        "id-of-removed-fix": id_of_removed_fix(release, "CVE-2026-0009", ["cna", "amara"]),
        "id-of-removed-fix-requested": id_of_removed_fix(release, ""),
        "removed-fix-without-text": removed_fix_comment(release, ""),
    }


def _post() -> dict[str, str]:
    contents, advisory = a_contents(), an_advisory(1)
    released = MailReleased("Acme App Critical Security Release 18.5.2", POST, ("acme-communications",))
    return {
        "ask-to-merge-post": ask_to_merge_post(planned(), a_post(url=REQUEST), POST, "release-managers"),
        "remind-of-disclosure": remind_of_disclosure(critical(), ("amara", "dewi"), 3, "keep confidential"),
        "tell-marketing": tell_marketing(critical(), REQUEST, POST, COMMS),
        "mail-may-go-out": mail_may_go_out(critical(), released),
        "mail-went-out": mail_may_go_out(critical(), replace(released, is_sent=True)),
        "mail-to-be-corrected": mail_may_go_out(critical(), replace(released, corrects=True)),
        "mail-corrected": mail_may_go_out(critical(), replace(released, corrects=True, is_sent=True)),
        "reporter-notice": reporter_notice(advisory, contents, ReporterNotice(POST)),
        "reporter-notice-without-issue": reporter_notice(an_advisory(1, issue_url=""), contents, ReporterNotice(POST)),
        "reporter-notice-unnamed": reporter_notice(
            an_advisory(2, credits=(), cve_id=None, vector=None, no_cve="only our own service was affected"),
            contents,
            ReporterNotice(POST),
        ),
    }


def _complaints() -> dict[str, str]:
    lacking = ["18.4.4 does not hold the fix acme/app#2: v18.4.4 is at c0ffee, which is older"]
    wrong = ["critical_designation: the release is critical, and is not called so", "leftovers: TODO was not filled in"]
    return {
        "tags-lack-fixes": tags_lack_fixes(a_release(), "release-managers", lacking),
        "mail-disagrees": mail_disagrees(wrong, ["acme-communications"]),
    }


def _handover() -> dict[str, str]:
    links = {
        "tracking": TRACKING,
        "checklist": CHECKLIST,
        "draft": "https://forge.test/acme/security/site/-/merge_requests/900",
    }
    said = Handover(
        "2026-11, Acme App 18.5.2, 18.4.4, and 18.3.6",
        "amara",
        "bjorn",
        date(2026, 11, 24),
        "the draft post is in review, and two of three backports of acme/app#2 are green",
        "the third backport has to become green; then the draft can be approved",
        (
            Left(
                "Every fix has its merge requests (developers)",
                ("https://forge.test/acme/app/-/merge_requests/203", "acme/app#9", "acme/app!7", "x", "y"),
            ),
            Left("ask for the test email once the draft is approved"),
        ),
        links,
        ("The range of acme/app#1 came late, and nobody but its author has looked at it.",),
        "appsec",
    )
    return {
        "handover": handover(said),
        "handover-quiet": handover(
            Handover("2026-11", "amara", "bjorn", date(2026, 11, 18), "all fixes are linked", "nothing before Monday")
        ),
    }


def _issues() -> dict[str, str]:
    release = a_release(shipments=(a_shipment(product=app()),))
    links = TrackingLinks(draft_post=REQUEST)
    now = tracking_issue(release, ["dewi", "chidi"], links)
    following = NextRelease(DUE + timedelta(days=28), ("farid",), TRACKING)
    later = next_tracking_issue(following)
    return {
        "tracking": f"{now.title}\n\n{now.body}",
        "next-tracking": f"{later.title}\n\n{later.body}",
    }


def write() -> None:
    """Write every golden, and remove what is no longer one."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in documents().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
