"""An employee as training knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kinara.contracts import Province
from kinara.contracts.personnel import EmployeeKind, JabatanKind

from training.domain.complaints import Tally
from training.domain.entitlement import Entitlement
from training.domain.history import Scores
from training.domain.need import Need

Effect = dict[str, object]
"""What one event did to a record, for its page; values that the database can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Hours that were really within reach: a confirmed seat in a session, taken up or not."""

    session_id: str
    jp: int
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Hours earned with a certificate."""

    id: str
    programme_id: str
    title: str
    jp: int
    course_kind: str
    competencies: tuple[str, ...]
    completed_on: date
    level: int = 1
    """Of its competencies, 1 (aware) to 5 (expert)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One employee as training knows them; facts published about them are numbered on this record."""

    employee_id: str
    name: str
    kind: EmployeeKind | None
    province: Province
    unit_id: str
    unit_path: str
    supervisor_id: str | None = None
    active: bool = False
    offers: tuple[Offer, ...] = ()
    completions: tuple[Completion, ...] = ()
    needs: tuple[Need, ...] = ()
    jabatan_kind: JabatanKind | None = None
    jenjang: str | None = None
    """Level of the functional post held, if it is one."""
    golongan: str | None = None
    in_service_since: int | None = None
    """The year of appointment, as the NIP says; None until personnel has said it."""
    complaints: tuple[Tally, ...] = ()
    scores: Scores = field(default_factory=dict)
    entitlements: tuple[Entitlement, ...] = ()
    mentoring: Mapping[str, Decimal] = field(default_factory=dict)
    """JP of mentoring held, in both roles, by year."""
    to_follow: bool = False
    """Whether places and certificates have yet to follow: a transfer, or the end of service."""

    @property
    def known(self) -> bool:
        """Whether personnel has announced the employee; a score alone does not."""
        return self.kind is not None

    def was_offered(self, session_id: str) -> bool:
        """Whether the hours of a session are on offer to the employee."""
        return any(offer.session_id == session_id for offer in self.offers)

    @property
    def open_needs(self) -> tuple[Need, ...]:
        """What the employee should be trained in."""
        return tuple(need for need in self.needs if need.state == "open")


def blank(employee_id: str, province: str) -> Record:
    """An employee heard of for the first time, in a province (code); a score may arrive before the registration."""
    return Record(
        employee_id=employee_id, name="", kind=None, province=Province(code=province), unit_id="", unit_path=""
    )


def level_of(record: Record, competency: str) -> int:
    """The highest level that a certificate has shown; 0 for none."""
    return max((done.level for done in record.completions if competency in done.competencies), default=0)
