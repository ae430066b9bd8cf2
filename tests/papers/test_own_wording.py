"""A desk's own texts are used wherever the desk writes: of the documents that it keeps up to date as well."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from secrel.papers.documents import sheet_of
from secrel.papers.environment import Templates
from tests.plan.scenes import a_scene

OWN = {
    "tracking": ("messages", "secrel.papers.messages.wording", "tracking.md.j2"),
    "comms": ("email", "secrel.papers.email.forms", "comms_issue.md.j2"),
}


@pytest.mark.parametrize("name", OWN)
def test_a_document_has_the_desks_own_words(name: str) -> None:
    kind, package, file = OWN[name]
    scene = a_scene()
    assert "Words of ours" not in sheet_of(name, scene).body
    own = replace(scene, templates={kind: Templates.shipped(package, overrides={file: "Words of ours.\n"})})
    assert sheet_of(name, own).body.strip() == "Words of ours."
