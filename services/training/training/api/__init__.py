"""HTTP in: the catalogue, places, records, money, partners and plans; which refusal is answered with which status."""

from __future__ import annotations

from fastapi import APIRouter
from kinara.kit.problems import Refusals

from training.api import (
    catalogue,
    certificates,
    effects,
    enrolments,
    funding,
    mentoring,
    needs,
    partners,
    plans,
    records,
    trainers,
)
from training.domain import refusals

STATUS: Refusals = {
    refusals.Refusal: 422,
    refusals.LearnerUnknown: 404,
    refusals.ProgrammeRetired: 409,
    refusals.SessionNotOpen: 409,
    refusals.SessionStarted: 409,
    refusals.SessionNotOver: 409,
    refusals.SessionCancelled: 409,
    refusals.AlreadyEnrolled: 409,
    refusals.DaysTaken: 409,
    refusals.NotSeated: 409,
    refusals.EnrolmentClosed: 409,
    refusals.CertificateUsed: 409,
    refusals.AlreadyCompleted: 409,
    refusals.NoEntitlement: 409,
    refusals.CertificateDecided: 409,
    refusals.TooManyCertificates: 409,
    refusals.OwnCertificate: 403,
    refusals.MentorFull: 409,
    refusals.AlreadyMentored: 409,
    refusals.MentoringState: 409,
    refusals.MeetingRecorded: 409,
    refusals.NotYourTurn: 409,
    refusals.AgreementMissing: 409,
    refusals.InterestRefused: 409,
    refusals.InterestUnapproved: 409,
    refusals.NotSecondPerson: 409,
    refusals.TrainerUnknown: 404,
    refusals.TrainerRetired: 409,
    refusals.TrainerElsewhere: 409,
    refusals.TrainerTaken: 409,
    refusals.PlanNotAgreed: 409,
    refusals.PlanOverBudget: 409,
    refusals.BudgetExhausted: 409,
}

PARTS = (catalogue, enrolments, records, funding, partners, plans, needs, certificates, mentoring, effects, trainers)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])

__all__ = ["STATUS", "router"]
