"""Requests for CVE ids, as issues of the CNA's project (mission M5)."""
