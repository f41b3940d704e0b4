"""A programme, a session, and employees who want a seat in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from kinara.contracts import Province
from training.domain import programme as programmes
from training.domain import session as sessions
from training.domain.programme import Partner, Programme
from training.domain.record import Record
from training.domain.session import Session

PROVINCE = Province(code="16")


@pytest.fixture
def programme() -> Programme:
    """Sixteen hours on digital service."""
    return programmes.offer(
        str(UUID(int=1)),
        title="Pelayanan publik digital",
        partner=Partner(name="Lembaga Contoh", kind="education"),
        jp=16,
        course_kind="4",
        competencies=["pelayanan.publik-digital"],
        province=PROVINCE,
        unit_path="/16.71",
    )


@pytest.fixture
def session(programme: Programme) -> Session:
    """Monday to Friday, two seats, open."""
    planned = sessions.plan(
        str(UUID(int=2)),
        programme,
        starts_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 20),
        seats=2,
        place="Aula BKPSDM",
    )
    return sessions.open_seats(planned)


@pytest.fixture
def employee() -> Callable[[int], Record]:
    """Employees in service, by number."""

    def numbered(number: int) -> Record:
        return Record(
            employee_id=str(UUID(int=1000 + number)),
            name=f"Pegawai {number}",
            kind="PNS",
            province=PROVINCE,
            unit_id=str(UUID(int=3)),
            unit_path="/16.71/plaju",
            active=True,
        )

    return numbered
