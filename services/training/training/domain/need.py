"""A training need: opened by a weak score, coaching, complaints or a gap in competence, closed by what covers it."""

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
    """Unique within its record: the period and what is weak, so that one period asks once."""
    component: str
    """What is weak: a part of the score, ``keluhan-<unsur>``, or ``standar-<competency>-<level>``."""
    topic: Topic
    period: str
    reason: str
    """Indonesian, for the employee and the supervisor."""
    score: Decimal | None = None
    predikat: int | None = None
    """SIASN's kuadran code of the proposed predikat, 1 best; an int, as the database keeps it."""
    competency: str | None = None
    """What exactly must be learnt, where a standard asks for it; None where anything of the topic serves."""
    level: int = 1
    """Of that competency, the level that is asked for."""
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
    units: int = 0
    """Units that need it, whoever of them learns it: citizens complained, and named nobody."""


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


def ask(needs: tuple[Need, ...], need: Need) -> tuple[Need, ...]:
    """The needs with one more; as they are where it was asked for, or where the same weakness has an open one.

    One period asks once: what is weak gets better only after the training.
    """
    if any(need.id == known.id or (known.state == "open" and known.component == need.component) for known in needs):
        return needs
    return (*needs, need)


def cover(need: Need, completion_id: str, competencies: Iterable[str], on: date, level: int = 1) -> Need:
    """The need after a completion: closed if it shows the competency at the level, or serves the topic."""
    if need.state == "closed" or not serves(need, tuple(competencies), level):
        return need
    return replace(need, state="closed", closed_by=completion_id, closed_on=on)


def serves(need: Need, competencies: Sequence[str], level: int) -> bool:
    """Whether learning these at a level is what is needed."""
    exact = need.competency is None or (need.competency in competencies and level >= need.level)
    return exact and covers(competencies, need.topic)


def demand_of(needs_of_each: Iterable[Sequence[Need]], needs_of_units: Iterable[Sequence[Need]] = ()) -> list[Demand]:
    """What employees and units need together, by the open needs of each of them; most wanted first."""
    needs: Counter[Topic] = Counter()
    employees: Counter[Topic] = Counter()
    units: Counter[Topic] = Counter()
    for own, bearers in ((needs_of_each, employees), (needs_of_units, units)):
        for asked in own:
            topics = [need.topic for need in asked]
            needs.update(topics)
            bearers.update(set(topics))
    ranked = sorted(needs, key=lambda topic: (-needs[topic], topic))
    return [Demand(topic, needs[topic], employees[topic], units[topic]) for topic in ranked]


def _marks(event: ScoreUpdated) -> dict[Component, Decimal]:
    marks = {component: getattr(event, component) for component in TOPIC_OF}
    return {component: mark for component, mark in marks.items() if mark is not None}


def _decimal_comma(mark: Decimal) -> str:
    return f"{mark:.2f}".replace(".", ",")
