"""The fixes of a release, and everything about one, for people and programs; `cves` has how their CVEs stand."""

from secrel.faces.fixes.table import fix_told, fixes_told

__all__ = ["fix_told", "fixes_told"]
