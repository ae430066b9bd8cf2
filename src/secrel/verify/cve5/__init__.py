"""CVE records as found: faults that a schema does not see, and disagreements with the advisory (mission M5, M10)."""
