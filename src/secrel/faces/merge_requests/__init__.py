"""Merge requests of every fix of a release, for people and for programs (mission M4)."""

from secrel.faces.merge_requests.data import check_json
from secrel.faces.merge_requests.markdown import check_markdown
from secrel.faces.merge_requests.text import check_text

__all__ = ["check_json", "check_markdown", "check_text"]
