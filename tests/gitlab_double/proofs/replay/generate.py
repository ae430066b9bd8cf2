"""Write `differences.toml` anew: what differs today, with the reason that the recordings themselves give.

The reason is the year since when, or until when, recordings of a kind of thing have a key. Reasons that were written by
hand are kept, and rows that no longer differ are left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from tests.gitlab_double.proofs.replay.comparing import KINDS, REVIEWED, artefacts, kind_of, reviewed
from tests.gitlab_double.proofs.replay.recordings import Recording, recordings
from tests.gitlab_double.proofs.replay.replaying import Difference, replayed

HEAD = REVIEWED.read_text("utf-8").partition("[artefacts]")[0]
AUTOMATIC = ("recorded without it", "recorded until", "both forms", "newer than", "of no year")


def keys(kind: str, body: object) -> Iterator[tuple[str, str]]:
    """Every key of every kind of thing in a body."""
    if isinstance(body, list):
        for one in body:
            yield from keys(kind, one)
    if isinstance(body, dict) and kind != "languages":
        for key, value in body.items():
            yield kind, key
            yield from keys(KINDS.get(key, f"{kind}.{key}"), value)


def years() -> tuple[dict[tuple[str, str], set[str]], dict[str, set[str]]]:
    """Say in which years a key was recorded, and in which a kind of thing was at all."""
    of_key, of_kind = defaultdict[tuple[str, str], set[str]](set), defaultdict[str, set[str]](set)
    for recording in recordings():
        year = (recording.day or "")[:4]
        if not year or recording.status >= 400:
            continue
        found = set(keys(kind_of(recording.endpoint), recording.body))
        found |= {("headers", name) for name in recording.headers}
        for kind, key in found:
            of_key[kind, key].add(year)
            of_kind[kind].add(year)
    return of_key, of_kind


def reason(side: str, seen: set[str], there: set[str], lacking: set[str]) -> str:
    """Say why only one side has a key, from when it was recorded and when not."""
    if not there:
        return "of no year: the only recordings of this kind have no date"
    newest = max(there)
    if side == "recorded":
        newer = sorted(year for year in there if year > max(seen, default=""))
        return f"recorded until {max(seen, default='?')}" + (f", not in {newer[-1]}" if newer else f", newest {newest}")
    if not seen:
        return f"newer than the recordings of this kind, which end in {newest}"
    if min(seen) > max(lacking, default=""):
        return f"recorded without it until {max(lacking, default='?')}, with it since {min(seen)}"
    return f"both forms are recorded (with it {min(seen)} to {max(seen)}): it depends on route, state or plan"


def main() -> None:
    """Write the file."""
    of_key, of_kind = years()
    found: dict[Difference, set[str]] = defaultdict(set)
    for recording in recordings():
        for difference in _of(recording):
            found[difference].add((recording.day or "")[:4])
    known = {row: why for row, why in reviewed().items() if not why.startswith(AUTOMATIC)}
    tables: dict[str, dict[str, str]] = defaultdict(dict)
    for row in sorted(found):
        side, kind, key = row
        why = known.get(row) or (
            reason(side, of_key[kind, key], of_kind[kind] | found[row] - {""}, found[row] - {""})
            if side in ("double", "recorded")
            else ""
        )
        tables[f"{side}.{json.dumps(kind)}"][key] = why
    lines = [HEAD + "[artefacts]", *(f"{json.dumps(one)} = {json.dumps(why)}" for one, why in artefacts().items())]
    for table, rows in tables.items():
        lines += ["", f"[{table}]", *(f"{json.dumps(key)} = {json.dumps(why)}" for key, why in rows.items())]
    REVIEWED.write_text("\n".join(lines) + "\n", "utf-8")


def _of(recording: Recording) -> Iterator[Difference]:
    return iter(()) if recording.id in artefacts() else replayed(recording)


if __name__ == "__main__":
    main()
