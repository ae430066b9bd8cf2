"""The process as a table: gates in order, with owners, due rules, checks and remedies (mission M1, M3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from secrel.process.due import Due
from secrel.words.releases import Kind, Product


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the release, as a box of the flowchart."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A thing that must hold by a due time.

    `check` names the check that tells; `makes` the line of work that would make it hold (empty: a person has to
    act); `after` the gates that have to be passed before its turn comes; `opens` when its turn comes at the
    earliest; `due` until when it has to hold; `owner` a role (`primary`, `secondary`, `release-manager`, `developer`,
    `communications`, `cna`); `remedy` the command a person runs, with `{release}`, `{fix}`, `{gate}` filled in;
    `kinds` the kinds of release it belongs to; `params` what the check is told; `place` is `file:line` of its row.
    `lasting` says that it tells of something that has happened: once it holds it stays passed, whatever changes before
    it. `moot_if_waived` names gates of which a signed exception takes this gate out of the release: with no security
    fix there is nothing to announce (gitlab-process.md 10, 18).
    """

    name: str
    title: str
    phase: str
    owner: str
    check: str
    after: tuple[str, ...] = ()
    opens: Due | None = None
    due: Due | None = None
    makes: str = ""
    remedy: str = ""
    why: str = ""
    source: str = ""
    kinds: frozenset[Kind] = frozenset(Kind)
    params: Mapping[str, object] = field(default_factory=dict)
    place: str = ""
    lasting: bool = False
    moot_if_waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its phases and gates in order, and every name it uses.

    `projects` maps a role (`tracking`, `security_site`, `canonical_site`, `cves`, `checklist`, `communications`) to a
    project; `channels`, `labels`, `people` (handles and groups such as `release_managers`, `release_bot`,
    `communications`) and `addresses` (links that documents carry) likewise; `cadence` has the train's rule and its
    parameters; `defaults` what a new release takes when nothing else is said (`disclosure_days`, `form`, `series`: how
    many series a planned release serves).
    """

    name: str
    title: str
    phases: tuple[Phase, ...]
    gates: tuple[Gate, ...]
    products: tuple[Product, ...] = ()
    projects: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    cadence: Mapping[str, object] = field(default_factory=dict)
    cna: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)

    def gate(self, name: str) -> Gate | None:
        """The gate of this name."""
        return next((gate for gate in self.gates if gate.name == name), None)

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
