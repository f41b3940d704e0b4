"""What is published of a month: once, when it is over, for all units of a government together.

A figure that follows every answer gives each answer away to whoever looks before and after it, and one that is reckoned
again after a unit has moved gives the unit away. So the public sees months that are over, as they were published;
quarters and years are the sums of their published months, and are withheld where one of these is.

Of ratings and answers only those with a ticket, an invitation or a verified account are published and counted: whoever
could add voices as they like would bring a unit to ten, and find the tenth by taking away their own. Complaints need no
proof: all are counted, and published where ten people with a ticket or a verified account are among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kinara.contracts import Province
from kinara.contracts.feedback import ReferencePublished

from feedback.domain.answering import UNSUR
from feedback.domain.disclosure import publishable
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally

RATINGS = (1, 2, 3, 4)
OUTCOMES = ("open_in_time", "overdue", "solved_in_time", "solved_late", "closed_without_solution", "not_ours")
Sums = tuple[int, ...]
Cell = tuple[str, Hashable]
"""What was said about one unit itself, and which part of that: a campaign or none, or a rating."""
ALL = "all"
_NO_SUMS: Sums = (0,) * len(UNSUR)
_NO_RATINGS: tuple[int | None, ...] = (None,) * len(RATINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """That a month of a government has been published; a unit without figures in it then had no voices."""

    id: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A month of a unit with everything below it, or of a campaign; None is what is withheld."""

    id: str
    about: str
    """The unit or the campaign."""
    month: str
    province: Province
    unit_path: str
    answers: int | None = 0
    sums: Sums = _NO_SUMS
    voices: int | None = 0
    by_rating: tuple[int | None, ...] = _NO_RATINGS
    """Of the lowest rating first; a rating of fewer than ten voices is never told."""
    complaints: int | None = 0
    by_outcome: Mapping[str, int | None] = field(default_factory=lambda: dict.fromkeys(OUTCOMES))
    """What had become of the complaints of the month when it was published."""

    @property
    def unit_id(self) -> str:
        """The unit, of figures that are a unit's."""
        return self.about


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in a month about each unit itself: answers to surveys, ratings by unit and rating, complaints."""

    tallies: Sequence[Tally]
    ratings: Mapping[Cell, int] = field(default_factory=dict)
    complaints: Mapping[Cell, int] = field(default_factory=dict)
    """By unit and by what had become of them."""
    complainants: Mapping[Cell, int] | None = None
    """Of the complaints those with a ticket or of another verified person: k counts people. None: all are."""


def root_of(unit_path: str) -> str:
    """The government that a unit belongs to: what it is published together with."""
    return "/" + unit_path.split("/")[1]


def figures_id(about: str, month: str) -> str:
    """The id of a unit's or campaign's figures."""
    return f"{about}/{month}"


def compose(month: str, units: Sequence[Subject], heard: Heard) -> list[Figures]:
    """The figures of a month: of each unit about or below which something was said, and of each campaign."""
    answers, sums = _surveyed(heard.tallies)
    surveys, voices = _published(units, answers), _published(units, heard.ratings)
    complaints = _published(units, heard.complaints, heard.complainants)

    def figures(about: str, unit: Subject, cells: list[Cell] | None) -> Figures:
        return Figures(
            id=figures_id(about, month), about=about, month=month, province=unit.province, unit_path=unit.unit_path,
            answers=_count(cells, answers), sums=_columns(sums[cell] for cell in cells or ()),
        )  # fmt: skip

    made = []
    for unit in units:
        whole = unit.id, ALL
        if whole in surveys.keys() | voices.keys() | complaints.keys():
            made.append(
                replace(
                    figures(unit.id, unit, surveys.get(whole, [])),
                    voices=_count(voices.get(whole, []), heard.ratings),
                    by_rating=tuple(_count(voices.get((unit.id, one)), heard.ratings) for one in RATINGS),
                    complaints=_count(complaints.get(whole, []), heard.complaints),
                    by_outcome={one: _count(complaints.get((unit.id, one)), heard.complaints) for one in OUTCOMES},
                )
            )
        own = [cell for cell in answers if cell[0] == unit.id and cell[1] is not None]
        made += [figures(str(cell[1]), unit, surveys.get(cell, [])) for cell in own]
    return made


def citable(figures: Figures, at: datetime) -> ReferencePublished | None:
    """Policies may cite the satisfaction index of a unit's month; None where none is published."""
    if not figures.answers:
        return None
    return ReferencePublished(
        province=figures.province, unit_path=figures.unit_path, unit_id=figures.unit_id,
        reference=f"ikm:{figures.unit_id}:{figures.month}", published_at=at,
    )  # fmt: skip


def total_of(months: Iterable[Figures]) -> tuple[int | None, Sums]:
    """Answers and sums of several months; None where one is withheld."""
    kept = list(months)
    total = _sum([one.answers for one in kept])
    return total, _NO_SUMS if total is None else _columns(one.sums for one in kept)


def voices_of(months: Iterable[Figures]) -> tuple[int | None, tuple[int | None, ...]]:
    """Voices of several months and those of each rating; None where one is withheld."""
    kept = [one for one in months if one.voices != 0]
    return _sum([one.voices for one in kept]), tuple(_part([one.by_rating[no] for one in kept]) for no in range(4))


def complaints_of(months: Iterable[Figures]) -> tuple[int | None, dict[str, int | None]]:
    """Complaints of several months and what had become of them; None where one is withheld."""
    kept = [one for one in months if one.complaints != 0]
    return _sum([one.complaints for one in kept]), {
        name: _part([one.by_outcome[name] for one in kept]) for name in OUTCOMES
    }


def _published(
    units: Sequence[Subject], counts: Mapping[Cell, int], people: Mapping[Cell, int] | None = None
) -> dict[Cell, list[Cell] | None]:
    """Of each unit's subtree and each part of it the cells, None where they are withheld; nothing where there are none.

    Where fewer ``people`` spoke than there are counts, they decide. Cells of nobody who proves something are left out,
    and where there are no others, it is withheld how many they are.

    The whole goes before its parts: units from the top, of one depth the largest first; then what is inside a unit,
    from below, since a part of a large unit would cut through all small ones.
    """
    own: dict[str, list[Cell]] = {}
    people = counts if people is None else people
    for cell in counts:
        if people.get(cell):
            own.setdefault(cell[0], []).append(cell)
    below = _below(units)
    wholes = {unit: [cell for id_ in ids for cell in own.get(id_, ())] for unit, ids in below.items()}
    totals = {unit: sum(counts[cell] for cell in cells) for unit, cells in wholes.items() if cells}
    depths = {unit.id: unit.unit_path.count("/") for unit in units}
    ordered = sorted(totals, key=lambda unit: (depths[unit], -totals[unit], unit))
    figures: dict[Cell, list[Cell]] = {(unit, ALL): wholes[unit] for unit in ordered}
    for unit in reversed(ordered):
        parts: dict[Cell, list[Cell]] = {}
        for cell in (cell for cell in wholes[unit] if cell[1] is not None):
            parts.setdefault((unit, cell[1]), []).append(cell)
        figures |= dict(sorted(parts.items(), key=lambda part: -sum(counts[cell] for cell in part[1])))
    admitted = publishable(people, figures.values())
    heard = {cell[0] for cell, count in counts.items() if count}
    withheld = {(unit, ALL): None for unit, ids in below.items() if not heard.isdisjoint(ids)}
    shown = zip(figures.items(), admitted, strict=True)
    return withheld | {of: cells if open_ else None for (of, cells), open_ in shown}


def _below(units: Sequence[Subject]) -> dict[str, list[str]]:
    """The ids of each unit and of all below it."""
    at: dict[str, list[str]] = {}
    for unit in units:
        at.setdefault(unit.unit_path, []).append(unit.id)
    below: dict[str, list[str]] = {unit.id: [] for unit in units}
    for unit in units:
        steps = unit.unit_path.split("/")
        for end in range(2, len(steps) + 1):
            for above in at.get("/".join(steps[:end]), ()):
                below[above].append(unit.id)
    return below


def _surveyed(tallies: Iterable[Tally]) -> tuple[Counter[Cell], dict[Cell, Sums]]:
    """Answers that prove something, and their sums, by unit and campaign."""
    answers: Counter[Cell] = Counter()
    sums: dict[Cell, Sums] = {}
    for tally in tallies:
        cell = tally.unit_id, tally.campaign_id
        answers[cell] += tally.proven
        sums[cell] = _columns([sums.get(cell, _NO_SUMS), tally.proven_sums])
    return answers, sums


def _count(cells: Sequence[Cell] | None, counts: Mapping[Cell, int]) -> int | None:
    return None if cells is None else sum(counts[cell] for cell in cells)


def _columns(rows: Iterable[Sums]) -> Sums:
    return tuple(sum(column) for column in zip(*rows, strict=True)) or _NO_SUMS


def _sum(values: Sequence[int | None]) -> int | None:
    return None if None in values else sum(value or 0 for value in values)


def _part(values: Sequence[int | None]) -> int | None:
    return _sum(values) if values else None
