"""Indeks Profesionalitas ASN: qualification 25, competence 40, performance 30 and discipline 5 make 100.

Sources: PermenPANRB 38/2018; PerBKN 8/2019 ps. 8 for the kinds of training. The other marks are those that a regional
government's published software takes from PerBKN 8/2019, all of which was not read; which mark a predikat of today has
(they are of the former bands) is a proposal. BKN's own measurements since 2023 seem to weigh education
against the post (a city's PPPK averaged 24.82 of 25), which these marks cannot; BKN's figure is the official one.
What is not known is named, and the index is then a range and no guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeVar

from kinara.contracts.appraisal import Predikat
from kinara.contracts.personnel import JabatanKind

from appraisal.domain.components import YEARLY_HOURS, ZERO, shown

Education = Literal["S3", "S2", "S1", "D4", "D3", "D2", "D1", "SMA", "SMP", "SD"]
Discipline = Literal["tidak pernah", "ringan", "sedang", "berat"]
"""The gravest hukuman disiplin that counts, if any."""
_Key = TypeVar("_Key")
Fact = Literal["education", "post_training", "technical_hours", "seminar", "predikat", "discipline"]


class Category(Enum):
    """How professional, by the index as a whole number, half-up: that closes the gaps between the intervals."""

    SANGAT_TINGGI = "Sangat Tinggi"
    TINGGI = "Tinggi"
    SEDANG = "Sedang"
    RENDAH = "Rendah"
    SANGAT_RENDAH = "Sangat Rendah"


LOWEST: Mapping[Category, int] = dict(zip(Category, (91, 81, 71, 61, 0), strict=True))
"""The lowest whole index of each category, from the highest category down."""
EDUCATION: Mapping[Education, Decimal] = {
    "S3": Decimal(25), "S2": Decimal(20), "S1": Decimal(15), "D4": Decimal(15), "D3": Decimal(10),
    "D2": Decimal(5), "D1": Decimal(5), "SMA": Decimal(5), "SMP": Decimal(1), "SD": Decimal(1),
}  # fmt: skip
PERFORMANCE: Mapping[Predikat, Decimal] = {
    Predikat.SANGAT_BAIK: Decimal(30),
    Predikat.BAIK: Decimal(25),
    Predikat.BUTUH_PERBAIKAN: Decimal(15),
    Predikat.KURANG: Decimal(5),
    Predikat.SANGAT_KURANG: Decimal(1),
}
DISCIPLINE: Mapping[Discipline, Decimal] = {
    "tidak pernah": Decimal(5), "ringan": Decimal(3), "sedang": Decimal(2), "berat": Decimal(1),
}  # fmt: skip
POST_TRAINING = Decimal(15)
TECHNICAL: Mapping[JabatanKind, Decimal] = {
    "manajerial": Decimal(15), "fungsional": Decimal(15), "pelaksana": Decimal("22.5"),
}  # fmt: skip
SEMINAR: Mapping[JabatanKind, Decimal] = {
    "manajerial": Decimal(10), "fungsional": Decimal(10), "pelaksana": Decimal("17.5"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of somebody; None is not known, which is not the same as no."""

    jabatan_kind: JabatanKind
    education: Education | None = None
    post_training: bool | None = None
    """Leadership training of a managerial post, functional training of a functional one; not asked of a pelaksana."""
    technical_hours: Decimal | None = None
    """JP of technical training in the year; 20 earn the whole mark, fewer none."""
    seminar: bool | None = None
    """In the year or the one before."""
    predikat: Predikat | None = None
    """Of the year."""
    discipline: Discipline | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A mark between two bounds; a mark that is known has both alike."""

    lowest: Decimal
    highest: Decimal

    def __add__(self, other: Span) -> Span:
        return Span(self.lowest + other.lowest, self.highest + other.highest)


@dataclass(frozen=True, slots=True)
class Professionalism:
    """The index by its four dimensions, and what was not known of them."""

    qualification: Span
    competence: Span
    performance: Span
    discipline: Span
    missing: tuple[Fact, ...] = ()

    @property
    def index(self) -> Span:
        """The index, 0-100, two decimals: lowest and highest that what is known allows."""
        total = self.qualification + self.competence + self.performance + self.discipline
        return Span(shown(total.lowest), shown(total.highest))

    @property
    def category(self) -> Category | None:
        """The category; None while the range touches more than one."""
        low, high = category_of(self.index.lowest), category_of(self.index.highest)
        return low if low is high else None


def category_of(index: Decimal) -> Category:
    """The category of an index as it is shown."""
    whole = shown(index).quantize(Decimal(1), "ROUND_HALF_UP")
    return next(category for category, lowest in LOWEST.items() if whole >= lowest)


def graver(one: Discipline, other: Discipline) -> Discipline:
    """The graver of two: the one with the lower mark."""
    return min(one, other, key=DISCIPLINE.__getitem__)


def professionalism(known: Record) -> Professionalism:
    """The index of what is known of somebody."""
    kind, hours = known.jabatan_kind, known.technical_hours
    post = ZERO if kind == "pelaksana" else POST_TRAINING
    asked: list[Fact] = ["education", "post_training", "technical_hours", "seminar", "predikat", "discipline"]
    return Professionalism(
        _marked(EDUCATION, known.education),
        _earned(post, known.post_training)
        + _earned(TECHNICAL[kind], None if hours is None else hours >= YEARLY_HOURS)
        + _earned(SEMINAR[kind], known.seminar),
        _marked(PERFORMANCE, known.predikat),
        _marked(DISCIPLINE, known.discipline),
        tuple(fact for fact in asked if getattr(known, fact) is None and (post or fact != "post_training")),
    )


def _earned(mark: Decimal, done: bool | None) -> Span:
    return Span(mark if done else ZERO, ZERO if done is False else mark)


def _marked(marks: Mapping[_Key, Decimal], key: _Key | None) -> Span:
    return Span(min(marks.values()), max(marks.values())) if key is None else Span(marks[key], marks[key])
