"""Groups of people compared: who gets a good predikat less often than others, before anybody is judged.

Source: reference §5.6; the rule of the Uniform Guidelines on Employee Selection Procedures (29 CFR 1607.4 D).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kinara.contracts.appraisal import Period

from appraisal.domain.scorecard import Person

FOUR_FIFTHS = Decimal("0.8")
"""A group that gets a good predikat less than four fifths as often as another one raises an alarm."""
FEWEST = 10
"""People of a group below which a share says nothing of the group, and something of the people."""
AGES = ((30, "di bawah 30"), (40, "30-39"), (50, "40-49"), (200, "50 ke atas"))


def groups_of(person: Person | None, unit: str, period: Period) -> dict[str, str]:
    """By which people are compared: sex, kind, age and unit; of who is not known yet the unit."""
    if person is None:
        return {"unit": unit}
    age = int(period[:4]) - person.birth_year
    band = next(words for most, words in AGES if age < most)
    return {"sex": person.sex, "kind": person.kind, "age": band, "unit": unit}


def compared(groups: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """Each group with how many have a good predikat, and the four-fifths rule over those that are large enough.

    Source: reference §5.6; the rule of the Uniform Guidelines on Employee Selection Procedures (29 CFR 1607.4 D).
    """
    told = {name: dict(counts) for name, counts in sorted(groups.items())}
    return {"of": told, **{f"alarm_{side}": _alarm(groups.values(), side) for side in ("before", "after")}}


def _alarm(groups: Iterable[Counter[str]], side: str) -> bool:
    judged = f"judged_{side}"
    shares = [Decimal(c[side]) / c[judged] for c in groups if c[judged] >= FEWEST]
    return len(shares) > 1 and min(shares) < FOUR_FIFTHS * max(shares)
