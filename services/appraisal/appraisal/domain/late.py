"""What became known after its month was closed: counted, in the order it came, when the period is opened again.

The same functions count it as would have in time, so that a period that was closed too early ends as it should have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kinara.contracts.appraisal import Period

from appraisal.domain.effects import Effect, Folded
from appraisal.domain.folds import FOLDS
from appraisal.domain.periods import months_of
from appraisal.domain.policy import Policies
from appraisal.domain.progress import discount_report
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Report

_EVENTS = {event.__name__: event for event in FOLDS}


def count_late(
    card: Scorecard, period: Period, recorded: Iterable[Mapping[str, Any]], policies: Policies
) -> tuple[Scorecard, tuple[Effect, ...]]:
    """The card with all that was recorded late about a period which is open again, each fact once.

    ``recorded`` are all entries of its ledger, oldest first. What was recorded before facts were kept whole stays so.
    """
    entries, effects = list(recorded), list[Effect]()
    counted = {entry["counts"] for entry in entries if "counts" in entry}
    for entry in entries:
        if entry.get("late") and _is_about(entry, period) and entry["id"] not in counted:
            again = _again(card, entry, policies)
            if again is not None:
                card, effect = again
                words = f"{effect['note']} Dihitung sejak periode {period} dibuka kembali."
                effects.append({**effect, "note": words, "counts": entry["id"], "type": entry["type"]})
    return card, tuple(effects)


def _is_about(entry: Mapping[str, Any], period: Period) -> bool:
    """Whether a period counts what was recorded: its own months, and hours learnt from the beginning of its year."""
    months = months_of(period)
    since = months_of(period[:4])[0] if entry["part"] == "L" else months[0]
    return since <= entry["month"] <= months[-1]  # type: ignore[no-any-return]


def _again(card: Scorecard, entry: Mapping[str, Any], policies: Policies) -> Folded | None:
    if "fact" in entry:
        event = _EVENTS[entry["fact"]["type"]].model_validate_json(entry["fact"]["data"])
        return FOLDS[type(event)](card, event, policies)
    told = entry["inputs"]
    if told.get("audit") != "rejected":
        return None
    report = Report(told["indicator"], told["amount"], date.fromisoformat(told["on"]))
    audited_on = date.fromisoformat(told["audited_on"])
    return discount_report(card, entry["ref"], report, told["reason"], audited_on=audited_on, policies=policies)
