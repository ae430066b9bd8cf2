"""Whose each act is: the roles that may do it, as a table (mission M2; design.md, Actors)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import msgspec

from secrel.words.people import APPSEC, AUTHOR, DESK, NAMED, PRIMARY, SECONDARY

OWNERS = (PRIMARY, SECONDARY, "release-manager", "developer", "communications", "cna")
_KNOWN = frozenset({*OWNERS, APPSEC, AUTHOR, NAMED, DESK})
_RUN = (PRIMARY, SECONDARY, APPSEC)
_SHIP = (*_RUN, "release-manager")
_SPEAK = (*_SHIP, "developer", "communications")

RoleName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", description="a role: small letters and figures, with hyphens between"
    ),
]
RoleNames = Annotated[tuple[RoleName, ...], msgspec.Meta(description='a list of roles, such as ["appsec"]')]


class Act(StrEnum):
    """What somebody can do at the desk; each is a line of a process's `[roles]`."""

    START = "start"
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    CANCEL = "cancel"
    SWAP = "swap"
    CLAIM = "claim"
    WAIVE = "waive"
    SETTLE = "settle"
    SEND = "send"
    WRITE = "write"
    REVIEW = "review"
    APPROVE = "approve"
    HAND_OVER = "hand_over"
    VERIFY = "verify"
    APPLY = "apply"

    @property
    def said(self) -> str:
        """What it is, as the end of the sentence "somebody may not …"."""
        return _SAID[self]


_SAID = {
    Act.START: "start a release",
    Act.ADD: "add a fix, or change what is said of one",
    Act.REMOVE: "take a fix out of a release",
    Act.MOVE: "move a release, or change its versions",
    Act.CANCEL: "cancel a release",
    Act.SWAP: "change who is on duty",
    Act.CLAIM: "claim this gate",
    Act.WAIVE: "sign an exception for this gate",
    Act.SETTLE: "settle what is in doubt",
    Act.SEND: "say what was sent",
    Act.WRITE: "write the post, or say who does",
    Act.REVIEW: "review the post",
    Act.APPROVE: "approve a plan",
    Act.HAND_OVER: "hand over",
    Act.VERIFY: "hand in the test mail",
    Act.APPLY: "carry out a plan",
}


class Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which roles may do each act, by the name of the act, and which can be on duty (`duty`).

    The roles of a person are those of the team file, and those that follow from a release: `primary` and `secondary`
    are whoever is on duty, `author` whoever wrote its post. `desk` is the desk itself, when nobody sits at it.
    """

    duty: RoleNames = _RUN
    start: RoleNames = _SHIP
    add: RoleNames = (*_SHIP, "developer")
    remove: RoleNames = _SHIP
    move: RoleNames = _SHIP
    cancel: RoleNames = _SHIP
    swap: RoleNames = _RUN
    claim: RoleNames = _SPEAK
    waive: RoleNames = _SHIP
    settle: RoleNames = _SHIP
    send: RoleNames = _SPEAK
    write: RoleNames = (*_RUN, "communications")
    review: RoleNames = _RUN
    approve: RoleNames = _SHIP
    hand_over: RoleNames = _RUN
    verify: RoleNames = (*_SHIP, "communications")
    apply: RoleNames = (*_SPEAK, DESK)

    def of(self, act: Act) -> frozenset[str]:
        """The roles that may do an act."""
        return frozenset(getattr(self, act))

    def known(self) -> frozenset[str]:
        """Every role that a team file and a gate may name: those the desk knows, and those of this table."""
        rows: Iterable[tuple[str, ...]] = (getattr(self, name) for name in self.__struct_fields__)
        return _KNOWN.union(*rows)
