"""Advisories as CVE records, CVE JSON 5.1.1 (mission M5)."""

from secrel.papers.cve5.record import NO_DATES, Cna, Dates, render_container, render_record, text_of

__all__ = ["NO_DATES", "Cna", "Dates", "render_container", "render_record", "text_of"]
