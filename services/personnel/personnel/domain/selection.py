"""A selection on merit: an opening, the time for applications, blind scoring, one signed result.

UU 20/2023 ps. 27, 29 and 30 (sistem merit), PermenPANRB 6/2024. What may be chosen is data of the
opening; the order of the steps is not. Scorers know codes; names come back with the result, which is decided once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from kinara.contracts import Province
from kinara.contracts.personnel import CandidateSelected

from personnel.domain.day import Day
from personnel.domain.employee import Employee
from personnel.domain.refusals import (
    AlreadyDecided,
    ConflictOfInterest,
    InvalidSelection,
    MarksMissing,
    NotReadyToScore,
    ScoringClosed,
)
from personnel.domain.requirements import Requirements
from personnel.domain.scoring import FEWEST_SCORERS, Category, Marks, Place, Rules, advancing, decide
from personnel.domain.signing import Signature, digest_of

if TYPE_CHECKING:
    from personnel.domain.application import Application

MOST_APPLICATIONS, MOST_SCORERS, MOST_SEATS = 2_000, 9, 200

Form = Literal["internal", "cpns"]
State = Literal["open", "scoring", "decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for scoring, or more scorers, and why."""

    until: Day
    scorers: tuple[str, ...]
    why: str
    by: str
    on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A post that is filled on merit."""

    id: str
    form: Form
    province: Province
    unit_id: str
    unit_path: str
    jabatan: str
    seats: Mapping[Category, int]
    requirements: Requirements
    rules: Rules
    opens_on: Day
    closes_on: Day
    scoring_until: Day
    opened_by: str
    state: State = "open"
    applications: int = 0
    scorers: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()
    counting: tuple[str, ...] = ()
    """The scorers whose marks made the result."""
    signature: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A scorer's marks of the candidate behind a code; the last before the close counts."""

    id: str
    selection_id: str
    code: str
    scorer_id: str
    marks: Marks
    given_at: datetime


def refuse_unusable(selection: Selection) -> None:
    """Dates follow one another, there are seats, marks can be weighed."""
    if not selection.opens_on <= selection.closes_on < selection.scoring_until:
        raise InvalidSelection(
            "Pendaftaran dibuka, ditutup, lalu dinilai: periksa urutan ketiga tanggalnya.",
            field="closes_on",
            detail="expected opens_on <= closes_on < scoring_until",
        )
    if not 1 <= sum(selection.seats.values()) <= MOST_SEATS:
        raise InvalidSelection(
            f"Jumlah kursi harus 1 sampai {MOST_SEATS}.", field="seats", detail="no seats, or too many"
        )
    if (selection.form == "cpns") != bool(selection.rules.thresholds) or (
        selection.rules.thresholds and not set(selection.seats) <= set(selection.rules.thresholds)
    ):
        raise InvalidSelection(
            "Seleksi CPNS memerlukan nilai ambang batas SKD untuk setiap kategori; seleksi internal tidak memakainya.",
            field="thresholds",
            detail="expected thresholds of every category with seats for cpns, and none for internal",
        )
    selection.rules.refuse_unusable()


def refuse_outsiders(selection: Selection) -> None:
    """An internal selection is for employees."""
    if selection.form != "cpns":
        raise InvalidSelection(
            "Seleksi internal hanya untuk pegawai, yang melamar sendiri.", field="selection_id", detail="internal"
        )


def begin_scoring(
    selection: Selection, applications: Sequence[Application], scorers: Mapping[str, Employee], asked: Sequence[str],
    today: date,
) -> Selection:  # fmt: skip
    """Applications are closed, scorers may begin; ``scorers`` are those of the asked who serve in the government."""
    refuse_decided(selection)
    if selection.state != "open" or today <= selection.closes_on:
        raise NotReadyToScore(
            f"Penilaian dimulai satu kali, setelah pendaftaran ditutup ({selection.closes_on:%d-%m-%Y}).",
            field="selection_id",
            detail="applications are still taken, or scoring has begun",
        )
    unchecked = sum(one.check is None and not one.withdrawn for one in applications)
    without_skd = sum(one.passed and one.skd is None for one in applications) if selection.rules.thresholds else 0
    if unchecked or without_skd or not any(one.passed for one in applications):
        raise NotReadyToScore(
            f"Belum dapat dinilai: {unchecked} lamaran belum diperiksa, {without_skd} tanpa nilai SKD; "
            "paling sedikit satu pelamar harus lulus administrasi.",
            field="selection_id",
            detail="every application is checked, and has its SKD, before scoring",
        )
    if today >= selection.scoring_until:
        raise NotReadyToScore(
            f"Penilaian berakhir pada {selection.scoring_until:%d-%m-%Y}. Perpanjang dahulu, lalu mulai.",
            field="selection_id",
            detail="no time is left to score",
        )
    refuse_scorers(applications, scorers, asked)
    return replace(selection, state="scoring", scorers=tuple(asked))


def refuse_scorers(
    applications: Sequence[Application], scorers: Mapping[str, Employee], asked: Sequence[str],
    already: Sequence[str] = (),
) -> None:  # fmt: skip
    """Several different employees of the government, with those who score ``already``; no candidate is among them."""
    everybody = [*already, *asked]
    if not FEWEST_SCORERS <= len(set(everybody)) == len(everybody) <= MOST_SCORERS:
        raise InvalidSelection(
            f"Tunjuk {FEWEST_SCORERS} sampai {MOST_SCORERS} penilai yang berbeda.",
            field="scorers",
            detail="too few, many",
        )
    if set(asked) != set(scorers):
        raise InvalidSelection(
            "Ada penilai yang bukan pegawai aktif pemerintah daerah ini.", field="scorers", detail="unknown scorer"
        )
    if any(one.employee_id in scorers for one in applications):
        raise ConflictOfInterest(
            "Pelamar tidak dapat menjadi penilai pada seleksi yang sama.", field="scorers", detail="an applicant scores"
        )


def refuse_untimely_marks(selection: Selection, today: date) -> None:
    """Marks are given from the beginning of scoring to its last day, and not after the result."""
    if selection.state != "scoring" or today > selection.scoring_until:
        raise ScoringClosed(
            f"Penilaian tidak sedang dibuka (sampai {selection.scoring_until:%d-%m-%Y}).",
            field="selection_id",
            detail=f"the selection is {selection.state}",
        )


def sheet_id(selection_id: str, code: str, scorer_id: str) -> str:
    """One sheet a candidate and scorer."""
    return f"{selection_id}/{code}/{scorer_id}"


def sheet(
    selection: Selection, codes: Collection[str], code: str, scorer_id: str, marks: Marks, now: datetime
) -> Sheet:
    """A scorer's marks of every criterion, for somebody who is to be scored."""
    expected = [one.code for one in selection.rules.criteria]
    if code not in codes or set(marks) != set(expected):
        raise InvalidSelection(
            f"Isi nilai setiap kriteria ({', '.join(expected)}) untuk kode peserta yang ada dalam daftar.",
            field="marks",
            detail="marks of other criteria, or of a code that is not to be scored",
        )
    id_ = sheet_id(selection.id, code, scorer_id)
    return Sheet(id=id_, selection_id=selection.id, code=code, scorer_id=scorer_id, marks=dict(marks), given_at=now)


def codes_to_score(selection: Selection, coded: Mapping[str, Application]) -> list[str]:
    """The codes that scorers mark, in the order of the codes, which says nothing about the candidates."""
    candidates = [one.candidate(code) for code, one in coded.items() if one.passed]
    return sorted(advancing(selection.rules, selection.seats, candidates)[1])


def counting_scorers(
    selection: Selection, codes: Collection[str], sheets: Sequence[Sheet], today: date
) -> tuple[str, ...]:
    """Whose marks count: scorers who have marked everybody, since some mark more mildly than others.

    While there is time, all of them have to; after that two are enough.
    """
    done = {who: {sheet.code for sheet in sheets if sheet.scorer_id == who} for who in selection.scorers}
    complete = tuple(who for who in selection.scorers if done[who] >= set(codes))
    needed = FEWEST_SCORERS if today > selection.scoring_until else len(selection.scorers)
    if len(complete) < needed:
        raise MarksMissing(
            f"Baru {len(complete)} dari {len(selection.scorers)} penilai menilai semua peserta; diperlukan {needed}.",
            field="selection_id",
            detail="a result needs scorers who have marked everybody",
        )
    return complete


def sheets_that_count(scorers: Collection[str], codes: Collection[str], sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Their marks of those who are ranked, in a fixed order."""
    return tuple(sorted((s for s in sheets if s.scorer_id in scorers and s.code in codes), key=lambda s: s.id))


def outcome(selection: Selection, coded: Mapping[str, Application], sheets: Sequence[Sheet]) -> tuple[Place, ...]:
    """The places that follow from the marks; the same whenever they are asked for."""
    candidates = [coded[code].candidate(code) for code in sorted(coded) if coded[code].passed]
    given: dict[str, list[Mapping[str, Decimal]]] = {}
    for sheet in sheets:
        given.setdefault(sheet.code, []).append(sheet.marks)
    return decide(selection.rules, selection.seats, candidates, given)


def result_digest(
    selection: Selection,
    applications: Sequence[Application],
    counting: Sequence[str],
    sheets: Sequence[Sheet],
    places: Sequence[Place],
) -> str:
    """What is signed: the opening, every application with its check, every mark that counted, every place."""
    opening = ("id", "form", "unit_id", "jabatan", "seats", "requirements", "rules", "scorers")
    filed = ("id", "category", "check", "skd", "ipk", "withdrawn")
    facts: dict[str, Any] = {
        "selection": {name: getattr(selection, name) for name in opening},
        "applications": [
            {name: getattr(one, name) for name in filed} | {"birth_date": one.person.birth_date}
            for one in sorted(applications, key=lambda one: one.id)
        ],
        "counting": list(counting),
        "marks": [{"code": s.code, "scorer": s.scorer_id, "marks": s.marks} for s in sheets],
        "places": list(places),
    } | ({"extensions": list(selection.extensions)} if selection.extensions else {})
    return digest_of(facts)


def conclude(selection: Selection, counting: tuple[str, ...], signature: Signature) -> Selection:
    """The result holds, once."""
    return replace(selection, state="decided", counting=counting, signature=signature)


def refuse_unless_scored(selection: Selection) -> None:
    """A result follows scoring, once."""
    refuse_decided(selection)
    if selection.state != "scoring":
        raise MarksMissing("Penilaian belum dimulai.", field="selection_id", detail="nobody has begun to score")


def announced(selection: Selection, employee: Employee, place: Place, on: date) -> CandidateSelected:
    """The fact about an employee who was selected."""
    return CandidateSelected(
        province=employee.province,
        unit_path=employee.unit_path,
        employee_id=employee.id,
        selection_id=selection.id,
        jabatan=selection.jabatan,
        unit_id=selection.unit_id,
        rank=place.rank or 1,
        decided_on=on,
    )


def refuse_decided(selection: Selection) -> None:
    """A result stands."""
    if selection.state == "decided":
        raise AlreadyDecided(
            "Hasil seleksi ini sudah ditetapkan dan ditandatangani.", field="selection_id", detail="decided already"
        )
