"""360 input: invited peers and subordinates rate the BerAKHLAK values, and nobody learns who said what.

It informs the superior who rates; it enters no score by itself. Source: SE MenPANRB 20/2021 (the values);
PermenPANRB 6/2022 (behaviour is seen by more people than the superior).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from kinara.contracts.appraisal import Period
from pydantic import PlainSerializer

from appraisal.domain.answering import superior_of
from appraisal.domain.behaviour import Nilai
from appraisal.domain.components import ZERO
from appraisal.domain.leniency import government_of
from appraisal.domain.refusals import InvalidPanel, PanelClosed, SelfRating
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import SevenMarks

FEWEST, MOST = 3, 15
"""Of people invited."""
FEWEST_SHOWN = 3
"""k: of fewer answers nothing is shown, or who answered could be told."""
OPEN_FOR = timedelta(days=14)
SETTLES = timedelta(minutes=1)
"""After the last moment to answer an answer may still be on its way to the database: nothing is shown until then."""
_PURPOSE = b"kinara.appraisal.panel\x00"
_SHOWN = Decimal("0.01")

Relation = Literal["peer", "subordinate"]


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may answer."""

    employee_id: str
    relation: Relation


Everybody = Annotated[tuple[Invited, ...], PlainSerializer(lambda all_: [_plain(one) for one in all_])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The people asked about one employee's behaviour in a period, once."""

    id: str
    employee_id: str
    name: str | None
    unit_path: str
    period: Period
    invited: Everybody
    opened_by: str
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether answers are taken."""
        return self.closed_at is None and now < self.closes_at

    def may_be_read(self, now: datetime) -> bool:
        """Whether no answer can come any more."""
        return self.closed_at is not None or now >= self.closes_at + SETTLES

    def closed(self, now: datetime) -> Panel:
        """Closed before its time; what was said until now is what was said."""
        self.refuse_closed(now)
        return replace(self, closed_at=now)

    def refuse_closed(self, now: datetime) -> None:
        """Refuse what comes too late."""
        if not self.is_open(now):
            raise PanelClosed(
                "Panel ini sudah ditutup. Jawaban tidak dapat ditambah atau diubah lagi.",
                detail=f"panel {self.id} is closed since {self.closed_at or self.closes_at}",
                field="panel_id",
            )


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody's marks, under an id that nobody without the service's secret leads back to them; no time, no name."""

    id: str
    panel_id: str
    marks: SevenMarks


@dataclass(frozen=True, slots=True)
class Heard:
    """What a closed panel said."""

    answers: int
    means: Mapping[str, Decimal]
    """By value, 1 to 5, two decimals."""


def open_panel(
    card: Scorecard,
    invited: Sequence[Invited],
    known: Mapping[str, Scorecard],
    *,
    panel_id: str,
    period: Period,
    opened_by: str,
    now: datetime,
) -> Panel:
    """Ask people about an employee; ``known`` are those of the invited who have a card, wherever they serve."""
    _refuse_crowd(card, [one.employee_id for one in invited], opened_by)
    government = government_of(card)
    for one in invited:
        there = known.get(one.employee_id)
        if there is None or government_of(there) != government:
            raise _invalid(
                "Ada undangan yang bukan pegawai pemerintah daerah ini. Periksa daftar undangan.",
                f"{one.employee_id} is no employee of {government}",
            )
    return Panel(
        id=panel_id,
        employee_id=card.employee_id,
        name=card.person.name if card.person else None,
        unit_path=card.unit_path,
        period=period,
        invited=tuple(invited),
        opened_by=opened_by,
        opened_at=now,
        closes_at=now + OPEN_FOR,
    )


def answer(panel: Panel, rater_id: str, marks: Mapping[str, int], secret: bytes, now: datetime) -> Answer:
    """The answer of somebody who was invited; another by the same person has the same id, and takes its place."""
    panel.refuse_closed(now)
    sealed = hmac.digest(secret, _PURPOSE + f"{panel.id}/{rater_id}".encode(), "sha256")
    return Answer(sealed.hex(), panel.id, tuple(marks[value] for value in Nilai))


def heard(answers: Sequence[Answer]) -> Heard | None:
    """The mean of each value; None of fewer than ``FEWEST_SHOWN`` answers."""
    if len(answers) < FEWEST_SHOWN:
        return None
    return Heard(
        len(answers), {value.value: _mean(one.marks[place] for one in answers) for place, value in enumerate(Nilai)}
    )


def _mean(marks: Iterable[int]) -> Decimal:
    given = [Decimal(mark) for mark in marks]
    return (sum(given, ZERO) / len(given)).quantize(_SHOWN, ROUND_HALF_UP)


def _refuse_crowd(card: Scorecard, ids: Sequence[str], opened_by: str) -> None:
    if card.employee_id in (opened_by, *ids):
        raise SelfRating(
            "Perilaku sendiri tidak dapat dinilai sendiri, dan panel tentang diri sendiri tidak dapat dibuka sendiri.",
            detail=f"employee {card.employee_id} is among those who open or answer",
            field="members",
        )
    if len(set(ids)) < len(ids):
        raise _invalid("Satu orang hanya diundang satu kali.", "somebody is invited twice")
    if not FEWEST <= len(ids) <= MOST:
        raise _invalid(
            f"Undang {FEWEST} sampai {MOST} orang, bukan {len(ids)}.", f"{len(ids)} invited, not {FEWEST} to {MOST}"
        )
    if not {opened_by, superior_of(card)}.isdisjoint(ids):
        raise _invalid(
            "Atasan menilai perilaku sendiri, bukan lewat panel. Undang rekan atau bawahan.",
            "the superior, or whoever opens the panel, is invited",
        )


def _invalid(message: str, detail: str) -> InvalidPanel:
    return InvalidPanel(message, detail=detail, field="members")


def _plain(one: Invited) -> dict[str, str]:
    return {"employee_id": one.employee_id, "relation": one.relation}
