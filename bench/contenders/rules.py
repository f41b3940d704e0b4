"""Appraisal's own rules for those who use them by hand: from a rating to the card and the effect that explains it.

The rules themselves are imported, so that all contenders store the same scores. Nothing here opens a connection, and
little is imported: the peers' virtual environment has neither our framework nor YAML.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from appraisal.domain.folds.feedback import count_feedback
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Scorecard
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.stored import packed
from pydantic import TypeAdapter

SHAPE = TypeAdapter(Scorecard)
POLICIES = Policies(parse_policy(data) for data in json.loads(Path(os.environ["BENCH_POLICIES"]).read_text()))


def read(value: bytes) -> FeedbackReceived:
    """A record's value, by its contract: it takes less than half of ``json.loads`` and making the same object."""
    return FeedbackReceived.model_validate_json(value)


def rate(card: Scorecard | None, event: FeedbackReceived, id_: str, at: Any) -> tuple[Scorecard, Any]:
    """Count a rating, the first one on a blank card; the card, and its effect as it is stored."""
    known = card or Scorecard(event.subject.id, event.province.code, event.unit_path)
    rated, effect = count_feedback(known, event, POLICIES)
    return rated, packed({"id": id_, "type": "FeedbackReceived", "at": at, **effect})


def document(card: Scorecard) -> dict[str, Any]:
    """A card as it is stored, without what versions and pages add to it."""
    state = SHAPE.dump_python(card)
    return {"_id": state.pop("employee_id"), **state, "path": card.unit_path + "/"}
