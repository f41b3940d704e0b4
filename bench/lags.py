"""How long ratings took until they were shown: worked out afterwards, so that it takes nothing from what is measured.

A score is said when it has moved by a hundredth. A rating that moves none is shown silently, and what is said of the
next one tells only when it was shown at the latest. So each rating is folded once more, by appraisal's own rules: where
nothing could have been said after it, no moment is certain for it or for those before it. It was shown at the latest
with the next one of its partition that is certain, since a partition is folded in its order (but for the moment
between the two parts of a large batch). The certain ones are a little fewer in long batches, which lose more of their
first; so both are told, the certain ones, and all, each at its latest.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from functools import lru_cache

import yaml
from appraisal.domain.announcement import said_of
from appraisal.domain.folds.feedback import count_feedback
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Scorecard
from appraisal.store import SHIPPED
from embedded.stack import REPOSITORY
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.relay import hash_of
from kinara.kit.stored import Document
from kinara.kit.topics import Registry

PARTITIONS = Registry.read(REPOSITORY / "deploy" / "topics.yaml").events.partitions


@dataclass(slots=True, eq=False)
class Rated:
    """A rating, when it was committed, and its employee's card with it."""

    version: int
    at: float
    card: Scorecard
    shown: float = math.inf
    """When it was, or at the latest."""
    certain: bool = False


class Lags:
    """Put in what was committed and what was said, with their moments; take out how long each took."""

    def __init__(self) -> None:
        self.committed: deque[tuple[Document, float]] = deque()
        """Ratings as they stand in feedback's outbox, in the order of their commits."""
        self.said: deque[tuple[str, int, float]] = deque()
        """An employee, and the version of the last rating that what was said of a score is about."""
        self._policies = Policies(parse_policy(yaml.safe_load(path.read_text())) for path in SHIPPED.glob("*.yaml"))
        self._cards: dict[str, Scorecard] = {}
        self._shown: dict[str, Scorecard] = {}
        self._rated: defaultdict[str, deque[Rated]] = defaultdict(deque)

    def take(self) -> tuple[list[float], list[float]]:
        """Milliseconds of the ratings since the last time: those that are certain, and all at their latest."""
        partitions: defaultdict[int, list[Rated]] = defaultdict(list)
        while self.committed:
            row, at = self.committed.popleft()
            rated = self._fold(row, at)
            partitions[partition_of(rated.card.employee_id)].append(rated)
        while self.said:
            self._show(*self.said.popleft())
        for partition in partitions.values():
            latest = math.inf
            for rated in reversed(partition):
                rated.shown = latest = min(rated.shown, latest) if not rated.certain else rated.shown
        told = [rated for partition in partitions.values() for rated in partition if rated.shown < math.inf]
        return [_took(rated) for rated in told if rated.certain], [_took(rated) for rated in told]

    def forget(self) -> None:
        """Drop what nobody will ask for."""
        self.committed.clear()
        self.said.clear()

    def _fold(self, row: Document, at: float) -> Rated:
        event = FeedbackReceived.model_validate_json(row["data"])
        id_ = event.subject.id
        card = self._cards.get(id_) or Scorecard(id_, event.province.code, event.unit_path)
        self._cards[id_], _ = count_feedback(card, event, self._policies)
        rated = Rated(row["version"], at, self._cards[id_])
        self._rated[id_].append(rated)
        return rated

    def _show(self, id_: str, version: int, at: float) -> None:
        """What is said of this rating shows all since something was said before, and is certain of those of its batch:
        of those after the last one that may have ended another.

        One in between ended a batch only if the score was then the same as when it was last said.
        """
        waiting, found, since = self._rated[id_], list[Rated](), 0
        shown = self._shown.get(id_)
        while waiting and waiting[0].version <= version:
            one = waiting.popleft()
            one.shown = at
            found.append(one)
            blank = Scorecard(id_, one.card.province, one.card.unit_path)
            if one.version < version and not said_of(shown or blank, one.card):
                since = len(found)
            self._shown[id_] = one.card
        for one in found[since:]:
            one.certain = True


@lru_cache(maxsize=65_536)
def partition_of(id_: str) -> int:
    """Where facts about this employee lie, as clients place them."""
    return hash_of(id_.encode()) % PARTITIONS


def _took(rated: Rated) -> float:
    return max(0.0, rated.shown - rated.at) * 1000
