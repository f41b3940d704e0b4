"""What the peers share: where they read and write, and how they say how far they are.

They do the same work: read each rating by its contract, count it by appraisal's own rules, and store the whole card
and the effect that explains it. Of our framework they use how numbers are stored, when the collector looks and how
soon threads get their turn, and nothing else: they run in a virtual environment of their own.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from appraisal.domain.scorecard import Scorecard
from kinara.kit import memory
from kinara.kit.threads import short_turns
from pymongo import ReplaceOne

from bench.contenders.rules import document, rate, read

SERVERS = os.environ["BENCH_SERVERS"]
TOPIC = os.environ["BENCH_TOPIC"]
GROUP = os.environ["BENCH_GROUP"]
BATCH = int(os.environ["BENCH_BATCH"])
MONGO = os.environ["KINARA_MONGO"]
DATABASE = os.environ["KINARA_DATABASE"]
WITHIN_S = 0.02
"""How long a batch that is not full waits for more, as in ours."""

memory.settle()
short_turns()


class Batch:
    """What a batch has come to: of each employee the latest card, and the effects."""

    def __init__(self) -> None:
        self.ratings = 0
        self.cards: dict[str, Scorecard] = {}
        self._effects: dict[str, list[Any]] = {}

    def add(self, card: Scorecard, effect: Any) -> None:
        """One more rating."""
        self.ratings += 1
        self.cards[card.employee_id] = card
        self._effects.setdefault(card.employee_id, []).append(effect)

    def effects(self) -> list[dict[str, Any]]:
        """One document for each employee."""
        return [{"subject": id_, "rows": rows} for id_, rows in self._effects.items()]

    def replaces(self) -> list[ReplaceOne[dict[str, Any]]]:
        """The employees' cards."""
        return [ReplaceOne({"_id": id_}, document(card), upsert=True) for id_, card in self.cards.items()]


def rated(card: Scorecard | None, value: bytes) -> tuple[Scorecard, Any]:
    """An employee's card after one more rating, and its effect, under the rating's own id."""
    event = read(value)
    return rate(card, event, event.feedback_id, event.given_at)


class Progress:
    """Says after each write how many ratings are in the database; the runner reads the last line.

    Peers commit their offsets by an interval or not at all: this is the same moment for all, and costs a line a batch.
    """

    def __init__(self) -> None:
        self._written = 0
        self._file = Path(os.environ["BENCH_PROGRESS"]).open("a", encoding="ascii", buffering=1)  # noqa: SIM115

    def written(self, ratings: int) -> None:
        """So many more."""
        self._written += ratings
        self._file.write(f"{self._written}\n")
