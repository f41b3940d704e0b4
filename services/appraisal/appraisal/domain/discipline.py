"""Hukuman disiplin as personnel tells it: what bars an award, and what the Indeks Profesionalitas counts.

Sources: reference §5.3 (no award while a measure runs); PermenPANRB 38/2018 (the gravest one lowers the index), in the
year and the four before it, as a regional government's published software applies PerBKN 8/2019 (not read there).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kinara.contracts.appraisal import Period

from appraisal.domain.periods import first_day, last_day, written

Level = Literal["ringan", "sedang", "berat"]
LEVELS: tuple[Level, ...] = ("ringan", "sedang", "berat")
"""From the lightest to the gravest (PP 94/2021 ps. 8)."""
YEARS_BACK = 4
"""How many years before the present one the index looks back."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure and the days on which it runs, both included."""

    level: Level
    effective_on: date
    ends_on: date


Measures = Mapping[str, Measure]
"""By id; one that was lifted is none."""


def bar(measures: Measures, periods: Sequence[Period], today: date | None = None) -> str | None:
    """Why no award is given for these periods, today; None where nothing bars it."""
    spans = [(min(first_day(p) for p in periods), max(last_day(p) for p in periods))]
    spans += [(today, today)] if today else []
    found = [
        one.ends_on
        for one in measures.values()
        if any(one.effective_on <= last and one.ends_on >= first for first, last in spans)
    ]
    if not found:
        return None
    return f"Hukuman disiplin berjalan sampai {written(max(found))}, sehingga penghargaan tidak diberikan."


def gravest(measures: Measures, by: date) -> Level | None:
    """The gravest measure that began by a day, in its year or the four before; None where there was none."""
    since = date(by.year - YEARS_BACK, 1, 1)
    begun = [LEVELS.index(one.level) for one in measures.values() if since <= one.effective_on <= by]
    return LEVELS[max(begun)] if begun else None
