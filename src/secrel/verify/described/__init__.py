"""What people wrote of a fix in words, held to its facts: what documents compute does not stand in a description."""

from secrel.verify.described.comparing import DescriptionRemark, plainly, remarks
from secrel.verify.described.slipping import Slip, slips

__all__ = ["DescriptionRemark", "Slip", "plainly", "remarks", "slips"]
