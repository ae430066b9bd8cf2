"""What a release comes down to: what is next, by whom, until when; what is late; and the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from secrel.evaluate.verdicts import Assessment, Judged
from secrel.papers.wording import VerdictWord, word_of

_NEVER = datetime.max.replace(tzinfo=UTC)


class Summary(Struct, frozen=True):
    """The state of a release at one instant.

    `acting` are the gates at which somebody has something to do now, most urgent first; `late` those whose due time
    has passed and that do not hold; `resting` those that the desk itself lets hold, at a time of its own; `counts` the
    number of gates by word, every word present.
    """

    acting: tuple[Judged, ...]
    late: tuple[Judged, ...]
    resting: tuple[Judged, ...]
    counts: Mapping[VerdictWord, int]

    @property
    def gates(self) -> int:
        """How many gates there are."""
        return sum(self.counts.values())

    @property
    def holding(self) -> int:
        """How many gates hold: passed, or waived by a person."""
        return sum(number for word, number in self.counts.items() if word.holds)


def summarise(assessment: Assessment) -> Summary:
    """Sum an assessment up: what is late comes first, then what is due earliest, then the order of the table."""
    open_gates = [judged for judged in assessment.gates if not word_of(judged.verdict).holds]
    late = [judged for judged in open_gates if judged.due is not None and judged.due < assessment.at]
    acting = sorted((judged for judged in open_gates if judged.is_somebodys), key=lambda judged: judged.due or _NEVER)
    counted = Counter(word_of(judged.verdict) for judged in assessment.gates)
    resting = tuple(judged for judged in open_gates if judged.is_by_itself)
    return Summary(tuple(acting), tuple(late), resting, {word: counted[word] for word in VerdictWord})
