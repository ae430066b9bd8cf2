"""What the desk has to know of a GitLab beside what the process says: accounts, approval rules, and its projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of an instance: `accounts` are those whose marks count, beside the token's own user.

    `teams` says for which team an approval by a rule counts, by the rule's name in small letters; `has_rules` is
    whether the tier has rules of approval at all. `projects` are all in which the desk may have made something.
    """

    accounts: tuple[str, ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)
    has_rules: bool = True
    projects: tuple[str, ...] = ()
