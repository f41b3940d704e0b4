"""What is kept of an employee beside the profile: education, contract, discipline, credit and predikat of before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from kinara.contracts.appraisal import Predikat

from personnel.domain.day import Day
from personnel.domain.jabatan import Jenjang

Education = Literal["SD", "SMP", "SMP kejuruan", "SMA", "D1", "D2", "D3", "D4", "S1", "profesi", "S2", "S3"]
"""The highest diploma that is recognised (pencantuman gelar); profesi: dokter, apoteker and their like."""
Level = Literal["ringan", "sedang", "berat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The contract of a PPPK (perjanjian kerja), from its first day to its last."""

    starts_on: Day
    ends_on: Day
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Why and when a measure was withdrawn."""

    reason: str
    on: Day
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A disciplinary measure (hukuman disiplin) and the days on which it runs."""

    id: str
    level: Level
    decree_number: str
    effective_on: Day
    ends_on: Day
    imposed_by: str
    lifted: Lift | None = None

    def runs_between(self, first: date, last: date) -> bool:
        """Whether it runs on any of these days; one that was lifted never ran."""
        return self.lifted is None and self.effective_on <= last and self.ends_on >= first


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorCredit:
    """Angka kredit from before Kinara, as a PAK states it, with why it was recorded or corrected."""

    jenjang: Jenjang
    golongan: str
    """Level and rank held at the time of the PAK."""
    in_jenjang: Decimal
    """Collected in that level until then."""
    in_rank: Decimal
    """Collected in that rank until then."""
    counted_until: Day
    """The last day that the PAK counts."""
    pak_number: str
    pak_date: Day
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorPredikat:
    """The predikat of a year from before Kinara, with the document that states it and why it was recorded."""

    year: int
    predikat: Predikat
    document_number: str
    document_date: Day
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All of it, as of now; what is not known is None."""

    education: Education | None = None
    education_at_siasn: Education | None = None
    """What SIASN said last, which need not be what BKPSDM has recorded."""
    contract: Contract | None = None
    measures: tuple[Measure, ...] = ()
    """In the order in which they were recorded."""
    prior_credits: tuple[PriorCredit, ...] = ()
    """Each corrects the one before it; the last one holds."""
    prior_predikats: tuple[PriorPredikat, ...] = ()
    """Each corrects those before it of the same year."""

    @property
    def prior_credit(self) -> PriorCredit | None:
        """What holds of the time before Kinara."""
        return self.prior_credits[-1] if self.prior_credits else None

    def prior_predikat(self, year: int) -> PriorPredikat | None:
        """What holds of a year before Kinara."""
        return next((one for one in reversed(self.prior_predikats) if one.year == year), None)

    def is_disciplined(self, first: date, last: date) -> bool:
        """Whether any measure runs on any of these days."""
        return any(measure.runs_between(first, last) for measure in self.measures)

    @property
    def disciplined_until(self) -> date | None:
        """The last day on which any measure runs or ran; None where none was ever imposed and left standing."""
        return max((measure.ends_on for measure in self.measures if measure.lifted is None), default=None)

    def with_siasn_education(self, said: Education | None) -> Dossier:
        """SIASN's word counts where nothing is recorded, or where it says something else than before.

        So what BKPSDM has recorded stands until SIASN knows of another diploma (proposal).
        """
        if said is None:
            return self
        news = self.education is None or self.education_at_siasn not in (None, said)
        return replace(self, education=said if news else self.education, education_at_siasn=said)
