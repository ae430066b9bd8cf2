"""Proving affected versions: read what is needed from a history, prove every case, and compare where asked to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct, field
from msgspec.structs import replace

from secrel.answers import answered_each
from secrel.desk.copying import copies
from secrel.desk.dropping import Dropping
from secrel.ports.history import History
from secrel.ranges.cases import Case, SeriesPlan
from secrel.ranges.containment import reach
from secrel.ranges.elsewhere import Held, OriginPlaces, where_mended, without_commit, without_origin
from secrel.ranges.kin.contents import left_away
from secrel.ranges.kin.dropped import all_there, is_flawed
from secrel.ranges.kin.kinship import LookedInto
from secrel.ranges.kin.links import CommitLink, Kin
from secrel.ranges.kin.similar import by_contents, certain, similar_first
from secrel.ranges.naming.catalogue import AUTO, Catalogue, ListedVersion, Naming, Published, catalogue
from secrel.ranges.naming.choosing import preferred
from secrel.ranges.prove import Ground, proved, related, where_held
from secrel.ranges.resolve import LookedUp, asked
from secrel.ranges.results import Result
from secrel.words.errors import NotSeen
from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Block, Remains
from secrel.words.versions import Version

_DAY = 86_400
_BEFORE, _AFTER = 30 * _DAY, 400 * _DAY  # seconds around the dates of the commits named
_MOST_PATHS = 60
_MOST_LOOKED_AT = 3_000
_MOST_ROUNDS = 6  # of looking into commits: each finds those that are linked to the ones found before


class Asking(Struct, frozen=True):
    """How versions are read from tags and where backports are looked for.

    `published` None: every tag that names a version is one. `links` False: only the commits named count. `diffs` False:
    proposals are not looked into. `search`: every commit near a fix or an origin, in time and in its files, is too.
    `ahead`: branches that fixes may lie on before any version. `only_planned`: no other series gets fixes any more.
    """

    naming: Naming = AUTO
    published: tuple[Published, ...] | None = None
    prereleases: bool = False
    plans: tuple[SeriesPlan, ...] = ()
    depth: int = 2
    links: bool = True
    diffs: bool = True
    search: bool = False
    ahead: tuple[str, ...] = ()
    only_planned: bool = False


class Proved(Struct, frozen=True, eq=False):
    """The answer: results in the order of the cases, with the graph and the versions that they speak of.

    `notes` say what could not be looked at; `digest` covers every tag's name and commit, so that a later tag that moved
    or vanished shows.
    """

    graph: Graph
    catalogue: Catalogue
    results: tuple[Result, ...]
    notes: tuple[str, ...]
    digest: str


class ReadHistory(Struct, frozen=True, eq=False):
    """A history as it was read once, for any number of cases; `facts` None: links are not asked for."""

    history: History
    graph: Graph
    facts: Facts | None


def read_history(history: History, asking: Asking) -> ReadHistory:
    """Read what proving needs of a history; raises `NotSeen` or `Broken` when it cannot be read whole."""
    graph = history.graph()
    return ReadHistory(history, graph, history.facts(graph) if asking.links else None)


def prove_affected(history: History, asking: Asking, cases: Sequence[Case]) -> Proved:
    """Read the history and prove every case; raises what reading and proving raise."""
    return prove_read(read_history(history, asking), asking, cases)


def prove_read(reading: ReadHistory, asking: Asking, cases: Sequence[Case]) -> Proved:
    """Prove every case of a history that was read; raises `Misused` for a commit that it does not have."""
    graph, facts = reading.graph, reading.facts
    looked_up = [asked(graph, facts, case) for case in cases]
    naming, faults = preferred(graph, asking.naming, {one.case.name: one.seeds for one in looked_up})
    versions = catalogue(graph.tags, naming, published=asking.published, prereleases=asking.prereleases)
    notes = [facts.unread] if facts is not None and facts.unread else []
    ground = Ground(
        graph,
        versions,
        facts,
        asking.plans,
        asking.depth,
        ahead=asking.ahead,
        only_planned=asking.only_planned,
        guessed=not asking.naming.patterns,
        faults=faults,
    )
    if facts is not None and (asking.diffs or asking.search):
        looking = _Looking(reading.history, graph, facts, notes)
        ground, kin = looking.related(ground, looked_up, search=asking.search)
    else:
        kin = related(ground, looked_up)
    results = proved(ground, looked_up, kin)
    return Proved(graph, versions, results, tuple(dict.fromkeys(notes)), tags_digest(graph))


class _Looking(Struct):
    """Looks into the contents of commits, each of them once."""

    history: History
    graph: Graph
    facts: Facts
    notes: list[str]
    known: dict[int, Diff | None] = field(default_factory=dict)
    nearby: set[int] = field(default_factory=set)

    def related(self, ground: Ground, cases: Sequence[LookedUp], *, search: bool) -> tuple[Ground, Kin]:
        """Look into whatever would tell more, until nothing new turns up.

        A copy of commits and messages alone is not looked into, and says so.
        """
        ground = replace(ground, seen=LookedInto(looking=True))
        kin = related(ground, cases)
        if not (self.look(kin.wanted) or self.history.has_contents()):
            self.say_unseen()
            self.notes += [_not_searched(one, "they are not here") for one in cases if search]
            proposals = {seed: similar_first(mine, self.known) for seed, mine in kin.proposals.items()}
            return replace(ground, seen=LookedInto()), replace(kin, proposals=proposals)
        further = [link for one in cases for link in self.near(one, kin)] if search else []
        links = dict.fromkeys(self.certain(further))
        due = bool(self.nearby)
        for _ in range(_MOST_ROUNDS):
            fresh = [link for link in kin.sure if link not in links]
            if not (kin.wanted or fresh or due):
                break
            self.look(kin.wanted)
            links.update(dict.fromkeys(fresh))
            seen = LookedInto(tuple(links), tuple(further), dict(self.known), frozenset(self.nearby), looking=True)
            ground = replace(ground, seen=seen)
            kin, due = related(ground, cases), False
        self.say_unseen()
        while partial := self.partial(kin) - ground.seen.partial:
            ground = replace(ground, seen=replace(ground.seen, partial=ground.seen.partial | partial))
            kin = related(ground, cases)
        return self.held_to_versions(ground, cases, kin)

    def partial(self, kin: Kin) -> frozenset[tuple[int, int]]:
        """Find the links that count and whose commit left places as they were that the other one changed."""
        links = {(link.commit, link.like) for mine in kin.links.values() for link in mine}
        known = {pair: (self.known.get(pair[0]), self.known.get(pair[1])) for pair in links}
        fewer = [pair for pair, (one, other) in known.items() if one and other and one.patch != other.patch]
        names = {commit: self.graph.hex(commit) for pair in fewer for commit in pair}
        blocks = self.history.blocks([*names.values()]) if fewer else {}
        fewer = [(one, other) for one, other in fewer if names[one] in blocks and names[other] in blocks]
        asked: dict[str, list[str]] = defaultdict(list)
        for one, other in fewer:
            asked[names[other]].append(names[one])
        paths = {name: {block.path for block in blocks[name]} for name in asked}
        left = self.history.remains(asked, paths) if asked else {}
        return frozenset(
            (one, other)
            for one, other in fewer
            if (at := left.get((names[other], names[one]))) and left_away(blocks[names[other]], blocks[names[one]], at)
        )

    def held_to_versions(self, ground: Ground, cases: Sequence[LookedUp], kin: Kin) -> tuple[Ground, Kin]:
        """Look in every version that contains a change whether it is there."""
        named = self.look(dict.fromkeys(seed for one in cases for seed in one.seeds))
        empty = frozenset(seed for seed, diff in named.items() if not diff.paths)
        origins = {seed for one in cases for part in one.origins for seed in part.seeds}
        whole = frozenset(commit for seed in origins for commit in kin.commits(seed))
        dropping = Dropping(self.history, self.graph, self.notes, whole, frozenset(kin.reverts))
        kept = dropping.found(where_held(ground, cases, kin))
        held = Held.of(ground, cases, kin)
        alike = self.alike(without_commit(held, self.facts, cases))
        flawed = self.flawed(without_origin(held, self.facts, cases))
        if kept.out:  # the rest tells of versions, and not of which commits are alike
            ground = replace(ground, seen=replace(ground.seen, out=kept.out))
            kin = related(ground, cases)
        copied = copies(self.history, self.graph, where_mended(ground, cases, kin), self.notes)
        return ground, replace(
            kin, empty=empty, there=kept.there, alike=alike, uncompared=kept.unseen, copied=copied, flawed=flawed
        )

    def left(
        self, asked: Mapping[int, Sequence[int]]
    ) -> Iterator[tuple[int, Sequence[Block], Mapping[int, Sequence[Remains]]]]:
        """Give commits with what they changed, and what is left of it at these places; those that are not here, not."""
        names = {self.graph.hex(commit): [self.graph.hex(at) for at in places] for commit, places in asked.items()}
        blocks = self.history.blocks([*names]) if names else {}
        paths = {name: {block.path for block in mine} for name, mine in blocks.items()}
        read = self.history.remains({name: names[name] for name in blocks}, paths) if blocks else {}
        for name, mine in blocks.items():
            places = {self.graph.find(at): read[name, at] for at in names[name] if (name, at) in read}
            yield self.graph.find(name), mine, places

    def alike(self, asked: Mapping[int, Sequence[int]]) -> dict[int, frozenset[int]]:
        """Find which of these places have all that an origin or a fix changed, without its commit."""
        found = {
            commit: frozenset(at for at, remains in left.items() if all_there(remains))
            for commit, _, left in self.left(asked)
        }
        return {commit: places for commit, places in found.items() if places}

    def flawed(self, asked: Mapping[int, OriginPlaces]) -> dict[int, frozenset[int]]:
        """Find which versions without the origin have what a fix mends, as it was not before the origin."""
        found = {}
        for fix, blocks, left in self.left({fix: (*mine.without, *mine.before) for fix, mine in asked.items()}):
            before = [left.get(at, ()) for at in asked[fix].before]
            found[fix] = frozenset(at for at in asked[fix].without if is_flawed(blocks, left.get(at, ()), before))
        return found

    def look(self, commits: Iterable[int]) -> dict[int, Diff]:
        """Read what these commits change; those whose contents are not here are absent."""
        wanted = list(dict.fromkeys(commits))
        fresh = [commit for commit in wanted if commit not in self.known]
        names = {name: name for name in map(self.graph.hex, fresh)}
        found = answered_each("diff", names, Diff, self.history.diffs)
        self.known.update((commit, found.get(self.graph.hex(commit))) for commit in fresh)
        return {commit: diff for commit in wanted if (diff := self.known[commit]) is not None}

    def say_unseen(self) -> None:
        """Note how many commits could not be looked into."""
        if unseen := sum(diff is None for diff in self.known.values()):
            self.notes.append(
                f"the contents of {unseen} commits are not in this copy of the repository: "
                "patch ids, paths and changed lines were not compared for them"
            )

    def certain(self, links: Sequence[CommitLink]) -> tuple[CommitLink, ...]:
        """Give those links that the contents make sure."""
        return certain(links, self.look(_ends(links)), lambda _: False)

    def near(self, one: LookedUp, kin: Kin) -> tuple[CommitLink, ...]:
        """Find commits that make the same change, by their files, their time and their contents; keep all as nearby."""
        named = self.look(commit for seed in one.seeds for commit in kin.commits(seed))
        paths = sorted({path for diff in named.values() for path in diff.paths})
        if not paths or len(paths) > _MOST_PATHS:
            self.notes.append(_not_searched(one, f"they are not here, or are of over {_MOST_PATHS} files"))
            return ()
        dates = [int(self.facts.date[commit]) for commit in named]
        try:
            found = self.history.touching(paths, since=min(dates) - _BEFORE, until=max(dates) + _AFTER)
        except NotSeen as fault:
            self.notes.append(_not_searched(one, fault.what))
            return ()
        if len(found) > _MOST_LOOKED_AT:
            many = f"of {len(found)} commits on the same files, {_MOST_LOOKED_AT} were looked into"
            self.notes.append(f"{one.case.name}: {many}")
        others = self.look(self.graph.find(commit) for commit in found[:_MOST_LOOKED_AT])
        self.nearby.update(others)
        return by_contents(named, others)


def _not_searched(one: LookedUp, why: str) -> str:
    return f"{one.case.name}: not searched by contents: {why}"


def _ends(links: Iterable[CommitLink]) -> list[int]:
    return [commit for link in links for commit in (link.commit, link.like)]


def tags_digest(graph: Graph) -> str:
    """Digest the names and commits of all tags."""
    lines = "".join(f"{graph.hex(tag.commit)} {tag.name}\n" for tag in graph.tags)
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


class Checked(Struct, frozen=True):
    """What git itself says otherwise of one case: versions that nothing explains, and those that are `explained`.

    `reverts`: reverts explain them; else it is an origin that is younger than a fix.
    """

    differs: tuple[Version, ...] = ()
    explained: tuple[Version, ...] = ()
    reverts: bool = False


def checked_with_git(history: History, proved: Proved, cases: Sequence[Case]) -> Mapping[str, Checked]:
    """Ask git itself about every case with origins and a fix of one part.

    Git knows neither backports nor claims nor reverts, nor that a flaw may come back after its fix. So it is asked
    about the commits that counted here, and its answer is compared with what they are without reverts and returns, too.
    Versions of which nothing is known here are not compared.
    """
    found = {}
    for case, result in zip(cases, proved.results, strict=True):
        if not result.origins or result.parts != 1 or case.claims or case.first:
            continue
        tags = frozenset[str]().union(*(history.containing(one, without=result.fixes) for one in result.origins))
        theirs = {entry.version for entry in proved.catalogue.listed if tags & set(entry.tags)} - {*result.unknown}
        ours = {*result.affected} - {*result.inferred}
        plain = (
            _contained(proved, result) - {*result.unknown} if result.reverts or _comes_back(proved, result) else ours
        )
        found[case.name] = Checked(
            tuple(sorted(theirs ^ plain)), tuple(sorted((theirs ^ ours) - (theirs ^ plain))), bool(result.reverts)
        )
    return found


def _comes_back(proved: Proved, result: Result) -> bool:
    """Whether an origin is younger than a fix."""
    origins, fixes = ([proved.graph.find(name) for name in names] for names in (result.origins, result.fixes))
    held = reach(proved.graph, fixes, origins)
    return any(held.below(fix, origin) for fix in fixes for origin in origins)


def _contained(proved: Proved, result: Result) -> set[Version]:
    """Give the versions that contain an origin and none of the fixes, reverted or not."""
    graph, listed = proved.graph, proved.catalogue.listed
    origins, fixes = ([graph.find(name) for name in names] for names in (result.origins, result.fixes))
    held = reach(graph, [*origins, *fixes], [commit for entry in listed for commit in entry.commits])

    def has(entry: ListedVersion, commits: Sequence[int]) -> bool:
        return any(held.contains(at, commit) for at in entry.commits for commit in commits)

    return {entry.version for entry in listed if has(entry, origins) and not has(entry, fixes)}
