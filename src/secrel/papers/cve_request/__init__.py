"""Requests for CVE ids, as issues of the CNA's project (mission M5)."""

from secrel.papers.cve_request.fields import (
    DEFAULT_LABELS,
    Requester,
    fields_of,
    missing_fields,
)
from secrel.papers.cve_request.request import Request, render_request, yaml_block

__all__ = [
    "DEFAULT_LABELS",
    "Request",
    "Requester",
    "fields_of",
    "missing_fields",
    "render_request",
    "yaml_block",
]
