"""From marks to an order: SKD and SKB, thresholds by category, several scorers averaged, ties broken as the rules say.

KepmenPANRB 321/2024 (thresholds of SKD, categories), PermenPANRB 6/2024 jo. 27/2021 (40 % SKD, 60 % SKB; three times
the seats go on to SKB; the order in which ties are broken). All of it is data of a selection: a region's own one
(internal opening, JPT) has criteria with weights and a passing grade instead of SKD.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from personnel.domain.day import Day
from personnel.domain.refusals import InvalidSelection

Category = Literal["umum", "cumlaude", "diaspora", "disabilitas", "papua", "3t"]
"""Umum, or one of the affirmative categories, which have seats of their own."""

MOST_TWK, MOST_TIU, MOST_TKP = 150, 175, 225
SKD_SCALE = Decimal("5.5")
"""SKD has 550 marks; divided by this it is 0-100."""
FEWEST_SCORERS = 2
"""Whose marks are enough once the time for scoring is over (proposal)."""
_SHOWN = Decimal("0.001")
ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Skd:
    """Marks of the Seleksi Kompetensi Dasar, as Panselnas reports them."""

    twk: int
    tiu: int
    tkp: int

    @property
    def total(self) -> int:
        """Out of 550."""
        return self.twk + self.tiu + self.tkp


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The passing grade (nilai ambang batas) of SKD."""

    twk: int = 0
    tiu: int = 0
    tkp: int = 0
    total: int = 0

    def passed_by(self, skd: Skd) -> bool:
        """Whether each part reaches its grade."""
        return skd.twk >= self.twk and skd.tiu >= self.tiu and skd.tkp >= self.tkp and skd.total >= self.total


_TALENTS, _AFFIRMED = Threshold(total=311, tiu=85), Threshold(total=286, tiu=60)
THRESHOLDS: Mapping[Category, Threshold] = {
    "umum": Threshold(twk=65, tiu=80, tkp=166),
    "cumlaude": _TALENTS,
    "diaspora": _TALENTS,
    "disabilitas": _AFFIRMED,
    "papua": _AFFIRMED,
    "3t": _AFFIRMED,
}
"""KepmenPANRB 321/2024; a selection states its own where another decree holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What scorers mark from 0 to 100."""

    code: str
    title: str
    weight: Decimal
    least: Decimal = ZERO
    """Passing grade of this criterion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a selection is decided."""

    criteria: tuple[Criterion, ...]
    """What is scored blind: all of an internal selection, SKB of one for CPNS. Their order breaks ties."""
    passing: Decimal = ZERO
    """Passing grade of the weighted marks."""
    thresholds: Mapping[Category, Threshold] = field(default_factory=dict)
    """Of SKD; a selection without has no SKD."""
    skd_weight: Decimal = Decimal("0.40")
    advance: int = 3
    """So many times the seats go on from SKD to SKB."""

    def refuse_unusable(self) -> None:
        """Weights are shares of one whole, codes are told apart."""
        codes = [one.code for one in self.criteria]
        if not codes or len(set(codes)) < len(codes) or sum((one.weight for one in self.criteria), ZERO) != ONE:
            raise InvalidSelection(
                "Kriteria harus berbeda kodenya dan bobotnya berjumlah 1. Perbaiki kriteria penilaian.",
                field="criteria",
                detail="expected distinct codes and weights that sum to 1",
            )


Marks = Mapping[str, Decimal]
"""By criterion, 0-100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the order is made of: no name, no sex, no unit."""

    code: str
    category: Category
    birth_date: Day
    skd: Skd | None = None
    ipk: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a candidate has come to."""

    code: str
    category: Category
    stage: Literal["skd", "antrean_skb", "nilai_minimal", "peringkat"]
    """What it ended with: below the SKD threshold, beyond three times the seats, below a passing grade, ranked."""
    marks: Mapping[str, Decimal] = field(default_factory=dict)
    final: Decimal | None = None
    rank: int | None = None
    selected: bool = False
    why: str


def advancing(
    rules: Rules, seats: Mapping[Category, int], candidates: Iterable[Candidate]
) -> tuple[set[str], set[str]]:
    """Codes of those who passed SKD, and of those among them who go on: the best, as many as ``advance`` says.

    Whoever has exactly the marks of the last goes on as well. Without SKD everybody goes on.
    """
    known = list(candidates)
    if not rules.thresholds:
        everybody = {one.code for one in known}
        return everybody, everybody
    passed = [one for one in known if one.skd and rules.thresholds[one.category].passed_by(one.skd)]
    on: set[str] = set()
    for category, count in seats.items():
        pool = sorted((_skd_order(one) for one in passed if one.category == category), reverse=True)
        last = pool[: count * rules.advance][-1:]
        on |= {one.code for one in passed if one.category == category and last and _skd_order(one) >= last[0]}
    return {one.code for one in passed}, on


def decide(
    rules: Rules,
    seats: Mapping[Category, int],
    candidates: Sequence[Candidate],
    given: Mapping[str, Sequence[Marks]],
) -> tuple[Place, ...]:
    """The place of everybody, in the order of their codes; ``given`` are the scorers' marks of those who went on."""
    passed, on = advancing(rules, seats, candidates)
    places = {one.code: _early(one, passed) for one in candidates if one.code not in on}
    for category, count in seats.items():
        pool = [
            _marked(rules, one, given[one.code]) for one in candidates if one.code in on and one.category == category
        ]
        ranked = sorted((entry for entry in pool if entry.fails is None), key=_order, reverse=True)
        places |= {entry.who.code: _below(entry) for entry in pool if entry.fails is not None}
        places |= {entry.who.code: _ranked(entry, rank, count) for rank, entry in enumerate(ranked, start=1)}
    return tuple(places[code] for code in sorted(places))


@dataclass(frozen=True, slots=True)
class _Marked:
    who: Candidate
    marks: Mapping[str, Decimal]
    final: Decimal
    fails: str | None


def _marked(rules: Rules, who: Candidate, given: Sequence[Marks]) -> _Marked:
    """The scorers' average by criterion, and the final mark: 40 % SKD and 60 % SKB, or the criteria alone."""
    means = {c.code: _rounded(sum((one[c.code] for one in given), ZERO) / len(given)) for c in rules.criteria}
    scored = sum((c.weight * means[c.code] for c in rules.criteria), ZERO)
    low = next((c for c in rules.criteria if means[c.code] < c.least), None)
    fails = f"{low.title} {means[low.code]} di bawah {low.least}." if low else None
    if fails is None and _rounded(scored) < rules.passing:
        fails = f"Nilai {_rounded(scored)} di bawah nilai minimal {rules.passing}."
    final = scored
    if who.skd is not None and rules.thresholds:
        final = rules.skd_weight * who.skd.total / SKD_SCALE + (ONE - rules.skd_weight) * scored
    return _Marked(who, means, _rounded(final), fails)


def _order(entry: _Marked) -> tuple[Any, ...]:
    """Best last: final, then total SKD, TKP, TIU, TWK (or the criteria in their order), IPK, older age, the code.

    The law's order ends with age; the code, which nobody can choose, is the lot that remains (proposal).
    """
    who = entry.who
    marks = _skd_order(who) if who.skd else tuple(entry.marks.values())
    return (entry.final, marks, who.ipk or ZERO, -who.birth_date.toordinal(), who.code)


def _skd_order(who: Candidate) -> tuple[int, ...]:
    skd = who.skd or Skd(0, 0, 0)
    return (skd.total, skd.tkp, skd.tiu, skd.twk)


def _early(who: Candidate, passed: set[str]) -> Place:
    if who.code in passed:
        why = "Lulus ambang batas SKD, tetapi di luar jumlah peserta SKB (kelipatan formasi)."
        return Place(code=who.code, category=who.category, stage="antrean_skb", why=why)
    return Place(code=who.code, category=who.category, stage="skd", why="Tidak memenuhi nilai ambang batas SKD.")


def _below(entry: _Marked) -> Place:
    return Place(
        code=entry.who.code, category=entry.who.category, stage="nilai_minimal", marks=entry.marks, final=entry.final,
        why=entry.fails or "",
    )  # fmt: skip


def _ranked(entry: _Marked, rank: int, seats: int) -> Place:
    selected = rank <= seats
    why = f"Peringkat {rank} dari {seats} kursi kategori ini: {'terpilih' if selected else 'tidak terpilih'}."
    return Place(
        code=entry.who.code, category=entry.who.category, stage="peringkat", marks=entry.marks, final=entry.final,
        rank=rank, selected=selected, why=why,
    )  # fmt: skip


def _rounded(mark: Decimal) -> Decimal:
    """As shown and compared: three decimals, as Panselnas prints them."""
    return mark.quantize(_SHOWN, ROUND_HALF_UP)
