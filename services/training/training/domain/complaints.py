"""Complaints that ask for training: enough of one topic in a quarter, about an officer or about a unit.

Every complaint counts once, however well it was answered: what citizens complain of is what has to be learnt. One that
was passed on (``not_ours``) says nothing about who got it. Which unsur of the satisfaction survey calls for which
training is a proposal (reference §1a, 29); facilities, and matters that nobody named, call for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kinara.contracts.feedback import ComplaintOverdue, ComplaintReopened, ComplaintResolved
from kinara.contracts.feedback import Topic as Unsur
from kinara.contracts.regions import day_of, kemendagri_code

from training.domain.competency import Topic
from training.domain.need import Need, ask

Complaint = ComplaintResolved | ComplaintReopened | ComplaintOverdue

ENOUGH = 3
"""Complaints of one topic in a quarter that open a need where nothing else is said."""

QUARTERS = 4
"""How many of the latest quarters are remembered: an answer may take sixty working days."""

LEARNT: Mapping[Unsur, tuple[Topic, str]] = {
    "persyaratan": ("pelayanan", "persyaratan"),
    "prosedur": ("pelayanan", "prosedur"),
    "waktu": ("teknis", "waktu penyelesaian"),
    "biaya": ("pelayanan", "biaya/tarif"),
    "produk": ("teknis", "hasil pelayanan"),
    "kompetensi": ("teknis", "kompetensi pelaksana"),
    "perilaku": ("perilaku", "perilaku pelaksana"),
    "penanganan": ("pelayanan", "penanganan pengaduan"),
}
"""What helps against complaints of an unsur, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The complaints of one unsur in one quarter, by id; no more of them than it takes to open a need."""

    quarter: str
    unsur: str
    complaints: tuple[str, ...]


def count(
    tallies: tuple[Tally, ...], needs: tuple[Need, ...], event: Complaint, enough: int
) -> tuple[tuple[Tally, ...], tuple[Need, ...]]:
    """The tallies and needs after one more fact about a complaint; several about the same one count once."""
    if event.topic is None or event.topic not in LEARNT:
        return tallies, needs
    quarter = _quarter_of(event)
    here = next((t for t in tallies if (t.quarter, t.unsur) == (quarter, event.topic)), None)
    known = here.complaints if here else ()
    if isinstance(event, ComplaintResolved) and event.outcome == "not_ours":
        counted = tuple(id_ for id_ in known if id_ != event.complaint_id)
    elif event.complaint_id in known or len(known) >= enough:
        return tallies, needs
    else:
        counted = (*known, event.complaint_id)
    others = tuple(tally for tally in tallies if tally is not here)
    tallies = _latest((*others, Tally(quarter=quarter, unsur=event.topic, complaints=counted)))
    return tallies, ask(needs, _need(quarter, event.topic, enough)) if len(counted) >= enough else needs


def _need(quarter: str, unsur: Unsur, enough: int) -> Need:
    topic, name = LEARNT[unsur]
    return Need(
        id=f"{quarter}-keluhan-{unsur}",
        component=f"keluhan-{unsur}",
        topic=topic,
        period=quarter,
        reason=f"{enough} pengaduan tentang {name} pada triwulan {quarter}.",
    )


def _quarter_of(event: Complaint) -> str:
    """The quarter in which it was made, on the clocks of its province."""
    day = day_of(event.opened_at, kemendagri_code(event.province))
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _latest(tallies: tuple[Tally, ...]) -> tuple[Tally, ...]:
    kept = sorted({tally.quarter for tally in tallies})[-QUARTERS:]
    return tuple(tally for tally in tallies if tally.quarter in kept and tally.complaints)
