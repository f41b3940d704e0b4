"""A training need: opened by a weak appraisal or by coaching, closed by learning that covers its topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from kinara.contracts.appraisal import CoachingOpened, Predikat, ScoreUpdated

from training.domain.competency import Topic, covers

Component = Literal["k", "m", "a", "l", "b"]

LOW_SCORE = Decimal("58.33")
"""A score below this opens a need where nothing else is said: the lower end of Butuh Perbaikan."""

TOPIC_OF: Mapping[Component, Topic] = {"k": "teknis", "m": "pelayanan", "a": "pelayanan", "b": "perilaku", "l": "umum"}
"""What helps against which weakness; of equally weak parts the first in this order is taken."""

AS_EXPECTED = Decimal(75)
"""A part below this mark is weak: the lower end of *sesuai ekspektasi*."""

_NAME: Mapping[Component, str] = {
    "k": "capaian indikator kerja",
    "m": "kepuasan masyarakat",
    "a": "penanganan pengaduan",
    "b": "perilaku kerja",
    "l": "pembelajaran",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Why somebody should be trained in what."""

    id: str
    """Unique within the employee's record: the period and the component, so that one period asks once."""
    component: Component
    topic: Topic
    period: str
    reason: str
    """Indonesian, for the employee and the supervisor."""
    score: Decimal | None = None
    predikat: int | None = None
    """SIASN's kuadran code of the proposed predikat, 1 best; an int, as the database keeps it."""
    state: Literal["open", "closed"] = "open"
    closed_by: str | None = None
    """The completion that covered it."""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """How much training a topic calls for."""

    topic: Topic
    needs: int
    """Open needs; one employee may have two of a topic."""
    employees: int


def need_after(event: ScoreUpdated, threshold: Decimal) -> Need | None:
    """The need that a score shows: a predikat of Butuh Perbaikan or worse, or S below ``threshold`` (0-100).

    The event does not carry the policy's weights: a part that does not weigh is None in it, and the weakest of the
    others decides. What is low is below what is expected, or below the threshold where that asks for more.
    """
    poor = event.predikat is not None and event.predikat >= Predikat.BUTUH_PERBAIKAN
    low = event.score is not None and event.score < threshold
    component = weakest(event, max(AS_EXPECTED, threshold))
    if component is None or not (poor or low):
        return None
    return Need(
        id=f"{event.period}-{component}",
        component=component,
        topic=TOPIC_OF[component],
        period=event.period,
        score=event.score,
        predikat=None if event.predikat is None else int(event.predikat),
        reason=f"Bagian terlemah pada periode {event.period}: {_NAME[component]} "
        f"({component.upper()} = {_decimal_comma(_marks(event)[component])}).",
    )


def need_of_coaching(event: CoachingOpened) -> Need:
    """The need behind a coaching case: bimbingan is about work, konseling about behaviour."""
    component: Component = "k" if event.form == "bimbingan" else "b"
    return Need(
        id=f"{event.period}-{component}",
        component=component,
        topic=TOPIC_OF[component],
        period=event.period,
        reason=f"Pembinaan ({event.form}) dibuka pada periode {event.period}: {event.trigger}",
    )


def weakest(event: ScoreUpdated, expected: Decimal = AS_EXPECTED) -> Component | None:
    """The component that training should raise: the lowest mark below what is expected; None where none is.

    Learning is left out unless it alone is weak: any training would raise it, while nobody would be trained in the
    work that is behind.
    """
    marks = _marks(event)
    weak = [component for component, mark in marks.items() if mark < expected]
    return min([component for component in weak if component != "l"] or weak, key=marks.__getitem__, default=None)


def cover(need: Need, completion_id: str, competencies: Iterable[str], on: date) -> Need:
    """The need after a completion: closed if its competencies serve the topic."""
    if need.state == "closed" or not covers(competencies, need.topic):
        return need
    return replace(need, state="closed", closed_by=completion_id, closed_on=on)


def demand_of(needs_of_each: Iterable[Sequence[Need]]) -> list[Demand]:
    """What employees need together, by the open needs of each of them; most wanted first."""
    needs: Counter[Topic] = Counter()
    employees: Counter[Topic] = Counter()
    for own in needs_of_each:
        topics = [need.topic for need in own]
        needs.update(topics)
        employees.update(set(topics))
    ranked = sorted(needs, key=lambda topic: (-needs[topic], topic))
    return [Demand(topic, needs[topic], employees[topic]) for topic in ranked]


def _marks(event: ScoreUpdated) -> dict[Component, Decimal]:
    marks = {component: getattr(event, component) for component in TOPIC_OF}
    return {component: mark for component, mark in marks.items() if mark is not None}


def _decimal_comma(mark: Decimal) -> str:
    return f"{mark:.2f}".replace(".", ",")
