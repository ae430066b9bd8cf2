"""secrel, the security release desk: runs a vendor's security releases from evidence, plans and approvals."""

__version__ = "0.1.0"
