"""Requests for CVE ids, as issues of the CNA's project (mission M5)."""

from secrel.papers.cve_request.fields import (
    DEFAULT_LABELS,
    PATH_KEY,
    UNKNOWN_VERSION,
    Fields,
    Requester,
    fields_of,
    missing_fields,
)
from secrel.papers.cve_request.reading import read_request
from secrel.papers.cve_request.request import Request, render_request, yaml_block

__all__ = [
    "DEFAULT_LABELS",
    "PATH_KEY",
    "UNKNOWN_VERSION",
    "Fields",
    "Request",
    "Requester",
    "fields_of",
    "missing_fields",
    "read_request",
    "render_request",
    "yaml_block",
]
