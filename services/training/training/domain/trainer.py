"""Who teaches: people of a government and of its partners, the days that they give, and how much that comes to.

A session has days and no hours, so a day of teaching is given whole: who teaches on a day is nowhere else on it,
neither teaching nor learning. How much anybody may teach is a proposal (a day a week beside the post, ten months a
year): no text that was read sets a limit, so a load beyond it is shown, and refused nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kinara.contracts import Province

from training.domain.partner import Institution
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.refusals import (
    InvalidTrainer,
    LearnerInactive,
    SessionNotOpen,
    TrainerElsewhere,
    TrainerRetired,
    TrainerTaken,
)
from training.domain.session import JP_A_DAY, Hours, Session, fit_together
from training.domain.unit import same_government

MOST_TRAINERS = 20
"""Of one session."""
_MONTHS = 12
_LONGEST_NAME = 200
_CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many JP somebody is to teach at most."""

    a_month: int
    a_year: int
    source: str
    verified: bool
    """Whether the source was read; what is not verified is shown, and enforced nowhere."""


LIMIT = Limit(a_month=40, a_year=400, source="(proposal)", verified=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """Somebody who can teach: an employee, under the employee's id, or a partner's."""

    id: str
    name: str
    province: Province
    unit_path: str
    """Of the employee, or of the unit in whose registry the partner is."""
    partner_id: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """The days that a trainer gives to a session."""

    id: str
    session_id: str
    trainer_id: str
    days: tuple[date, ...]
    first_day: date
    last_day: date
    jp: int
    """Of the whole session, in ..."""
    meetings: int
    """... so many days."""
    ended: bool = False
    """Taken off it, or it was called off."""

    @property
    def hours(self) -> Hours:
        """Every day of it, whole."""
        return JP_A_DAY * len(self.days), self.days

    def taught(self, year: int, month: int | None = None) -> Decimal:
        """JP on its days in a year, or in a month of it."""
        days = sum(day.year == year and month in (None, day.month) for day in self.days)
        return Decimal(self.jp * days) / self.meetings


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What somebody teaches in a year, in JP: altogether, and from January to December."""

    year: int
    jp: Decimal
    months: tuple[Decimal, ...]

    @property
    def over(self) -> bool:
        """Whether it is more than the year's limit, or that of any month."""
        return self.jp > LIMIT.a_year or max(self.months) > LIMIT.a_month


def teaching_id(session_id: str, trainer_id: str) -> str:
    """One for each trainer of a session."""
    return f"{session_id}/{trainer_id}"


def of_government(learner: Record) -> Trainer:
    """An employee in service who can teach, perhaps again."""
    _refuse_inactive(learner)
    return Trainer(id=learner.employee_id, name=learner.name, province=learner.province, unit_path=learner.unit_path)


def of_partner(trainer_id: str, institution: Institution, name: str) -> Trainer:
    """Somebody who teaches for a partner."""
    written = " ".join(name.split())
    if not 0 < len(written) <= _LONGEST_NAME:
        raise InvalidTrainer(
            f"Nama pengajar harus diisi, paling panjang {_LONGEST_NAME} huruf. Periksa isinya.",
            field="name",
            detail=f"expected 1 to {_LONGEST_NAME} characters, got {len(written)}",
        )
    return Trainer(
        id=trainer_id, name=written, province=institution.province, unit_path=institution.unit_path,
        partner_id=institution.id,
    )  # fmt: skip


def retire(trainer: Trainer) -> Trainer:
    """They teach nothing new; what they were appointed to stays."""
    return replace(trainer, active=False)


def follow(trainer: Trainer, learner: Record) -> Trainer:
    """The trainer is where the employee is, under today's name; who has left teaches no more."""
    return replace(
        trainer, name=learner.name, province=learner.province, unit_path=learner.unit_path,
        active=trainer.active and learner.active,
    )  # fmt: skip


def appoint(
    session: Session, programme: Programme, trainer: Trainer, days: Sequence[date] | None, elsewhere: Iterable[Hours]
) -> Teaching:
    """Somebody teaches a session on these of its days, or on all; ``elsewhere`` are their other days."""
    _refuse_unfit(session, programme, trainer)
    chosen = session.meets_on if days is None else tuple(sorted(set(days)))
    if not chosen or not set(chosen) <= set(session.meets_on):
        raise InvalidTrainer(
            "Hari mengajar harus hari pelaksanaan sesi. Periksa harinya.",
            field="days",
            detail="expected at least one day, all of them days on which the session meets",
        )
    teaching = Teaching(
        id=teaching_id(session.id, trainer.id), session_id=session.id, trainer_id=trainer.id, days=chosen,
        first_day=chosen[0], last_day=chosen[-1], jp=programme.jp, meetings=len(session.meets_on),
    )  # fmt: skip
    if not fit_together([*elsewhere, teaching.hours]):
        raise TrainerTaken(
            f"{trainer.name} sudah mengajar atau belajar di tempat lain pada salah satu hari itu. "
            "Pilih hari lain, atau pengajar lain.",
            field="trainer_id",
            detail="a day of teaching is given whole, and one of these is taken",
        )
    return teaching


def end(teaching: Teaching) -> Teaching:
    """They do not teach this session after all."""
    return replace(teaching, ended=True)


def load_of(teachings: Iterable[Teaching], year: int) -> Load:
    """What these come to in a calendar year."""
    given = list(teachings)
    months = (sum((one.taught(year, month) for one in given), Decimal(0)) for month in range(1, _MONTHS + 1))
    whole = sum((one.taught(year) for one in given), Decimal(0))
    return Load(year=year, jp=whole.quantize(_CENTS), months=tuple(jp.quantize(_CENTS) for jp in months))


def refuse_named_twice(trainer_ids: Sequence[str]) -> None:
    """Refuse who names somebody twice for one session, or too many."""
    if len(set(trainer_ids)) < len(trainer_ids) or len(trainer_ids) > MOST_TRAINERS:
        raise InvalidTrainer(
            f"Sebut paling banyak {MOST_TRAINERS} pengajar, masing-masing satu kali. Periksa daftarnya.",
            field="trainers",
            detail=f"expected at most {MOST_TRAINERS} trainers, each once",
        )


def _refuse_inactive(learner: Record) -> None:
    if not learner.active:
        raise LearnerInactive(
            "Pegawai ini tidak bertugas lagi. Pilih pegawai yang masih bertugas.",
            field="employee_id",
            detail="the employee is not in service",
        )


def _refuse_unfit(session: Session, programme: Programme, trainer: Trainer) -> None:
    if session.state not in ("planned", "open"):
        raise SessionNotOpen(
            "Pengajar ditetapkan sebelum sesi dinyatakan terlaksana atau batal. Pilih sesi lain.",
            field="session_id",
            detail=f"expected a session that is planned or open, this one is {session.state}",
        )
    if not trainer.active:
        raise TrainerRetired(
            f"{trainer.name} tidak mengajar lagi. Pilih pengajar lain.",
            field="trainer_id",
            detail="the trainer is retired, or has left",
        )
    of_another = trainer.partner_id is not None and trainer.partner_id != programme.partner_id
    if of_another or not same_government(session.unit_path, trainer.unit_path):
        raise TrainerElsewhere(
            f"{trainer.name} bukan pengajar pemerintah daerah ini atau mitra program ini. Pilih pengajar lain.",
            field="trainer_id",
            detail="expected somebody of the host's government, or of the partner whose programme it is",
        )
