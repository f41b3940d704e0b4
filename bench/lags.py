"""How long ratings took until they were shown: worked out afterwards, so that it takes nothing from what is measured.

A score is said when it has moved by a hundredth. A rating that moves none is shown silently, and what is said of the
next one, perhaps seconds later, tells only when it was shown at the latest. So each rating is folded once more, by
appraisal's own rules: where nothing could have been said after it, no moment is certain for it or for those before it.
Those that are certain are a little fewer in long batches, which lose more of their first; so both are told, the
certain ones, and all, each at its latest.
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

    def take(self) -> tuple[list[float], list[float]]:
        """Milliseconds of the ratings since the last time: those that are certain, and all at their latest."""
        while self.committed:
            row, at = self.committed.popleft()
            event = FeedbackReceived.model_validate_json(row["data"])
            id_ = event.subject.id
            card = self._cards.get(id_) or Scorecard(id_, event.province.code, event.unit_path)
            self._cards[id_], _ = count_feedback(card, event, self._policies)
            self._rated[id_].append(Rated(row["version"], at, self._cards[id_]))
        certain: list[float] = []
        at_most: list[float] = []
        while self.said:
            id_, version, at = self.said.popleft()
            shown, since = self._shown_by(id_, version)
            took = [max(0.0, at - rated.at) * 1000 for rated in shown]
            at_most += took
            certain += took[since:]
        return certain, at_most

    def forget(self) -> None:
        """Drop what nobody will ask for."""
        self.committed.clear()
        self.said.clear()

    def _shown_by(self, id_: str, version: int) -> tuple[list[Rated], int]:
        """The ratings up to this one that nothing was said of before, and from which on its batch surely had them:
        after the last one that may have ended another.

        One in between ended a batch only if the score was then the same as when it was last said.
        """
        rated, found, since = self._rated[id_], list[Rated](), 0
        shown = self._shown.get(id_)
        while rated and rated[0].version <= version:
            one = rated.popleft()
            found.append(one)
            blank = Scorecard(id_, one.card.province, one.card.unit_path)
            if one.version < version and not said_of(shown or blank, one.card):
                since = len(found)
            self._shown[id_] = one.card
        return found, since
