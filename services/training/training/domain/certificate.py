"""A certificate earned elsewhere: entered by whoever has it, and counted once somebody else has verified it.

Guards against certificate farming (reference §5.5): number and issuer are looked up by the office or a trainer before
hours count, no certificate proves two things, and no day holds more than eight hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.training import TrainingCompleted

from training.domain import competency as codes
from training.domain.programme import EXPERT, MOST_JP, refuse_unknown_kind
from training.domain.record import Record
from training.domain.refusals import (
    CertificateDecided,
    DaysTaken,
    InvalidCertificate,
    LearnerInactive,
    OwnCertificate,
    TooManyCertificates,
)
from training.domain.session import FIRST_YEAR, JP_A_DAY, Hours, fit_together

State = Literal["submitted", "verified", "rejected"]

MOST_WAITING = 20
"""Certificates of one employee that can wait for verification."""

MOST_COMPETENCIES = 20
LONGEST = timedelta(days=366)
_SHORTEST_REASON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a certificate says."""

    number: str
    issuer: str
    title: str
    jp: int
    course_kind: str
    """SIASN ``jenisDiklat``."""
    competencies: Sequence[str]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate as it was entered, and what was found about it."""

    id: str
    employee_id: str
    province: Province
    unit_path: str
    number: str
    issuer: str
    title: str
    jp: int
    course_kind: str
    competencies: tuple[str, ...]
    starts_on: date
    ends_on: date
    submitted_on: date
    submitted_by: str
    """Who entered it: an employee by their id, else the account; not to be who verifies it."""
    proof: str | None
    """Issuer and number in one form of writing; None once it is rejected, so that its owner can enter it."""
    state: State = "submitted"
    decided_by: str | None = None
    decided_on: date | None = None
    level: int | None = None
    """What it shows of its competencies, as found by who verified it."""
    reason: str | None = None
    """Why it was rejected."""

    @property
    def hours(self) -> Hours:
        """What it says was learnt, and on which days that may have been."""
        days = (self.ends_on - self.starts_on).days + 1
        return self.jp, tuple(self.starts_on + timedelta(days=n) for n in range(days))


def proof_of(issuer: str, number: str) -> str:
    """Issuer and number without differences of writing."""
    return "|".join("".join(text.split()).casefold() for text in (issuer, number))


def submit(
    certificate_id: str,
    learner: Record,
    course: Course,
    *,
    on: date,
    by: str,
    elsewhere: Iterable[Hours],
    waiting: int,
) -> Certificate:
    """A certificate that waits for verification; ``elsewhere`` are the employee's other hours, as in ``enrol``."""
    _refuse_entry(learner, waiting)
    _refuse_unfit(course, on)
    certificate = Certificate(
        id=certificate_id,
        employee_id=learner.employee_id,
        province=learner.province,
        unit_path=learner.unit_path,
        number=course.number,
        issuer=course.issuer,
        title=course.title,
        jp=course.jp,
        course_kind=course.course_kind,
        competencies=codes.checked(course.competencies),
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        submitted_on=on,
        submitted_by=by,
        proof=proof_of(course.issuer, course.number),
    )
    _refuse_taken_days(certificate, elsewhere)
    return certificate


def verify(
    certificate: Certificate,
    learner: Record,
    *,
    level: int,
    by: str,
    on: date,
    completion_id: str,
    elsewhere: Iterable[Hours],
) -> tuple[Certificate, TrainingCompleted]:
    """Number and issuer were looked up and are right: from now on the hours count, on the course's last day."""
    _refuse_decided(certificate)
    _refuse_own(certificate, by)
    if not 1 <= level <= EXPERT:
        raise InvalidCertificate(
            f"Tingkat kompetensi harus 1 (sadar) sampai {EXPERT} (ahli). Periksa tingkatnya.",
            field="level",
            detail=f"expected 1 to {EXPERT}, got {level}",
        )
    _refuse_taken_days(certificate, elsewhere)
    event = TrainingCompleted(
        province=learner.province,
        unit_path=learner.unit_path,
        employee_id=certificate.employee_id,
        completion_id=completion_id,
        enrolment_id=certificate.id,
        programme_id=certificate.id,
        title=certificate.title,
        partner=certificate.issuer,
        jp=certificate.jp,
        course_kind=certificate.course_kind,
        certificate_number=certificate.number,
        completed_on=certificate.ends_on,
    )
    return replace(certificate, state="verified", decided_by=by, decided_on=on, level=level), event


def reject(certificate: Certificate, *, reason: str, by: str, on: date) -> Certificate:
    """The certificate does not count, and why; whose it really is can enter it."""
    _refuse_decided(certificate)
    _refuse_own(certificate, by)
    if len(reason) < _SHORTEST_REASON:
        raise InvalidCertificate(
            "Alasan penolakan harus diisi. Jelaskan apa yang tidak sesuai.",
            field="reason",
            detail=f"expected at least {_SHORTEST_REASON} characters",
        )
    return replace(certificate, state="rejected", proof=None, decided_by=by, decided_on=on, reason=reason)


def follow(certificate: Certificate, learner: Record) -> Certificate:
    """What waits for verification waits for the office of today."""
    return replace(certificate, province=learner.province, unit_path=learner.unit_path)


def _refuse_entry(learner: Record, waiting: int) -> None:
    if not learner.active:
        raise LearnerInactive(
            "Pegawai ini tidak bertugas lagi. Sertifikat hanya dicatat untuk pegawai yang masih bertugas.",
            field="employee_id",
            detail="the employee is not in service",
        )
    if waiting >= MOST_WAITING:
        raise TooManyCertificates(
            f"Sudah {waiting} sertifikat menunggu verifikasi. Tunggu sampai sebagian diputuskan.",
            field="number",
            detail=f"at most {MOST_WAITING} can wait for verification",
        )


def _refuse_unfit(course: Course, on: date) -> None:
    for field in ("number", "issuer", "title"):
        if not getattr(course, field).strip():
            raise InvalidCertificate(
                "Nomor, penerbit, dan judul harus diisi. Salin dari sertifikat.",
                field=field,
                detail="expected some text",
            )
    refuse_unknown_kind(course.course_kind)
    if not date(FIRST_YEAR, 1, 1) <= course.starts_on <= course.ends_on <= on or _length(course) > LONGEST:
        raise InvalidCertificate(
            f"Pelatihan harus dimulai paling awal tahun {FIRST_YEAR}, sudah selesai, dan paling lama setahun. "
            "Periksa tanggalnya.",
            field="ends_on",
            detail=f"expected {FIRST_YEAR} <= starts_on <= ends_on <= {on}, at most {LONGEST.days} days",
        )
    if not 1 <= course.jp <= MOST_JP:
        raise InvalidCertificate(
            f"Jumlah JP harus 1 sampai {MOST_JP}. Periksa jumlah jam pelajarannya.",
            field="jp",
            detail=f"expected 1 to {MOST_JP}, got {course.jp}",
        )


def _length(course: Course) -> timedelta:
    return course.ends_on - course.starts_on + timedelta(days=1)


def _refuse_taken_days(certificate: Certificate, elsewhere: Iterable[Hours]) -> None:
    if not fit_together([*elsewhere, certificate.hours]):
        raise DaysTaken(
            f"Bersama pelatihan lain di hari yang sama, {certificate.jp} JP melebihi {JP_A_DAY} JP sehari. "
            "Periksa tanggal dan jumlah jam pelajarannya.",
            field="jp",
            detail=f"with the employee's other hours, {certificate.jp} JP exceed {JP_A_DAY} JP a day",
        )


def _refuse_decided(certificate: Certificate) -> None:
    if certificate.state != "submitted":
        raise CertificateDecided(
            "Sertifikat ini sudah diputuskan. Tidak ada lagi yang perlu dilakukan.",
            field="certificate_id",
            detail=f"the certificate is {certificate.state}",
        )


def _refuse_own(certificate: Certificate, by: str) -> None:
    if by in (certificate.submitted_by, certificate.employee_id):
        raise OwnCertificate(
            "Sertifikat sendiri tidak dapat diverifikasi sendiri. Mintalah petugas lain.",
            field="certificate_id",
            detail="whoever entered a certificate does not decide on it",
        )
