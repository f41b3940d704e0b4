"""A unit, an officer and a ticket in Plaju, as personnel and the counter would make them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from feedback.domain import ticket as tickets
from feedback.domain.complaint import Complaint, lodge
from feedback.domain.service_levels import Clocks, Level
from feedback.domain.subject import Subject
from feedback.domain.ticket import Ticket
from kinara.contracts import Province
from kinara.contracts.working_days import Calendar

AT = datetime(2026, 11, 14, 3, 21, 7, tzinfo=UTC)
PROVINCE = Province(code="16")


@pytest.fixture
def at() -> datetime:
    """The moment of the service and of the voice."""
    return AT


@pytest.fixture
def unit() -> Subject:
    """The counter of the district office."""
    return Subject(
        id="0197a000-0000-7000-8000-000000000001",
        kind="unit",
        name="Seksi Pelayanan",
        unit_id="0197a000-0000-7000-8000-000000000001",
        unit_path="/16.71/plaju/pelayanan",
        province=PROVINCE,
        active=True,
    )


@pytest.fixture
def officer(unit: Subject) -> Subject:
    """An officer of that unit."""
    return Subject(
        id="0197a000-0000-7000-8000-000000000002",
        kind="employee",
        name="Rani Contoh",
        unit_id=unit.id,
        unit_path=unit.unit_path,
        province=PROVINCE,
        active=True,
    )


@pytest.fixture
def ticket(unit: Subject, officer: Subject) -> Ticket:
    """A ticket for a service by the officer."""
    return tickets.issue(
        "0197a000-0000-7000-8000-000000000003",
        entropy=b"\x01\x23\x45\x67\x89\xab\xcd\xef",
        unit=unit,
        officer=officer,
        service="Penerbitan KTP elektronik",
        at=AT,
    )


@pytest.fixture
def clocks() -> Clocks:
    """Two classes, on a calendar without holidays."""
    levels = {"urgent": Level("Mendesak", 1, 2), "normal": Level("Biasa", 3, 5)}
    return Clocks(levels, "normal", Calendar(frozenset()))


@pytest.fixture
def complaint(unit: Subject, clocks: Clocks) -> Complaint:
    """Lodged on a Saturday; to be verified by the end of Wednesday."""
    id_ = "0197a000-0000-7000-8000-0000000000c1"
    return lodge(id_, unit, text="Antre lama", level=None, topic="waktu", clocks=clocks, secret=b"s", at=AT)
