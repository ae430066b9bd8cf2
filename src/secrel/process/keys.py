"""What the desk looks up in a process by a name of its own: what for, and when it has to be there (mission M1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from secrel.process.table import CNA, SECTIONS, Gate, Process
from secrel.reading.documents import Faults

_OF_A_CNA = frozenset({"cve_requests", "cve_records"})
"""Lines of work that need names of a CNA of one's own, and without one only write to others."""
_IDS = ("cve_requests", "cve_updates", "ask_about_ids", "projects.cves")
_MAIL = ("comms_issue", "ask_for_test_email", "email", "test_email_right")
_ANNOUNCED = ("draft_post", "release_post", "ask_to_merge", "cve_records", "reporters", *_MAIL)
_SITE = ("draft_post", "release_post")
_COMMS = ("comms_issue", "ask_for_test_email", "ask_to_merge")


class Key(Struct, frozen=True):
    """One key of an open table: `what` it is for.

    `by` are the lines of work, checks and keys (`projects.cves`) with which it is needed: empty, it always is.
    `left_out` says what holds without it, of a key that nobody needs.
    """

    section: str
    name: str
    what: str
    by: tuple[str, ...] = ()
    left_out: str = ""


KEYS = (
    Key("projects", "tracking", "where the tracking issue of each release is"),
    Key("projects", "security_site", "where the post is drafted", _SITE),
    Key("projects", "canonical_site", "where the post is published", _SITE),
    Key("projects", "site_branch", "the branch of the sites that is published", left_out="main"),
    Key("projects", "cves", "where CVE ids are requested", ("cve_requests", "cve_updates")),
    Key("projects", "checklist", "where the checklist is", ("checklist",)),
    Key("projects", "communications", "where the mail is ordered", _COMMS),
    Key("channels", "team", "where handovers go, and word of a cancelled release"),
    Key("channels", "upcoming_release", "where whoever ships is asked", ("tell_release_managers",)),
    Key("channels", "marketing", "where whoever announces is told", ("ask_to_merge",)),
    Key("labels", "security", "the label of every issue and merge request of a fix"),
    Key("labels", "upcoming", "the label by which tracking issues are found"),
    Key("labels", "critical", "the label of an unplanned release", left_out="none is set"),
    Key("labels", "severity_one", "the label of the highest severity, which calls for a release"),
    Key("labels", "keep_confidential", "the label of an issue that never becomes public"),
    Key("labels", "reduced_backports", "the label of a fix that fewer series get", ("merge_requests_ready",)),
    Key("labels", "cve_request", "the label of CVE requests", ("cve_requests", "cve_updates")),
    Key("labels", "checklist", "the label of the checklist", ("checklist",)),
    Key("labels", "communications", "the label of the communications issue", ("comms_issue",)),
    Key("people", "release_managers", "the group that ships releases"),
    Key("people", "release_bot", "the bot that ready merge requests are assigned to", left_out="there is none"),
    Key("people", "team", "the group that is told when there is no other person"),
    Key("people", "communications", "the group that sends the mail", _MAIL),
    Key("people", "cna", "the group that answers CVE requests", _IDS),
    Key("people", "developers", "the group that writes fixes", ("ask_for_ranges", "comments_on_removed")),
    Key("addresses", "site", "the address that announcements are published below", _ANNOUNCED),
    Key("addresses", "contact", "the page for questions", left_out="it is not spoken of"),
    Key("addresses", "security_feed", "the feed of security releases", left_out="it is not spoken of"),
    Key("addresses", "all_feed", "the feed of all releases", left_out="it is not spoken of"),
    Key("addresses", "security_faq", "what people ask about security", left_out="it is not spoken of"),
    Key("addresses", "update", "how to update a product without an update_url", left_out="as they usually do"),
    Key("addresses", "bug_bounty", "the program that finders report to", left_out="there is none"),
    Key("addresses", "sender_name", "who mails are from", _MAIL),
    Key("addresses", "sender", "the address that mails are from", _MAIL),
    Key("addresses", "segment", "the address that mails go to", _MAIL),
    Key("cna", "org_id", "the CNA's id in CVE records", ("cve_records",)),
    Key("cna", "short_name", "the CNA's short name in CVE records and requests", ("cve_records", "cve_requests")),
    Key("cna", "requester", "who requests ids", left_out="the short name"),
    Key("cna", "email", "where the CNA answers", ("cve_requests", "cve_updates")),
    Key("cna", "path_key", "how the CNA's form calls the project of the product", left_out="path"),
)
"""Every key that the desk looks up itself; the labels that people set are read from the sections as they stand."""


def note_missing(process: Process, faults: Faults) -> None:
    """Note every key that this process needs and does not have, and every label that a gate looks for in vain."""
    used = {name for gate in process.gates for name in (gate.makes, gate.check)}
    used |= {f"{section}.{key}" for section in SECTIONS for key in _table(process, section)}
    used -= _OF_A_CNA if CNA in process.lacks else frozenset()
    for key in KEYS:
        with_ = sorted(used & {*key.by})
        if key.left_out or (key.by and not with_) or _table(process, key.section).get(key.name, "").strip():
            continue
        needed = f" (needed with {', '.join(with_)})" if with_ else ""
        what = f"[{key.section}] has no {key.name}: {key.what}{needed}"
        faults.add((key.section, key.name), what, f'write {key.name} = "…" in [{key.section}]')


def note_labels(process: Process, faults: Faults) -> None:
    """Note every label that a gate looks for and that `[labels]` does not have: nobody could ever set it.

    What has to be linked beside the fixes has a project of the same name, and a label where fixes land in that project:
    elsewhere everything in it may be such an issue.
    """
    landing = {product.repository for product in process.products}
    for number, gate in enumerate(process.gates):
        for role in _looked_for(gate):
            faults.known(("gate", number, "params"), role, sorted(process.labels), "label")
        if companion := gate.told("companion"):
            faults.known(("gate", number, "params"), companion, sorted(process.projects), "project")
            if process.projects.get(companion) in landing:
                faults.known(("gate", number, "params"), companion, sorted(process.labels), "label")


def _looked_for(gate: Gate) -> Iterator[str]:
    yield from filter(None, (gate.told("label"),))
    yield from (*(gate.told("labels") or ()), *(gate.told("one_of") or ()))


def _table(process: Process, section: str) -> Mapping[str, str]:
    table: Mapping[str, str] = getattr(process, section)
    return table
