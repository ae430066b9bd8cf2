"""Whether all that follows an announcement was done: records, finders, people, and the end of the release."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from secrel.observe.observing import releases
from secrel.rehearsal.judging.sight import EndedWrong, Sight
from secrel.rehearsal.story import StoryFix
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import State
from secrel.words.releases import Shipment
from secrel.words.spans import Affected
from secrel.words.versions import Version

_PATIENCE = timedelta(days=8)


def records(sight: Sight) -> Iterator[EndedWrong]:
    """Every announced id has its record, once, and no other has."""
    there = {file.stem: file for file in sight.sent("cve", ".json")}
    for fix in sight.story.fixes:
        if not fix.cve or sight.facts(fix).no_cve:
            continue
        file = there.get(fix.cve)
        if not fix.has_own_id:
            if file is not None:
                yield EndedWrong("records", f"the record of {fix.name} was published by us, and its id is not ours")
        elif not sight.announces(fix):
            if file is not None:
                yield EndedWrong("records", f"the record of {fix.name} is public, and the fix is not announced")
        elif file is None:
            yield EndedWrong("records", f"the record of {fix.name} was never published")
        else:
            yield from _record(fix, json.loads(file.read_text("utf-8")), sight)


def _record(fix: StoryFix, record: Any, sight: Sight) -> Iterator[EndedWrong]:
    facts, told = sight.facts(fix), json.dumps(record)
    affected = facts.affected
    if affected is None:
        yield EndedWrong("records", f"the record of {fix.name} has a range that nobody gave")
        return
    begins = {Version.parse(text) for text in re.findall(r'"version": "(\d[\w.-]*)"', told)}
    for span in affected.spans:
        if span.since is not None and span.since not in begins:
            yield EndedWrong("records", f"the record of {fix.name} does not begin at {span.since}")
    for version in _fixed_in(facts, affected, sight.shipment(fix)):
        if f'"{version}"' not in told:
            yield EndedWrong("records", f"the record of {fix.name} does not name {version}")
    if facts.vector and str(facts.vector) not in told:
        yield EndedWrong("records", f"the record of {fix.name} has another vector")


def _fixed_in(facts: FixFacts, affected: Affected, shipment: Shipment) -> Iterator[Version]:
    """The versions that end it in every series that a range says is fixed: those that ship, or that had it already."""
    product, first = shipment.product, affected.spans[0].since
    fixed = {product.series_of(span.fixed) for span in affected.spans if span.fixed}
    had = {product.series_of(version): version for version in sorted(facts.fixed_already, reverse=True)}
    for ships in shipment.versions:
        version = had.get(product.series_of(ships), ships)
        if (first is None or first < version) if affected.follows else product.series_of(version) in fixed:
            yield version


def requests(sight: Sight) -> Iterator[EndedWrong]:
    """Our CNA is asked for no id that another one gives, nor for one that nobody needs."""
    for fix in sight.story.fixes:
        if not fix.has_own_id and fix.name not in sight.known.corrected and sight.request(fix) is not None:
            yield EndedWrong("requests", f"an id of {fix.name} was requested, and it needs none of ours")


def finders(sight: Sight) -> Iterator[EndedWrong]:
    """Whoever reported what is announced was told so, once; nobody else was told anything."""
    told = [file.read_text("utf-8").partition("\n")[0] for file in sight.sent("reporters", ".md")]
    wanted = [
        f"To: {report}"
        for fix in sight.story.fixes
        if sight.announces(fix)
        for report in sorted({credit.report for credit in sight.facts(fix).credits} - {""})
    ]
    for line in sorted(set(wanted)):
        if told.count(line) != wanted.count(line) and sight.is_over(timedelta(days=2)):
            yield EndedWrong(
                "finders", f"a finder was told {told.count(line)} times, and {wanted.count(line)} is right"
            )
    for line in sorted(set(told) - set(wanted)):
        yield EndedWrong("finders", f"somebody was told who found nothing that is announced ({line[:60]})")


def people(sight: Sight) -> Iterator[EndedWrong]:
    """Primary and Secondary are two people who were there on the day, and they handed over."""
    tracking = sight.tracking
    facts = tracking.facts.of(ReleaseFacts) if tracking else ReleaseFacts()
    days = [sight.release.due.date() - timedelta(days=n) for n in range(2)]
    names = [facts.primary, facts.secondary]
    for role, name in zip(("primary", "secondary"), names, strict=True):
        person = next((person for person in sight.team if person.username == name), None)
        if person is None or any(away.covers(day) for away in person.absences for day in days):
            yield EndedWrong("people", f"the {role} was not there on the day of the release")
    if names[0] == names[1]:
        yield EndedWrong("people", "Primary and Secondary are the same person")
    handed = any(entry.key.startswith(f"{sight.name}/handover/") for entry in sight.entries)
    if sight.text and not handed:
        yield EndedWrong("people", "nobody ever handed over")


def disclosure(sight: Sight) -> Iterator[EndedWrong]:
    """Issues of announced fixes become public when their time has come, unless they are kept; no others do."""
    if sight.post is None or sight.post.merged_at is None:
        return
    live, keep = sight.post.merged_at, sight.world.labels
    for fix in sight.story.fixes:
        lifts = live + timedelta(days=sight.facts(fix).disclosure_days or sight.release.disclosure_days)
        issue, own = sight.disclosed(fix), sight.issue(fix)
        if issue is None or own is None:
            continue
        receipt = sight.receipt(f"{sight.name}/public/{own.ref}")
        if not issue.confidential and (receipt is None or receipt.at < lifts):
            yield EndedWrong("disclosure", f"the issue of {fix.name} became public too early")
        if not issue.confidential and not sight.announces(fix):
            yield EndedWrong("disclosure", f"the issue of {fix.name} is public, and its fix did not ship")
        if receipt is not None and receipt.at > lifts + _PATIENCE and sight.world.stage.is_timed:
            yield EndedWrong("disclosure", f"the issue of {fix.name} became public too late")
        is_kept = keep["keep_confidential"] in own.labels
        if is_kept and not issue.confidential:
            yield EndedWrong("disclosure", f"the issue of {fix.name} is public, and was to stay confidential")
        if (
            issue.confidential
            and not is_kept
            and sight.announces(fix)
            and sight.world.stage.clock() > lifts + _PATIENCE
        ):
            yield EndedWrong("disclosure", f"the issue of {fix.name} is still confidential")


def ending(sight: Sight) -> Iterator[EndedWrong]:
    """At the end the tracking issue is closed, and the next release has one; after a cancelled one it needs none."""
    own = (sight.facts(fix).disclosure_days or 0 for fix in sight.story.fixes)
    longest = timedelta(days=max([sight.release.disclosure_days, *own]))
    if not sight.is_over(longest + _PATIENCE):
        return
    if sight.tracking is None or sight.tracking.state is State.OPENED:
        yield EndedWrong("ending", "the release was never closed")
    known = releases(sight.world.stage.forge, sight.world.stage.process)
    names = {sight.name, *sight.world.beside}
    if not sight.is_cancelled() and all(found.release in names for found in known):
        yield EndedWrong("ending", "the next release has no tracking issue")


FOLLOWING = (records, requests, finders, people, disclosure, ending)
"""The rules of this file."""
