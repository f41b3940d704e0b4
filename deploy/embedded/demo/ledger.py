"""What the demonstration's people were told, to be held against what the scorecards say in the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class Told:
    """Everything that a service confirmed to somebody outside, by the id it gave."""

    accepted: dict[str, str] = field(default_factory=dict)
    """Business id (feedback, answer, completion) to the employee it is about."""
    unsure: int = 0
    """Requests that got no answer and were sent again under the same Idempotency-Key."""
    poison: int = 0
    """Broken records put into the topics."""
    repeats: int = 0
    """Good records put into the topics a second time."""
    kills: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """Told against found."""

    lost: int
    duplicated: int
    out_of_order: int


def judge(told: Told, effects: dict[str, list[dict[str, object]]]) -> Verdict:
    """Compare what was accepted with the effects on the scorecards, by employee."""
    found = Counter((employee, row["ref"]) for employee, rows in effects.items() for row in rows if counts(row))
    lost = sum(1 for ref, employee in told.accepted.items() if (employee, ref) not in found)
    duplicated = sum(n - 1 for (_, ref), n in found.items() if n > 1 and ref in told.accepted)
    event_ids = Counter((employee, row["id"]) for employee, rows in effects.items() for row in rows)
    duplicated += sum(n - 1 for (_, id_), n in event_ids.items() if n > 1)
    return Verdict(lost, duplicated, sum(map(_disorder, effects.values())))


def counts(row: dict[str, object]) -> bool:
    """Whether an effect is that of a voice or a completion, which each count once."""
    return row.get("type") in ("FeedbackReceived", "SurveyAnswered", "TrainingCompleted")


def _disorder(rows: list[dict[str, object]]) -> int:
    """Feedback effects of one employee that stand before an earlier one: ids of facts are ordered by time."""
    ids = [str(row["id"]) for row in rows if row.get("type") == "FeedbackReceived"]
    return sum(1 for earlier, later in pairwise(ids) if later < earlier)
