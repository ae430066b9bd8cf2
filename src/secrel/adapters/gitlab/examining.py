"""Whether a desk can work on a GitLab, looked at without writing: the token, the instance, projects and labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

import msgspec

from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.faults import Failed, FaultKind, harmless
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import Answered, Questions, decoded
from secrel.adapters.gitlab.reading.forms import READS_ALL, Complexity, Level, Some, Titled, User
from secrel.words.errors import SecrelError
from secrel.words.examined import Examined, Needs

_OLDEST = (17, 0)
"""Versions before this one lack what the queries ask for."""
_WRITES = 30
"""The least role that opens merge requests and links issues (Developer)."""
_SOON = timedelta(days=14)
_READER = "make the token's user ({}) a member of it, as Planner at least, or correct its path"
_MEMBER = "make the token's user ({}) a member of it, as Developer at least, or correct its path"


class _Version(msgspec.Struct, frozen=True):
    version: str
    enterprise: bool | None = None


class _Token(msgspec.Struct, frozen=True):
    scopes: list[str]
    expires_at: date | None = None


class _Tier(msgspec.Struct, frozen=True):
    several: bool | None = None


class _Project(msgspec.Struct, frozen=True, rename="camel"):
    full_path: str
    visibility: str | None = None
    archived: bool | None = None
    max_access_level: Level = Level()


def examine(
    asking: Questions, projects: Sequence[str], needs: Needs, today: date, profile: Profile
) -> Iterator[Examined]:
    """Say of everything that a desk needs whether it is there; the first line that is not well ends it when it must."""
    try:
        who = asking.query(texts.WHO, {})
    except SecrelError as fault:
        yield Examined("GitLab", is_well=False, said=str(fault), remedy=fault.remedy)
        return
    yield Examined("GitLab", is_well=True, said=f"{asking.client.instance}, as {asking.username}")
    yield _version(asking.client)
    yield from _token(asking.client, today)
    yield _limits(who)
    yield from _tier(asking, projects, needs, profile)
    yield from _accounts(asking, needs)
    jobs = [partial(_project, asking, project, needs) for project in projects]
    for lines in asking.together(*jobs):
        yield from lines


def _version(client: Client) -> Examined:
    try:
        told = client.get("/version", _Version)
    except Failed as fault:
        return Examined("version", is_well=False, said=str(fault), remedy=fault.remedy)
    numbers = [int(part) for part in told.version.split(".")[:2] if part.isdecimal() and len(part) < 5]  # noqa: PLR2004 - a number
    said = f"{harmless(told.version)}{', Community Edition' if told.enterprise is False else ''}"
    if tuple(numbers) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        return Examined("version", is_well=False, said=f"{said} is older than {oldest}", remedy="update the instance")
    return Examined("version", is_well=True, said=said)


def _token(client: Client, today: date) -> Iterator[Examined]:
    try:
        told = client.get("/personal_access_tokens/self", _Token)
    except Failed as fault:
        if fault.fault.kind not in {
            FaultKind.NOT_THERE,
            FaultKind.NO_ROUTE,
            FaultKind.FORBIDDEN,
            FaultKind.WRONG_TOKEN,
        }:
            yield Examined("token", is_well=False, said=str(fault), remedy=fault.remedy)
            return
        said = "it is no personal, group or project access token, and what it may do cannot be looked up"
        remedy = "a CI job's token reads little: give the desk a project access token with the scope `api`"
        yield Examined("token", is_well=True, said=said, remedy=remedy)
        return
    scopes = ", ".join(sorted(harmless(scope) for scope in told.scopes))
    if "granular" in told.scopes:
        yield Examined("token", is_well=True, said="it is granular: what it may do shows when it is used")
    elif "api" not in told.scopes:
        reads = "it reads, and cannot write" if "read_api" in told.scopes else "it can neither read nor write"
        remedy = client.token_way(FaultKind.NARROW_TOKEN)
        yield Examined("token", is_well=False, said=f"{reads}: its scopes are {scopes}", remedy=remedy)
    else:
        yield Examined("token", is_well=True, said=f"scopes: {scopes}")
    if told.expires_at is not None and told.expires_at - today < _SOON:
        remedy = client.token_way(FaultKind.EXPIRED_TOKEN)
        yield Examined("token", is_well=False, said=f"it expires on {told.expires_at}", remedy=remedy)


def _tier(asking: Questions, projects: Sequence[str], needs: Needs, profile: Profile) -> Iterator[Examined]:
    """Say what the desk does without what is paid for, and where the profile says another tier than a project has."""
    if not profile.is_paid:
        said = "free: of those a thing is assigned to it takes the first, and who approves for a team says the profile"
        yield Examined("tier", is_well=True, said=said)
    else:
        unpaid = _unpaid(asking, projects)
        more = f" and {len(unpaid) - 1} more" if unpaid[1:] else ""
        for project in unpaid[:1]:
            said = f"{project}{more}: one assignee, and no rules of approval, and the profile says a tier that has them"
            yield Examined("tier", is_well=False, said=said, remedy='write tier = "free" into the profile')
    for team in sorted({*needs.teams} - {*profile.teams.values()}):
        names = "rules of approval" if profile.is_paid else "accounts that approve for it"
        said = f"nobody can approve for {team}: the profile names no {names}"
        remedy = f'write {team} = ["NAME"] into [approvals] of the profile, or take it out of the process'
        yield Examined("approvals", is_well=False, said=said, remedy=remedy)


def _unpaid(asking: Questions, projects: Sequence[str]) -> list[str]:
    """Give the projects whose tier takes one assignee; none where the instance does not say."""
    variables = {f"p{number}": project for number, project in enumerate(projects)}
    try:
        told = asking.query(texts.tiers(len(projects)), variables)
        found = [told.part(name, _Tier) for name in variables]
    except SecrelError:  # older versions do not tell, and what else is wrong is said of each project
        return []
    return [project for project, tier in zip(projects, found, strict=True) if tier and tier.several is False]


def _accounts(asking: Questions, needs: Needs) -> Iterator[Examined]:
    """Say who is named and is no account: things are assigned to accounts, and what they write counts."""
    names = {name.removeprefix("@"): where for name, where in needs.accounts.items()}
    if not names:
        return
    try:
        page = asking.query(texts.ACCOUNTS, {"users": list(names)}).part("users", Some[User])
    except SecrelError as fault:
        yield Examined("account", is_well=False, said=fault.what, remedy=fault.remedy)
        return
    there = {one.username.casefold() for one in (page.nodes or ()) if one} if page else set()
    for name, where in names.items():
        if name.casefold() not in there:
            said = f"there is no account {name[:60]!r}, which {where} names; a group is none"
            yield Examined("account", is_well=False, said=said, remedy=f"name an account there: {where}")


def _limits(who: Answered) -> Examined:
    price = who.part("queryComplexity", Complexity)
    most = f"one query may cost {price.limit}" if price and price.limit else "what a query may cost is not told"
    return Examined("limits", is_well=True, said=f"{most}; 60 notes and 200 issues a minute are not exceeded")


def _project(asking: Questions, project: str, needs: Needs) -> list[Examined]:
    labels = needs.labels.get(project, ())
    variables = {"p": project, **{f"l{number}": label for number, label in enumerate(labels)}}
    try:
        answered = asking.query(texts.examined(len(labels)), variables)
        told = answered.part("project", dict[str, msgspec.Raw])
        found = answered.part("project", _Project)
    except SecrelError as fault:
        return [Examined("project", is_well=False, said=f"{project}: {fault.what}", remedy=fault.remedy)]
    if found is None or told is None:
        said = f"{project} is not there, or the token's user may not see it: GitLab says the same of both"
        return [Examined("project", is_well=False, said=said, remedy=_MEMBER.format(asking.username))]
    return [_standing(project, found, needs, asking.username), *_labels(project, labels, told)]


def _standing(project: str, found: _Project, needs: Needs, username: str) -> Examined:
    if found.full_path.casefold() != project.casefold():
        said = f"{project} has moved to {harmless(found.full_path)}"
        return Examined("project", is_well=False, said=said, remedy="put its new path into the process or the profile")
    if found.archived:
        return Examined("project", is_well=False, said=f"{project} is archived", remedy="unarchive it, or name another")
    if project in needs.private and found.visibility != "private":
        said = f"everybody can read {project}, and drafts and fixes under embargo lie there"
        return Examined("project", is_well=False, said=said, remedy="make it private before anything is opened there")
    level = found.max_access_level.integer_value or 0
    is_looked_at = project in needs.looked_at
    if level < (READS_ALL if is_looked_at else _WRITES):
        lacks = "see what is confidential" if is_looked_at else "open and link"
        said = f"{project}: the role of {username} ({level}) is too low to {lacks}"
        remedy = (_READER if is_looked_at else _MEMBER).format(username)
        return Examined("project", is_well=False, said=said, remedy=remedy)
    return Examined("project", is_well=True, said=f"{project}: {found.visibility}")


def _labels(project: str, labels: Sequence[str], told: Mapping[str, msgspec.Raw]) -> Iterator[Examined]:
    """Say which labels are missing: GitLab would make one beside that of another case, and say nothing."""
    for number, label in enumerate(labels):
        page = decoded(told[f"l{number}"], Some[Titled])
        titles = [one.title for one in (page.nodes or ()) if one is not None] if page else []
        if label in titles:
            continue
        other = next((title for title in titles if title.casefold() == label.casefold()), "")
        said = f"{project} has no label {label!r}"
        said = f"{said}, and has {other!r}: GitLab takes them for two" if other else said
        remedy = "name it as it is in the process" if other else "make it there, or correct the process"
        yield Examined("label", is_well=False, said=said, remedy=remedy)
