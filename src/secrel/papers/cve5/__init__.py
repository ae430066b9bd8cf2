"""Advisories as CVE records, CVE JSON 5.1.1 (mission M5)."""
