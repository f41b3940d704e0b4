"""How long ratings took until they were shown: worked out afterwards, so that it takes nothing from what is measured.

A score is said when it has moved by a hundredth. A rating that moves none is shown silently, and what is said of the
next one, perhaps seconds later, tells nothing of when. So each rating is folded once more, by appraisal's own rules:
where nothing could have been said after it, no moment is known for it or for those before it, and they are not timed.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import NamedTuple

import yaml
from appraisal.domain.announcement import said_of
from appraisal.domain.folds.feedback import count_feedback
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Scorecard
from appraisal.store import SHIPPED
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.stored import Document


class Rated(NamedTuple):
    """A rating, when it was committed, and its employee's card with it."""

    version: int
    at: float
    card: Scorecard


class Lags:
    """Put in what was committed and what was said, with their moments; take out how long each took."""

    def __init__(self) -> None:
        self.committed: deque[tuple[Document, float]] = deque()
        """Ratings as they stand in feedback's outbox, in the order of their versions."""
        self.said: deque[tuple[str, int, float]] = deque()
        """An employee, and the version of the last rating that what was said of a score is about."""
        self._policies = Policies(parse_policy(yaml.safe_load(path.read_text())) for path in SHIPPED.glob("*.yaml"))
        self._cards: dict[str, Scorecard] = {}
        self._shown: dict[str, Scorecard] = {}
        self._rated: defaultdict[str, deque[Rated]] = defaultdict(deque)

    def take(self) -> list[float]:
        """Milliseconds of each rating since the last time of which it is certain when it was shown."""
        while self.committed:
            row, at = self.committed.popleft()
            event = FeedbackReceived.model_validate_json(row["data"])
            id_ = event.subject.id
            card = self._cards.get(id_) or Scorecard(id_, event.province.code, event.unit_path)
            self._cards[id_], _ = count_feedback(card, event, self._policies)
            self._rated[id_].append(Rated(row["version"], at, self._cards[id_]))
        took: list[float] = []
        while self.said:
            id_, version, at = self.said.popleft()
            took += (max(0.0, at - rated.at) * 1000 for rated in self._certain(id_, version))
        return took

    def _certain(self, id_: str, version: int) -> list[Rated]:
        """The ratings that a batch which ended with this one had: those after the last one that may have ended another.

        One in between ended a batch only if the score was then the same as when it was last said.
        """
        rated, certain = self._rated[id_], list[Rated]()
        shown = self._shown.get(id_)
        while rated and rated[0].version <= version:
            one = rated.popleft()
            certain.append(one)
            blank = Scorecard(id_, one.card.province, one.card.unit_path)
            if one.version < version and not said_of(shown or blank, one.card):
                certain.clear()
            self._shown[id_] = one.card
        return certain
