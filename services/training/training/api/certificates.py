"""Certificates earned elsewhere: entered by whoever has one, verified by the office or a trainer before they count."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter
from kinara.contracts import Id
from kinara.kit.http import After, Body, Limit, Page, WorkDep
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from training import queries
from training.api.catalogue import Day, Name
from training.api.records import RecordScope
from training.commands import certificates as commands
from training.domain.certificate import MOST_COMPETENCIES, Certificate, Course, State

router = APIRouter(prefix="/v1", tags=["certificates"])

OwnScope = Annotated[Scope, allow(Role.EMPLOYEE)]
VerifierScope = Annotated[Scope, allow(Role.HR, Role.TRAINER)]
QueueScope = Annotated[Scope, allow(Role.HR, Role.TRAINER, Role.OVERSIGHT)]


class CertificateRequest(Body):
    """A certificate as it is printed."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    issuer: Name = Field(description="The institution that issued it.")
    title: Name
    jp: int = Field(description="Hours of 45 minutes.")
    course_kind: Annotated[str, Field(max_length=4, description="SIASN jenisDiklat, e.g. 4 workshop.")]
    competencies: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=MOST_COMPETENCIES)]
    starts_on: Day
    ends_on: Day

    def course(self) -> Course:
        return Course(**self.model_dump())


class VerificationRequest(Body):
    """Number and issuer were looked up, and are right."""

    level: int = Field(default=1, description="What it shows of its competencies, 1 (aware) to 5 (expert).")


class RejectionRequest(Body):
    """Why it does not count."""

    reason: Annotated[str, StringConstraints(max_length=500)]


class CertificateView(BaseModel):
    """A certificate, and what was found about it."""

    id: Id
    employee_id: Id
    unit_path: str
    number: str
    issuer: str
    title: str
    jp: int
    course_kind: str
    competencies: list[str]
    starts_on: date
    ends_on: date
    submitted_on: date
    state: State
    level: int | None
    reason: str | None
    decided_on: date | None

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        return cls.model_validate(certificate, from_attributes=True)


@router.post("/records/{employee_id}/certificates", status_code=201)
async def submit(employee_id: Id, body: CertificateRequest, scope: OwnScope, work: WorkDep) -> CertificateView:
    """Enter a certificate of one's own from a course taken elsewhere; it counts once it is verified."""
    return CertificateView.of(await commands.submit(work, scope, employee_id, body.course()))


@router.get("/records/{employee_id}/certificates")
async def list_own(
    employee_id: Id, scope: RecordScope, work: WorkDep, after: After = None, limit: Limit = 100
) -> Page[CertificateView]:
    """What somebody has entered, in its order."""
    found = await queries.certificates_of(work, scope, employee_id, after, limit)
    return Page(items=[CertificateView.of(c) for c in found], next=found[-1].id if len(found) == limit else None)


@router.get("/certificates")
async def list_waiting(
    scope: QueueScope, work: WorkDep, state: State | None = None, after: After = None, limit: Limit = 100
) -> Page[CertificateView]:
    """What was entered in the office's units, perhaps only what waits for it."""
    found = await queries.list_certificates(work, scope, state, after, limit)
    return Page(items=[CertificateView.of(c) for c in found], next=found[-1].id if len(found) == limit else None)


@router.post("/certificates/{certificate_id}/verification", status_code=201)
async def verify(certificate_id: Id, body: VerificationRequest, scope: VerifierScope, work: WorkDep) -> CertificateView:
    """Count a certificate whose number and issuer were looked up."""
    return CertificateView.of(await commands.verify(work, scope, certificate_id, body.level))


@router.post("/certificates/{certificate_id}/rejection", status_code=201)
async def reject(certificate_id: Id, body: RejectionRequest, scope: VerifierScope, work: WorkDep) -> CertificateView:
    """Let a certificate not count, and say why."""
    return CertificateView.of(await commands.reject(work, scope, certificate_id, body.reason))
