"""The official schema, from the package that carries it."""

from __future__ import annotations

import json

import pytest

from secrel.verify.cve5.schema import Misfit, container_misfits, misfits, path_of, schema
from secrel.words.errors import Broken
from tests.verify.cve5.records import GOOD, SHARED, real_records, spoiled


def test_the_package_carries_the_official_schema_5_1_1() -> None:
    path = SHARED / "data" / "cve-record-format" / "CVE_JSON_bundled_5.1.1.json"
    if not path.is_file():
        pytest.skip(f"shared data absent: {path}")
    assert schema() == json.loads(path.read_text("utf-8"))
    assert schema()["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema()["definitions"]["dataVersion"]["default"] == "5.1.1"


def test_a_good_record_and_its_container_fit() -> None:
    assert misfits(GOOD) == ()
    assert container_misfits(GOOD["containers"]["cna"]) == ()


@pytest.mark.parametrize(
    ("path", "value", "misfit"),
    [
        ("references.0.url", "not an address", Misfit("containers.cna.references[0].url", "format")),
        ("descriptions.0.value", "x" * 4097, Misfit("containers.cna.descriptions[0].value", "maxLength")),
        ("affected", ..., Misfit("containers.cna", "required")),
        ("title", 7, Misfit("containers.cna.title", "type")),
    ],
)
def test_a_misfit_is_told_by_its_place_and_rule(path: str, value: object, misfit: Misfit) -> None:
    record = spoiled(path, value)
    assert misfits(record) == (misfit,)
    assert container_misfits(record["containers"]["cna"]) == (misfit,)


@pytest.mark.parametrize("document", ["\ud800", {"dataType": "\ud800"}, {1: 2}])
def test_what_is_no_json_is_a_misfit_and_breaks_nothing(document: object) -> None:
    assert [misfit.rule for misfit in misfits(document)] == ["json"]
    assert container_misfits(document) == (Misfit("containers.cna", "json"),)


def test_the_real_records_fit_but_for_a_repository_that_is_no_uri() -> None:
    for record in real_records().values():
        repo = [True for product in record["containers"]["cna"]["affected"] if "repo" in product]
        assert misfits(record) == (Misfit("containers.cna.affected[0].repo", "format"),) * len(repo)


def test_a_package_without_the_schema_is_said_to_be_broken() -> None:
    with pytest.raises(Broken) as caught:
        schema("9.9.9")
    assert "9.9.9" in str(caught.value)
    assert caught.value.remedy == "install cvelib 1.8"


def test_a_path_reads_as_people_write_it() -> None:
    assert path_of(["containers", "cna", "references", 1, "url"]) == "containers.cna.references[1].url"
    assert path_of([]) == ""
