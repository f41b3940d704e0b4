"""What the tests of the rules share: the shipped policies, blank cards, and events with sensible defaults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from appraisal.domain.closing import ClosedPeriod, close_period
from appraisal.domain.effects import Effect
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.progress import report_progress, verify_report
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Target
from appraisal.domain.targets import agree_indicator
from kinara.contracts import Event, Province
from kinara.contracts import feedback as fb
from kinara.contracts import personnel as pn
from kinara.contracts import training as tr
from kinara.contracts.working_days import Calendar
from kinara.kit.regional import calendar_of

SHIPPED = Path(__file__).parents[3] / "services" / "appraisal" / "appraisal" / "policies"
PLAJU, SORONG = "/16.71/plaju/pelayanan", "/96.71/dinkes"
OFFICER, RATER = "0e000000-0000-4000-8000-000000000001", "0e000000-0000-4000-8000-000000000002"
UNIT = "0a000000-0000-4000-8000-000000000001"

PERSON = {
    "nip": "198609262015051001",
    "name": "Sari Wulandari",
    "kind": "PNS",
    "sex": "F",
    "birth_year": 1986,
    "golongan": "III/b",
    "jabatan": "Pengelola Layanan",
    "jabatan_kind": "pelaksana",
    "unit_id": UNIT,
    "effective_on": date(2026, 1, 1),
}
COMPLAINT = {
    "complaint_id": "c0000000-0000-4000-8000-000000000001",
    "employee_id": OFFICER,
    "unit_id": UNIT,
    "opened_at": datetime(2026, 11, 2, tzinfo=UTC),
}
VOICE = {
    "feedback_id": "fb000000-0000-4000-8000-000000000001",
    "employee_id": OFFICER,
    "unit_id": UNIT,
    "rating": 4,
    "trust": Decimal("1.0"),
    "given_at": datetime(2026, 11, 10, 3, tzinfo=UTC),
}
ANSWER: dict[str, Any] = {
    "answer_id": "5a000000-0000-4000-8000-000000000001",
    "employee_id": OFFICER,
    "unit_id": UNIT,
    **{f"u{n}": 3 for n in range(1, 10)},
    "trust": Decimal(1),
    "answered_at": datetime(2026, 11, 10, 3, tzinfo=UTC),
}

USUAL: dict[type[Event], dict[str, Any]] = {
    fb.FeedbackReceived: VOICE,
    fb.FeedbackWithdrawn: VOICE | {"reason": "citizen"},
    fb.FeedbackQuarantined: VOICE | {"reason": "burst"},
    fb.FeedbackReleased: VOICE,
    fb.SurveyAnswered: ANSWER,
    fb.SurveyAnswerWithdrawn: ANSWER | {"reason": "citizen"},
    fb.SurveyAnswerQuarantined: ANSWER | {"reason": "Lonjakan"},
    fb.SurveyAnswerReleased: ANSWER,
    fb.ComplaintResolved: COMPLAINT
    | {"resolved_at": datetime(2026, 11, 5, tzinfo=UTC), "within_sla": True, "outcome": "solved"},
    fb.ComplaintReopened: COMPLAINT | {"reopened_at": datetime(2026, 11, 9, tzinfo=UTC), "was_within_sla": True},
    fb.ComplaintOverdue: COMPLAINT | {"due_at": datetime(2026, 11, 9, tzinfo=UTC)},
    tr.EnrolmentConfirmed: {
        "employee_id": OFFICER,
        "enrolment_id": "e0000000-0000-4000-8000-000000000001",
        "session_id": "5e000000-0000-4000-8000-000000000001",
        "programme_id": "9a000000-0000-4000-8000-000000000001",
        "title": "Pelayanan Publik Digital",
        "jp": 8,
        "starts_on": date(2026, 11, 3),
    },
    tr.EnrolmentCancelled: {
        "employee_id": OFFICER,
        "enrolment_id": "e0000000-0000-4000-8000-000000000001",
        "session_id": "5e000000-0000-4000-8000-000000000001",
        "programme_id": "9a000000-0000-4000-8000-000000000001",
        "title": "Pelayanan Publik Digital",
        "jp": 8,
        "starts_on": date(2026, 11, 3),
        "reason": "session_called_off",
    },
    tr.TrainingCompleted: {
        "employee_id": OFFICER,
        "completion_id": "cc000000-0000-4000-8000-000000000001",
        "enrolment_id": "e0000000-0000-4000-8000-000000000001",
        "programme_id": "9a000000-0000-4000-8000-000000000001",
        "title": "Pelayanan Publik Digital",
        "partner": "Universitas Contoh",
        "jp": 8,
        "course_kind": "4",
        "certificate_number": "S-1",
        "completed_on": date(2026, 11, 4),
    },
    tr.MentoringSessionHeld: {
        "employee_id": OFFICER,
        "mentoring_id": "3e000000-0000-4000-8000-000000000001",
        "role": "mentee",
        "other_id": RATER,
        "jp": Decimal(2),
        "held_on": date(2026, 11, 6),
    },
    pn.EmployeeRegistered: PERSON | {"employee_id": OFFICER},
    pn.EmployeeChanged: PERSON | {"employee_id": OFFICER, "changed": ("name",)},
    pn.EmployeePromoted: {
        "employee_id": OFFICER,
        "from_golongan": "III/b",
        "to_golongan": "III/c",
        "jabatan": "Analis Kebijakan",
        "jenjang": "MU",
        "promotion_kind": "202",
        "decree_number": "821.2/77/2026",
        "effective_on": date(2026, 12, 1),
    },
    pn.EmployeeTransferred: {
        "employee_id": OFFICER,
        "from_unit_id": UNIT,
        "from_unit_path": PLAJU,
        "to_unit_id": "0a000000-0000-4000-8000-000000000002",
        "jabatan": "Pengelola Layanan",
        "effective_on": date(2026, 11, 10),
    },
    pn.EmployeeSeparated: {"employee_id": OFFICER, "reason": "retired", "effective_on": date(2026, 12, 31)},
    pn.DisciplineImposed: {
        "employee_id": OFFICER,
        "measure_id": "d1000000-0000-4000-8000-000000000001",
        "level": "sedang",
        "decree_number": "800/1/2026",
        "effective_on": date(2026, 11, 10),
        "ends_on": date(2027, 5, 9),
    },
    pn.DisciplineLifted: {
        "employee_id": OFFICER,
        "measure_id": "d1000000-0000-4000-8000-000000000001",
        "reason": "Banding administratif diterima",
        "effective_on": date(2026, 12, 1),
    },
    pn.UnitChanged: {"unit_id": UNIT, "name": "Seksi Pelayanan", "parent_id": None, "leader_id": RATER},
}

Say = Callable[..., Any]


@pytest.fixture(scope="session")
def policies() -> Policies:
    """The policies that are shipped."""
    return Policies(parse_policy(yaml.safe_load(path.read_text())) for path in sorted(SHIPPED.glob("*.yaml")))


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The holidays that are shipped."""
    return calendar_of()


@pytest.fixture(scope="session")
def say() -> Say:
    """``say(FeedbackReceived, rating=1)``: an event about the usual officer, with the given facts."""

    def _say(kind: type[Event], **facts: Any) -> Event:
        usual = {"province": Province(code="16"), "unit_path": PLAJU, **USUAL[kind]}
        return kind(**(usual | facts))

    return _say


@pytest.fixture(scope="session")
def blank() -> Scorecard:
    """A card on which nothing has happened, in Plaju (appraised monthly)."""
    return Scorecard(OFFICER, "16", PLAJU)


@pytest.fixture(scope="session")
def blank_in_sorong() -> Scorecard:
    """A card on which nothing has happened, in Sorong (appraised quarterly)."""
    return Scorecard(OFFICER, "96", SORONG)


Fold = Callable[..., tuple[Scorecard, list[Effect]]]


@pytest.fixture(scope="session")
def fold_all(policies: Policies) -> Fold:
    """Fold events into a card, one after the other."""

    def _fold_all(card: Scorecard, *events: Event) -> tuple[Scorecard, list[Effect]]:
        effects = []
        for event in events:
            card, effect = FOLDS[type(event)](card, event, policies)
            effects.append(effect)
        return card, effects

    return _fold_all


SERVICES = Target("Layanan", "layanan", "max", Decimal(500), Decimal(1))
REPORT = "9e000000-0000-4000-8000-000000000001"
LAST_DAY = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def agree(policies: Policies) -> Callable[..., Any]:
    """Agree a target of five hundred services early in November."""

    def _agree(card: Scorecard, **facts: Any) -> Any:
        usual = {"code": "s", "target": SERVICES, "period": "2026-11", "agreed_on": facts.pop("on", date(2026, 11, 2))}
        return agree_indicator(card, policies=policies, **(usual | facts))

    return _agree


@pytest.fixture(scope="session")
def agreed(agree: Callable[..., Any], blank: Scorecard) -> Scorecard:
    """A card with that target."""
    return agree(blank)[0]  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def report(policies: Policies) -> Callable[..., Any]:
    """Report a verified amount on the last day of November."""

    def _report(card: Scorecard, amount: Any, **facts: Any) -> Any:
        usual = {"report_id": REPORT, "indicator": "s", "verified": True, "reported_at": facts.pop("at", LAST_DAY)}
        return report_progress(card, amount=Decimal(amount), **({"policies": policies} | usual | facts))

    return _report


@pytest.fixture(scope="session")
def verify(policies: Policies) -> Callable[..., Any]:
    """Verify the usual report on the last day of November."""

    def _verify(card: Scorecard, *, report_id: str = REPORT, by: str = "boss", on: date = LAST_DAY.date()) -> Any:
        return verify_report(card, report_id=report_id, verified_by=by, verified_on=on, policies=policies)

    return _verify


Close = Callable[..., tuple[Scorecard, ClosedPeriod, tuple[Effect, ...]]]


@pytest.fixture(scope="session")
def close(policies: Policies) -> Close:
    """Close a period, long after its end unless said otherwise."""

    def _close(card: Scorecard, period: str, today: date = date(2028, 1, 1)) -> Any:
        return close_period(card, period, today=today, policies=policies)

    return _close
