"""The fixes of a release, everything about one, and their CVEs, for people and programs."""

from secrel.faces.fixes.cves import CveStanding, cves_told
from secrel.faces.fixes.table import fix_told, fixes_told

__all__ = ["CveStanding", "cves_told", "fix_told", "fixes_told"]
