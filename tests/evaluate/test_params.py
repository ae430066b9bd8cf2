"""What a row tells its check: decoded when the process is read, and refused there with the line of what is wrong."""

from __future__ import annotations

import pytest

from secrel.evaluate.registry import shipped, vocabulary
from secrel.process.reading import builtin_text, read_process
from secrel.reading.documents import Malformed

GENERIC = builtin_text("generic")


@pytest.mark.parametrize(
    ("told", "wrong", "what"),
    [
        ("hours = 72", 'hours = "36"', "hours has to be a whole number, not negative"),
        ("hours = 72", "hours = -1", "hours has to be a whole number, not negative"),
        ("hours = 72", "hours = true", "hours has to be a whole number, not negative"),
        ("hours = 72", "hours = nan", "hours has to be a whole number, not negative"),
        ("hours = 72", "hour = 36", "there is no key 'hour' here"),
        ("one_region = true", 'one_region = "yes"', "one_region has to be true or false"),
        ('label = "severity_one"', "label = 1", "label has to be a text"),
        ('document = "tracking", labels', 'document = "trackin", labels', "document has to be one of tracking, check"),
        ('labels = ["security", "upcoming"]', 'labels = ["security", 1]', "item 2 of labels has to be a text"),
        ('facts = ["versions", "fixes", "cves"]', 'facts = ["version"]', "item 1 of facts has to be one of versions"),
        ('rules = ["date_right"]', 'rules = ["date_wrong"]', "item 1 of rules has to be one of"),
        ('each = "report"', 'each = "moon"', "each has to be one of , removed, removed_id, report"),
        ("params = { one_region = true }", "params = 3", "params has to be a table"),
        ('params = { document = "next_tracking" }', "params = {}", "params has no document"),
        ('params = { document = "next_tracking" }', "", "params has no document"),
    ],
)
def test_a_parameter_that_its_check_does_not_take_is_told_at_its_line(told: str, wrong: str, what: str) -> None:
    head, found, tail = GENERIC.partition(told)
    assert found
    with pytest.raises(Malformed) as refused:
        read_process(head + wrong + tail, "own.toml", vocabulary())
    (fault,) = refused.value.faults
    line = head.count("\n") + 1 if wrong else head.rindex("[[gate]]")
    assert fault.place == f"own.toml:{line if wrong else head[:line].count(chr(10)) + 1}"
    assert fault.what.startswith(what)
    assert fault.remedy


def test_what_is_left_out_is_what_the_check_says() -> None:
    gates = {gate.name: gate for gate in shipped("generic").gates}
    assert gates["no-late-fix"].told("hours") == 48
    assert gates["tracking-issue"].told("confidential") is True
    assert gates["duties-present"].told("confidential") is None
