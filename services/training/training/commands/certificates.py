"""Certificates earned elsewhere: entered by whoever has one, verified or rejected by the office or a trainer."""

from __future__ import annotations

from datetime import date

from kinara.contracts.regions import day_of, kemendagri_code
from kinara.kit.ids import new_id
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.work import NotFound, Transaction, command

from training.commands import completions
from training.commands.enrolments import hours_elsewhere
from training.domain import certificate as certificates
from training.domain.certificate import Certificate, Course
from training.domain.record import Record
from training.domain.refusals import CertificateUsed
from training.store import CERTIFICATES, ENROLMENTS, RECORDS


@command
async def submit(tx: Transaction, scope: Scope, employee_id: str, course: Course) -> Certificate:
    """Enter a certificate of one's own; it counts nowhere yet."""
    learner = await tx.load(RECORDS, employee_id, scope)
    waits = {"employee_id": employee_id, "state": "submitted"}
    waiting = await tx.find(CERTIFICATES, SYSTEM, waits, limit=certificates.MOST_WAITING)
    certificate = certificates.submit(
        new_id(), learner, course, on=_today(tx, learner), by=scope.who, waiting=len(waiting),
        elsewhere=await hours_elsewhere(tx, employee_id),
    )  # fmt: skip
    await _refuse_used(tx, certificate)
    tx.save(CERTIFICATES, certificate)
    tx.save(RECORDS, learner)  # two that are entered at once, or beside a place, meet here
    return certificate


@command
async def verify(tx: Transaction, scope: Scope, certificate_id: str, level: int) -> Certificate:
    """Count a certificate: its number was found with its issuer."""
    certificate, learner = await _certificate(tx, scope, certificate_id)
    others = list(await hours_elsewhere(tx, learner.employee_id))
    if certificate.hours in others:
        others.remove(certificate.hours)
    verified, event = certificates.verify(
        certificate, learner, level=level, by=scope.who, on=_today(tx, learner), completion_id=new_id(),
        elsewhere=others,
    )  # fmt: skip
    tx.save(CERTIFICATES, verified)
    await completions.count(tx, learner, event, verified.competencies, level)
    return verified


@command
async def reject(tx: Transaction, scope: Scope, certificate_id: str, reason: str) -> Certificate:
    """Let a certificate not count, and say why."""
    certificate, learner = await _certificate(tx, scope, certificate_id)
    rejected = certificates.reject(certificate, reason=reason, by=scope.who, on=_today(tx, learner))
    tx.save(CERTIFICATES, rejected)
    return rejected


async def _certificate(tx: Transaction, scope: Scope, certificate_id: str) -> tuple[Certificate, Record]:
    """A certificate of somebody who is inside the scope today."""
    certificate = await tx.load(CERTIFICATES, certificate_id, SYSTEM)
    learners = await tx.by_ids(RECORDS, [certificate.employee_id], scope)
    if not learners:
        raise NotFound(CERTIFICATES.name, certificate_id)
    return certificate, learners[certificate.employee_id]


async def _refuse_used(tx: Transaction, certificate: Certificate) -> None:
    """The same certificate counts once, whoever enters it, and not beside the place in which it was earned."""
    own = {"employee_id": certificate.employee_id, "certificate_number": certificate.number}
    entered = bool(await tx.find(CERTIFICATES, SYSTEM, {"proof": certificate.proof}, limit=1))
    if entered or await tx.find(ENROLMENTS, SYSTEM, own, limit=1):
        raise CertificateUsed(
            f"Sertifikat {certificate.number} dari {certificate.issuer} sudah dicatat. Periksa nomor dan penerbitnya.",
            field="number",
            detail="this issuer and number, or this employee's number, is entered already",
        )


def _today(tx: Transaction, learner: Record) -> date:
    return day_of(tx.now, kemendagri_code(learner.province))
