"""What a stage's people are told of by hand: facts of services that do not play."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kinara.contracts import Province
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeeChanged, EmployeePromoted, EmployeeRegistered
from kinara.kit.envelope import Raw
from kinara.kit.ids import new_id

PALEMBANG = Province(code="16")


def registered(employee: str, boss: str) -> EmployeeRegistered:
    """The fact that somebody was employed."""
    return EmployeeRegistered(
        province=PALEMBANG, unit_path="/16.71/plaju", employee_id=employee, nip="199001012015042001",
        name="Rani Contoh", kind="PNS", sex="F", birth_year=1990, golongan="III/b", jabatan="Pengelola layanan",
        jabatan_kind="pelaksana", unit_id=new_id(), supervisor_id=boss, effective_on=date(2026, 1, 1),
    )  # fmt: skip


def changed(employee: str, boss: str) -> EmployeeChanged:
    """The fact that this person has another rank."""
    known = registered(employee, boss).model_dump()
    return EmployeeChanged.model_validate(known | {"golongan": "III/c", "changed": ("golongan",)})


def promoted(employee: str) -> EmployeePromoted:
    """A fact that appraisal hears and feedback does not."""
    return EmployeePromoted(
        province=PALEMBANG, unit_path="/16.71/plaju", employee_id=employee, from_golongan="III/b",
        to_golongan="III/c", jabatan="Analis Kebijakan", promotion_kind="101", decree_number="SK/1/2026",
        effective_on=date(2026, 11, 1),
    )  # fmt: skip


def rated(employee: str) -> FeedbackReceived:
    """A citizen's rating."""
    return FeedbackReceived(
        province=PALEMBANG, unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=employee,
        unit_id=new_id(), rating=4, trust=Decimal(1), given_at=datetime.now(UTC),
    )  # fmt: skip


def row_of(fact: Raw) -> dict[str, Any]:
    """The row of an outbox from which a fact would be sent like this."""
    told = {name: (value or b"").decode() for name, value in fact.headers}
    return {
        "id": told["ce_id"], "type": told["ce_type"], "subject": told["ce_subject"],
        "version": int(told["ce_aggregateversion"]), "correlation": told["ce_correlationid"], "causation": None,
        "province": told["ce_province"], "data": (fact.value or b"").decode(),
    }  # fmt: skip
