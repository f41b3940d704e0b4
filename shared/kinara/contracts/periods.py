"""Periods as they stand in facts: ``2026-11`` a month, ``2026-Q4`` a quarter, ``2026`` a year."""

from __future__ import annotations

import re
from functools import lru_cache

FORM = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?", re.ASCII)


@lru_cache(maxsize=4096)
def months_of(period: str) -> tuple[str, ...]:
    """The months that a period consists of, in order; ``ValueError`` for text that is no period."""
    form = FORM.fullmatch(period)
    if form is None:
        raise ValueError(f"{period!r} is neither YYYY-MM, YYYY-Qn nor YYYY")
    if form["month"]:
        return (period,)
    first, last = (int(form["quarter"]) * 3 - 2, int(form["quarter"]) * 3) if form["quarter"] else (1, 12)
    return tuple(f"{form['year']}-{month:02d}" for month in range(first, last + 1))
