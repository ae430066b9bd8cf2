"""secrel, the security release desk: runs a vendor's security releases from evidence, plans and approvals."""

from secrel.loading import wait_for_use

__version__ = "0.1.0"

wait_for_use()
