"""The process as a table: gates in order, with owners, due rules, checks and remedies (mission M1, M3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec.structs import replace

from secrel.process.due import Due
from secrel.process.roles import OWNERS, Act, RoleNames, Roles
from secrel.words.errors import Misused
from secrel.words.releases import Kind, Product, Text

_Name = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", description="a name of small letters and figures, with hyphens between"
    ),
]
_Owner = Annotated[str, msgspec.Meta(pattern=rf"\A({'|'.join(OWNERS)})\Z", description=f"one of {', '.join(OWNERS)}")]
_Kinds = Annotated[
    frozenset[Kind], msgspec.Meta(min_length=1, description="a list of kinds of release; leave it out for every kind")
]
_Gates = Annotated[
    tuple["Gate", ...],
    msgspec.Meta(min_length=1, description="a list of gates, each under its own [[gate]]"),
]
SECTIONS = ("projects", "channels", "labels", "people", "addresses", "cna")
"""The sections whose keys are names of the vendor's, looked up one by one."""

Section = Literal["projects", "channels", "labels", "people", "addresses", "cna"]

Lacking = Literal["git", "cna"]
"""What a vendor can be without: a git repository of the product, a CNA that they are or have."""
GIT: Final = "git"
CNA: Final = "cna"

_Count = Annotated[int, msgspec.Meta(ge=1, le=99, description="a whole number from 1 to 99")]


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of the release, as a box of the flowchart."""

    name: Text
    title: Text


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thing that must hold by a due time.

    `check` names the check that tells; `makes` the line of work that would make it hold (empty: a person has to
    act); `after` the gates that have to be passed before its turn comes; `opens` when its turn comes at the
    earliest; `due` until when it has to hold; `owner` a role (`primary`, `secondary`, `release-manager`, `developer`,
    `communications`, `cna`); `remedy` the command a person runs, with `{release}`, `{fix}`, `{gate}` filled in;
    `kinds` the kinds of release it belongs to; `params` what the check is told, as the check's own `Params`.
    `lasting` says that it tells of something that has happened: once it holds it stays passed, whatever changes before
    it. `claimed_by` and `waived_by` are the roles that may claim it and sign its exception (empty: those of the
    process's `[roles]`), and nobody with a role in `not_by` may do either, so that nobody frees themselves.
    `moot_if_waived` names gates of which a signed exception takes this gate out of the release: with no security
    fix there is nothing to announce (gitlab-process.md 10, 18). `only_without` is what a vendor has to lack for it: a
    person says then what nobody can look at.
    """

    name: _Name
    title: Text
    phase: Text
    owner: _Owner
    check: Text
    after: tuple[str, ...] = ()
    opens: Due | None = None
    due: Due | None = None
    makes: str = ""
    remedy: str = ""
    why: str = ""
    source: str = ""
    kinds: _Kinds = frozenset(Kind)
    params: Any = None
    lasting: bool = False
    moot_if_waived: tuple[str, ...] = ()
    claimed_by: RoleNames = ()
    waived_by: RoleNames = ()
    not_by: RoleNames = ()
    only_without: Lacking | None = None

    def told(self, name: str) -> Any:
        """What the check is told under a name; None when it is told nothing of that name."""
        return getattr(self.params, name, None)


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new release takes when nothing else is said; `series` is how many series a planned release serves.

    `in_a_row` lets people be on duty in two releases in a row: a team of two has no others.
    """

    disclosure_days: _Count | None = None
    form: str = ""
    series: _Count | None = None
    in_a_row: bool = False


class Process(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"phases": "phase", "gates": "gate", "products": "product", "lacks": "without"},
):
    """One process: its phases and gates in order, and every name it uses.

    `projects` maps a role (`tracking`, `security_site`, `canonical_site`, `cves`, `checklist`, `communications`) to a
    project; `channels`, `labels`, `people` (handles and groups such as `release_managers`, `release_bot`,
    `communications`) and `addresses` (links that documents carry) likewise; `cadence` is the train's rule, None without
    a train; `roles` say whose each act is; `team` is how those who run releases call themselves in handovers
    (`appsec`; empty: nothing); `lacks` what the vendor does not have, and no gate asks for. The file has `phase`,
    `gate`, `product` and `without` in place of `phases`, `gates`, `products` and `lacks`.
    """

    name: Text
    title: Text
    phases: tuple[Phase, ...]
    gates: _Gates
    products: tuple[Product, ...] = ()
    projects: Mapping[str, str] = {}
    channels: Mapping[str, str] = {}
    labels: Mapping[str, str] = {}
    people: Mapping[str, str] = {}
    addresses: Mapping[str, str] = {}
    cadence: Any = None
    cna: Mapping[str, str] = {}
    defaults: Defaults = Defaults()
    roles: Roles = Roles()
    team: str = ""
    lacks: tuple[Lacking, ...] = ()

    def roles_for(self, act: Act, gate: Gate | None = None) -> frozenset[str]:
        """The roles that may do an act; of a claim or a waiver, those of its gate where it names any."""
        own = {Act.CLAIM: gate.claimed_by, Act.WAIVE: gate.waived_by}.get(act, ()) if gate else ()
        return frozenset(own) or self.roles.of(act)

    def named(self, section: Section, key: str) -> str:
        """Give what stands under a key of an open section.

        Raises `Misused` with both where nothing does. A process that is read has what its own gates need; a command
        may ask for more.
        """
        table: Mapping[str, str] = getattr(self, section)
        if not table.get(key, "").strip():
            raise Misused(
                f"the process has no {key} in [{section}]", where=self.name, remedy=f"write it into [{section}]"
            )
        return table[key]

    def gate(self, name: str) -> Gate | None:
        """The gate of this name."""
        return next((gate for gate in self.gates if gate.name == name), None)

    def gate_called(self, words: str) -> Gate | None:
        """The gate that somebody means by its name, or by its title in whatever capitals."""
        title = " ".join(words.split()).casefold()
        return self.gate(words) or next((gate for gate in self.gates if gate.title.casefold() == title), None)

    def product(self, key: str) -> Product | None:
        """The product of this key."""
        return next((product for product in self.products if product.key == key), None)

    def without(self, name: str) -> Process:
        """The same process with one gate taken out; what came after it comes after what it came after."""
        gone = self.gate(name)
        if gone is None:
            return self

        def spliced(after: tuple[str, ...]) -> tuple[str, ...]:
            if name not in after:
                return after
            return tuple(dict.fromkeys([*(a for a in after if a != name), *gone.after]))

        rest = tuple(
            replace(
                gate,
                after=spliced(gate.after),
                moot_if_waived=tuple(other for other in gate.moot_if_waived if other != name),
            )
            for gate in self.gates
            if gate.name != name
        )
        return replace(self, gates=rest)
