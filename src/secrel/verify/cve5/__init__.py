"""CVE records as found: faults that a schema does not see, and disagreements with the advisory (mission M5, M10)."""

from secrel.verify.cve5.comparing import RecordDisagreement, compare_record
from secrel.verify.cve5.linting import RULES, RecordFault, faults
from secrel.verify.cve5.schema import Misfit, container_misfits, misfits

__all__ = [
    "RULES",
    "Misfit",
    "RecordDisagreement",
    "RecordFault",
    "compare_record",
    "container_misfits",
    "faults",
    "misfits",
]
