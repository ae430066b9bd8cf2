from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from secrel.roster.schedules import read_schedule, with_names
from tests.roster.schedules.texts import REAL_NAMES, real


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_file_is_read_as_any_reader_does(name: str) -> None:
    data = real(name)
    loaded = YAML(typ="safe").load(data)
    schedule = read_schedule(data, name)
    assert [(listed.version, list(listed.names)) for listed in schedule.releases] == [
        (entry["version"], [person.strip() for person in entry.get("appsec") or []]) for entry in loaded
    ]
    assert all(listed.day for listed in schedule.releases)


def test_the_blemishes_of_the_real_files_are_found() -> None:
    old = read_schedule(real(REAL_NAMES[0]), "old").findings
    assert len(old) == 81
    for line, said in (
        (15, "has blanks around it"),
        (24, "appsec has 1 name"),
        (84, "is indented by 4"),
        (371, "neither appsec nor psirt"),
        (551, "'TBD'"),
        (598, "is more than one name"),
        (603, "is spelled"),
    ):
        assert any(finding.line == line and said in finding.what for finding in old), (line, said)
    new = read_schedule(real(REAL_NAMES[1]), "new").findings
    assert [finding.line for finding in new] == [58, 66, 75, 134]


@pytest.mark.parametrize("name", [pytest.param(REAL_NAMES[0], marks=pytest.mark.long), REAL_NAMES[1]])
def test_a_real_file_changes_in_one_release_and_nowhere_else(name: str) -> None:
    data = real(name)
    schedule = read_schedule(data, name)
    before = YAML(typ="safe").load(data)
    for listed in schedule.releases:
        assert with_names(schedule, listed.version, listed.names).data == data
    for place, listed in list(enumerate(schedule.releases))[::11]:
        changed = with_names(schedule, listed.version, ["Amara Example", "Björn O'Beispiel"])
        after = YAML(typ="safe").load(changed.data) if place % 44 == 0 else None  # it is slow
        if after is not None:
            assert after[place] == {**before[place], "appsec": ["Amara Example", "Björn O'Beispiel"]}
            assert after[:place] + after[place + 1 :] == before[:place] + before[place + 1 :]
        lost = set(data.split(b"\n")) - set(changed.data.split(b"\n"))
        assert all(line.strip()[2:].decode() in listed.names for line in lost)
