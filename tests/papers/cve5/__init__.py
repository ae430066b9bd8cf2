"""Tests of CVE records and requests."""
