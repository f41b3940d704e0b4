"""A certificate earned elsewhere: what can be entered, who decides on it, and what counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from training.domain import certificate as certificates
from training.domain.certificate import MOST_WAITING, Certificate, Course, proof_of
from training.domain.record import Record
from training.domain.refusals import (
    CertificateDecided,
    DaysTaken,
    InvalidCertificate,
    InvalidCompetency,
    LearnerInactive,
    OwnCertificate,
    TooManyCertificates,
    UnknownCourseKind,
)

TODAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 2), date(2026, 11, 3)
COMPLETION = "0197a000-0000-7000-8000-0000000000c1"
ENTRY = "0197a000-0000-7000-8000-0000000000d1"

Submit = Callable[..., Certificate]


@pytest.fixture
def learner(employee: Callable[[int], Record]) -> Record:
    return employee(1)


@pytest.fixture
def submit(learner: Record) -> Submit:
    def entered(who: Record = learner, elsewhere: Any = (), waiting: int = 0, **change: Any) -> Certificate:
        facts: dict[str, Any] = {
            "number": "LC/1", "issuer": "Lembaga Contoh", "title": "Arsip digital", "jp": 16, "course_kind": "8",
            "competencies": ["teknis.arsip"], "starts_on": MONDAY, "ends_on": TUESDAY,
        }  # fmt: skip
        course = Course(**facts | change)
        return certificates.submit(
            ENTRY, who, course, on=TODAY, by="account of 1", elsewhere=elsewhere, waiting=waiting
        )

    return entered


def verify(certificate: Certificate, learner: Record, **change: Any) -> Any:
    facts: dict[str, Any] = {
        "level": 2, "by": "office", "on": TODAY, "completion_id": COMPLETION, "elsewhere": (),
    }  # fmt: skip
    return certificates.verify(certificate, learner, **facts | change)


def test_hours_are_said_only_when_somebody_else_has_verified_them(submit: Submit, learner: Record) -> None:
    entered = submit()
    assert (entered.state, entered.decided_by) == ("submitted", None)

    verified, event = verify(entered, learner)

    assert (verified.state, verified.level, verified.decided_by) == ("verified", 2, "office")
    assert (event.jp, event.partner, event.certificate_number) == (16, "Lembaga Contoh", "LC/1")
    assert (event.completion_id, event.completed_on, event.course_kind) == (COMPLETION, TUESDAY, "8")


@pytest.mark.parametrize("by", ["account of 1", "employee"])
def test_nobody_decides_on_their_own(submit: Submit, learner: Record, by: str) -> None:
    who = learner.employee_id if by == "employee" else by

    with pytest.raises(OwnCertificate):
        verify(submit(), learner, by=who)
    with pytest.raises(OwnCertificate):
        certificates.reject(submit(), reason="tidak ada", by=who, on=TODAY)


def test_what_is_decided_stays_decided(submit: Submit, learner: Record) -> None:
    verified, _ = verify(submit(), learner)
    rejected = certificates.reject(submit(), reason="nomor tidak ditemukan", by="office", on=TODAY)

    for decided in (verified, rejected):
        with pytest.raises(CertificateDecided):
            verify(decided, learner)
        with pytest.raises(CertificateDecided):
            certificates.reject(decided, reason="lagi", by="office", on=TODAY)


def test_a_rejected_certificate_leaves_its_number_to_whose_it_is(submit: Submit) -> None:
    rejected = certificates.reject(submit(), reason="nomor tidak ditemukan", by="office", on=TODAY)

    assert (rejected.proof, rejected.reason) == (None, "nomor tidak ditemukan")
    with pytest.raises(InvalidCertificate):
        certificates.reject(submit(), reason="", by="office", on=TODAY)


def test_issuer_and_number_are_the_same_however_they_are_written() -> None:
    assert proof_of("Lembaga  Contoh", "lc/1") == proof_of("LEMBAGA CONTOH", " LC / 1")
    assert proof_of("Lembaga Contoh", "LC/1") != proof_of("Lembaga Contoh", "LC/11")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"number": " "}, InvalidCertificate),
        ({"issuer": ""}, InvalidCertificate),
        ({"title": ""}, InvalidCertificate),
        ({"jp": 0}, InvalidCertificate),
        ({"jp": 401, "starts_on": date(2026, 1, 1)}, InvalidCertificate),
        ({"ends_on": date(2026, 11, 21)}, InvalidCertificate),
        ({"ends_on": date(2026, 11, 1)}, InvalidCertificate),
        ({"starts_on": date(2019, 12, 31), "ends_on": date(2020, 1, 5)}, InvalidCertificate),
        ({"starts_on": date(2025, 11, 1), "ends_on": date(2026, 11, 2)}, InvalidCertificate),
        ({"course_kind": "99"}, UnknownCourseKind),
        ({"competencies": ["memasak"]}, InvalidCompetency),
        ({"jp": 17}, DaysTaken),
    ],
)
def test_what_cannot_be_is_refused(submit: Submit, change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        submit(**change)


def test_the_boundaries_are_accepted(submit: Submit) -> None:
    assert submit(ends_on=TODAY).ends_on == TODAY
    assert submit(starts_on=date(2025, 11, 3), ends_on=date(2026, 11, 3), jp=400).jp == 400
    assert submit(waiting=MOST_WAITING - 1)


def test_no_day_holds_more_than_eight_hours_with_all_other_courses(submit: Submit, learner: Record) -> None:
    half_of_monday = [(4, (MONDAY,))]

    assert submit(elsewhere=half_of_monday, jp=12)
    with pytest.raises(DaysTaken):
        submit(elsewhere=half_of_monday, jp=13)
    with pytest.raises(DaysTaken):
        verify(submit(jp=13), learner, elsewhere=half_of_monday)


def test_only_so_many_wait_and_only_of_who_serves(submit: Submit, learner: Record) -> None:
    with pytest.raises(TooManyCertificates):
        submit(waiting=MOST_WAITING)
    with pytest.raises(LearnerInactive):
        submit(replace(learner, active=False))


@pytest.mark.parametrize("level", [0, 6])
def test_a_level_that_is_none_is_refused(submit: Submit, learner: Record, level: int) -> None:
    with pytest.raises(InvalidCertificate):
        verify(submit(), learner, level=level)
