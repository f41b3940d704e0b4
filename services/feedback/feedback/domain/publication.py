"""When a month of a government is published: from the fifth of the next on its own clocks, one month after the other.

Until the fifth oversight decides about what is held. (Proposal.) What is published of a month: ``edition``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from kinara.contracts import Province
from kinara.contracts.regions import ZONES, kemendagri_code

SETTLING = timedelta(days=4)
"""Days after a month that pass before it is published for good."""
EARLIEST = "2020-01"
"""Months before have no voices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """How far the months of a government are published."""

    id: str
    """The path of its root."""
    province: Province
    month: str
    """The first that is not published yet; before the very first of them nobody had said anything."""
    due_at: datetime
    """When that is to be published."""


def begin(root: str, province: Province, first_heard: str) -> Publication:
    """A government of which nothing is published; its first month is the one in which something was said."""
    month = max(first_heard, EARLIEST)
    return Publication(id=root, province=province, month=month, due_at=due_at(month, province))


def one_further(publication: Publication) -> Publication:
    """The next month, once this one is published."""
    month = f"{_after(publication.month):%Y-%m}"
    return replace(publication, month=month, due_at=due_at(month, publication.province))


def through(months: Iterable[str], publication: Publication | None) -> list[str]:
    """Those of these months that are published."""
    return [month for month in months if publication is not None and EARLIEST <= month < publication.month]


def due_on(month: str) -> date:
    """The day on which a month is published."""
    return _after(month) + SETTLING


def due_at(month: str, province: Province) -> datetime:
    """The moment at which a month is published: when its day begins there."""
    return _begins(due_on(month), province)


def span_of(month: str, province: Province) -> tuple[datetime, datetime]:
    """From which moment until which a month lasts on the region's own clocks."""
    return _begins(date.fromisoformat(f"{month}-01"), province), _begins(_after(month), province)


def _begins(day: date, province: Province) -> datetime:
    return datetime.combine(day, time(), ZONES[kemendagri_code(province)]).astimezone(UTC)


def _after(month: str) -> date:
    """The first day after a month."""
    return (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1)
