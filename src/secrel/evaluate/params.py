"""What a check is told by its row: the kinds that the parameters of several checks are of."""

from __future__ import annotations

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, description="a whole number, not negative")]


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a check is told; as it is, nothing.

    A check names it, or its own with more, `Params`: it is decoded when the process is read.
    """


class ToldHours(Told, frozen=True):
    """`hours`: how long before the due instant of a planned release a fix that is not complete is taken out."""

    hours: Count = 48
