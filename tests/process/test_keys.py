"""What the desk looks up in a process is asked for when the process is read."""

from __future__ import annotations

import re

import pytest

from secrel.evaluate.registry import vocabulary
from secrel.plan.lines import work_names
from secrel.process.keys import KEYS, Key
from secrel.process.reading import builtin_text, read_process
from secrel.process.table import SECTIONS
from secrel.reading.documents import Fault, Malformed
from secrel.words.errors import Misused

NEEDED = [key for key in KEYS if not key.left_out]
SPARED = [key for key in KEYS if key.left_out]


def _called(key: Key) -> str:
    return f"{key.section}.{key.name}"


def _without(key: Key, text: str) -> str:
    """The text of a process without the line of one key."""
    begin = text.index(f"\n[{key.section}]\n") + len(key.section) + 4
    end = text.find("\n[", begin) % (len(text) + 1)
    return text[:begin] + re.sub(rf"(?m)^{key.name} = .*\n", "", text[begin:end]) + text[end:]


def _faults(text: str) -> tuple[Fault, ...]:
    try:
        read_process(text, "own.toml", vocabulary())
    except Malformed as malformed:
        return malformed.faults
    return ()


@pytest.mark.parametrize("process", ["generic", "gitlab"])
@pytest.mark.parametrize("key", NEEDED, ids=_called)
def test_a_key_that_a_gate_needs_is_asked_for_with_what_it_is_for(key: Key, process: str) -> None:
    whole = builtin_text(process)
    text = _without(key, whole)
    assert text != whole
    own = [fault for fault in _faults(text) if f"[{key.section}] has no {key.name}" in fault.what]
    assert [key.what in fault.what for fault in own] == [True]
    [place] = {fault.place for fault in own}
    assert text.split("\n")[int(place.removeprefix("own.toml:")) - 1] == f"[{key.section}]"
    assert f"write {key.name}" in own[0].remedy
    blank = re.sub(rf'(?m)^({key.name} = )".*"$', r'\1"  "', whole)
    assert any(f"has no {key.name}" in fault.what for fault in _faults(blank)), "one that is empty is missing"


@pytest.mark.parametrize("key", SPARED, ids=_called)
def test_what_nobody_needs_can_be_left_out(key: Key) -> None:
    assert _faults(_without(key, builtin_text("gitlab"))) == ()


def _bare(makes: str = "", check: str = "fixes_linked", cves: str = "") -> str:
    """A process of one gate, with no more than every desk needs."""
    row = f'[[gate]]\nname = "it"\ntitle = "It"\nphase = "one"\nowner = "primary"\ncheck = "{check}"\n'
    head = f'name = "own"\ntitle = "Own"\n[[phase]]\nname = "one"\ntitle = "One"\n{row}'
    head += f'makes = "{makes}"\n' if makes else ""
    sections = {section: [k for k in NEEDED if k.section == section and not k.by] for section in SECTIONS}
    lines = [f"[{section}]\n" + "".join(f'{k.name} = "own"\n' for k in keys) for section, keys in sections.items()]
    return head + "".join(lines).replace("[projects]\n", f'[projects]\ncves = "{cves}"\n' if cves else "[projects]\n")


def _user(name: str) -> str:
    if name == "projects.cves":
        return _bare(cves="own/cves")
    return _bare(makes=name) if name in work_names() else _bare(check=name)


def test_a_process_that_makes_nothing_needs_the_few_keys_of_every_desk() -> None:
    assert _faults(_bare()) == ()
    with pytest.raises(Misused, match=r"the process has no sender in \[addresses\]"):
        read_process(_bare(), "own.toml", vocabulary()).named("addresses", "sender")


@pytest.mark.parametrize("user", sorted({name for key in KEYS for name in key.by}))
def test_what_a_gate_makes_or_looks_at_says_which_keys_it_needs(user: str) -> None:
    text = _user(user)
    told = {re.sub(r":.*", "", fault.what): fault.what for fault in _faults(text)}
    needed = [key for key in KEYS if user in key.by]
    assert told.keys() == {f"[{key.section}] has no {key.name}" for key in needed}
    assert all(f"(needed with {user})" in what for what in told.values())


@pytest.mark.parametrize(
    ("told", "wrong", "name"),
    [
        ('labels = ["security", "upcoming"]', 'labels = ["security", "upcomming"]', "upcomming"),
        ('params = { label = "severity_one" }', 'params = { label = "severity_zero" }', "severity_zero"),
    ],
)
def test_a_label_that_a_gate_looks_for_in_vain_is_told(told: str, wrong: str, name: str) -> None:
    [fault] = _faults(builtin_text("generic").replace(told, wrong))
    assert fault.what == f"no label is named {name!r}"
    assert fault.remedy.startswith("did you mean ")


def test_a_companion_in_a_project_where_fixes_land_needs_a_label_of_its_own() -> None:
    text = builtin_text("gitlab")
    assert _faults(text) == ()
    landing = text.replace('"gitlab-com/gl-security/rcas"', '"gitlab-org/security/gitlab"')
    assert [fault.what for fault in _faults(landing)] == ["no label is named 'root_cause'"]
    assert _faults(landing.replace("[labels]\n", '[labels]\nroot_cause = "RCA"\n')) == ()
    [fault] = _faults(text.replace("root_cause =", "root_causes ="))
    assert fault.what == "no project is named 'root_cause'"


def test_what_a_gate_looks_for_by_default_has_to_be_there_as_well() -> None:
    text = builtin_text("generic").replace('keep_confidential = "keep confidential"\n', "")
    assert {fault.what for fault in _faults(text)} >= {"no label is named 'keep_confidential'"}
