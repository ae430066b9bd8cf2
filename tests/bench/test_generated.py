"""The generated release that benchmarks run on is a release as any other: counted, and read back from the desk."""

from __future__ import annotations

import pytest

from bench.generated import DUE, NAME, NOW, Size, make_desk, release_text, targets, versions
from bench.release import Release, one_by_one, validators_anew, validators_kept
from secrel.desk.looking import look
from secrel.evaluate.registry import shipped
from secrel.observe.release_file import read_release_file
from secrel.words.parts import known

SMALL = Size(fixes=7, series=3, products=2)


def test_the_release_of_the_benchmark_has_what_it_says() -> None:
    size = Size()
    assert (size.fixes, size.series, size.products) == (200, 5, 3)
    text = release_text(size)
    assert text.count("\n  - name: fix-") == 200
    assert text.count("target: ") == 200 * 6
    assert len(versions(size)) == len(set(versions(size))) == 5
    assert len(targets(size)) == 6
    assert text == release_text(size), "nothing in it is random"


def test_a_release_of_two_hundred_fixes_is_read_by_the_process_that_ships() -> None:
    file = read_release_file(release_text(Size(products=1)), "release.yaml", shipped("generic"))
    assert len(file.fixes) == 200
    assert file.release.due == DUE > NOW


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Release(make_desk(tmp_path_factory.mktemp("generated") / "desk", SMALL))


def test_the_desk_sees_every_fix_on_every_branch(release: Release) -> None:
    seen = look(release.desk, NAME).snapshot
    assert len(seen.tracked_fixes) == 7
    assert all([r.target for r in known(fix.merge_requests, ())] == targets(SMALL) for fix in seen.tracked_fixes)
    assert {fix.product for fix in seen.tracked_fixes} == {"product", "runner"}
    assert [len(shipment.versions) for shipment in seen.release.shipments] == [3, 3]
    assert not seen.complaints
    advisories = seen.contents.advisories
    assert len({advisory.cve_id for advisory in advisories}) == 7
    assert len({advisory.vector.severity for advisory in advisories if advisory.vector}) >= 3


def test_every_step_of_the_benchmark_does_its_work(release: Release) -> None:
    release.look()
    release.plan()
    release.render()
    assert len(release.records) == 7
    release.validate()
    validators_kept(release.records)
    validators_anew(release.records)
    one_by_one(release.desk, [advisory.fix for advisory in release.contents.advisories])
