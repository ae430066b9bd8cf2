"""What people and bots opened that could be a document of a release: what tells it, and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.patterns import pattern
from secrel.words.releases import Release, joined

_VERSION = pattern(r"(?<![\w.])\d{1,6}\.\d{1,6}\.\d{1,6}(?!\w|\.\d)", re.ASCII)
_LED = "a link leads to it"


class Lookalike(Struct, frozen=True):
    """Something that people opened and that could be a document of a release.

    `by` says what tells it, `against` why it is none all the same; empty: it can be taken over.
    """

    found: Issue | MergeRequest
    by: tuple[str, ...]
    against: str = ""


def candidates(
    release: Release, opening: str, found: Sequence[Issue | MergeRequest], leading: str, home: str = ""
) -> tuple[Lookalike, ...]:
    """Give those that could be the document which the effect `opening` would open.

    One is told by a link in `leading`, the text of the tracking issue, which is in the project `home`; by its day; by a
    version, or the name of the release, in its title. One that a link leads to and that is none is given as well, with
    what speaks against it: a tracking issue that was copied from last month's has its links.
    """
    signs = [tuple(_signs(release, one, leading, home)) for one in found]
    each = [Lookalike(one, by, _against(release, opening, one)) for one, by in zip(found, signs, strict=True)]
    return tuple(one for one in each if one.by and (not one.against or _LED in one.by))


def requests_for(issue: Issue, opening: str, found: Sequence[Issue]) -> tuple[Lookalike, ...]:
    """Give the CVE requests that could be that of a fix: those that lead to its issue, and those it leads to."""
    each = [Lookalike(one, (_LED,), _closed_to(opening, one)) for one in found if _are_linked(issue, one)]
    return tuple(one for one in each if not one.against)


def _are_linked(issue: Issue, request: Issue) -> bool:
    home, other = (one.ref.partition("#")[0] for one in (issue, request))
    return leads_to(request.body, issue.ref, other) or leads_to(issue.body, request.ref, home)


def leads_to(text: str, ref: str, home: str = "") -> bool:
    """Whether a text has the reference of an issue or a merge request, or its address in any form; `home` as below."""
    return ref in led_to(text, ref.rpartition("#" if "#" in ref else "!")[0], home)


def led_to(text: str, project: str, home: str = "") -> tuple[str, ...]:
    """Give the references of a project's issues and merge requests that a text leads to, in its order.

    A text in the project `home` may call another one of the same group by its last name, and its own by none: `#12`.
    """
    group, _, name = project.rpartition("/")
    called = [re.escape(project), *([re.escape(name)] if home.rpartition("/")[0] == group else ())]
    called += [""] if home == project else []
    way = (
        rf"(?<![\w./&#!-])(?:{'|'.join(called)})(?P<sign>[#!])(?P<number>[1-9]\d{{0,8}})(?![\w-])"
        rf"|/{re.escape(project)}/(?:-/)?(?P<kind>issues|work_items|merge_requests)/(?P<iid>[1-9]\d{{0,8}})(?!\d)"
    )
    refs = (
        f"{project}{one['sign']}{one['number']}"
        if one["sign"]
        else f"{project}{'!' if one['kind'] == 'merge_requests' else '#'}{one['iid']}"
        for one in re.finditer(way, text, re.ASCII | re.IGNORECASE)
    )
    return tuple(dict.fromkeys(refs))


def _signs(release: Release, one: Issue | MergeRequest, leading: str, home: str) -> Iterator[str]:
    if leads_to(leading, one.ref, home):
        yield _LED
    if isinstance(one, Issue) and one.due == release.due.date():
        yield f"it is due on {one.due}"
    versions = _ours(release, one)
    if versions:
        yield f"its title has {joined(versions)}"
    if re.search(rf"(?<![\w.-]){re.escape(release.name)}(?![\w-]|\.\w)", one.title):
        yield f"its title has {release.name}"


def _against(release: Release, opening: str, one: Issue | MergeRequest) -> str:
    if said := _closed_to(opening, one):
        return said
    if isinstance(one, Issue) and one.due is not None and one.due != release.due.date():
        return f"it is due on {one.due}"
    versions = list(dict.fromkeys(_VERSION.findall(one.title)))
    if versions and not _ours(release, one):
        return f"its title has {joined(versions)}"
    if isinstance(one, MergeRequest) and len(one.files) != 1:
        return f"it changes {len(one.files)} files, and a post is one"
    return ""


def _closed_to(opening: str, one: Issue | MergeRequest) -> str:
    """Say why nobody may take a thing over, whatever release it is of."""
    if one.mark and one.mark != opening:
        return f"a desk keeps it as {one.mark}"
    if one.state is not State.OPENED:
        return f"it is {one.state}"
    is_public = not one.confidential if isinstance(one, Issue) else one.is_public is not False
    return "everybody can read it" if is_public else ""


def _ours(release: Release, one: Issue | MergeRequest) -> list[str]:
    """Give the versions of the release that stand in a title."""
    versions = [str(version) for shipment in release.shipments for version in shipment.versions]
    return [one_of for one_of in versions if re.search(rf"(?<![\w.]){re.escape(one_of)}(?!\w|\.\d)", one.title)]
