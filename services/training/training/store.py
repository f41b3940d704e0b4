"""Training's collections: which state lives where and who owns it; and the catalogue as it is shipped."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from kinara.contracts import Province
from kinara.kit.documents import Collection, Index
from kinara.kit.leases import LEASES
from kinara.kit.mongo import Database
from kinara.kit.paths import LEFT
from kinara.kit.scans import scan
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from training.domain import record, unit
from training.domain.budget import Books, Budget
from training.domain.catalogue import CATALOGUE, offer_template
from training.domain.certificate import Certificate
from training.domain.enrolment import Enrolment
from training.domain.mentoring import Mentoring
from training.domain.partner import Institution
from training.domain.plan import Plan
from training.domain.programme import NATIONAL, Partner, Programme
from training.domain.record import Record
from training.domain.session import Session
from training.domain.standard import MOST_STANDARDS, Standard
from training.domain.trainer import Teaching, Trainer
from training.domain.unit import Unit, government_of

RECORDS: Collection[Record] = Collection(
    "records",
    Record,
    key="employee_id",
    about=("employee",),
    blank=record.blank,
    indexes=(
        Index(("supervisor_id", "_id")),
        Index(("entitlements.id",)),
        Index(("to_follow", "_id"), only={"to_follow": True}),
    ),
)
UNITS: Collection[Unit] = Collection("units", Unit, about=("unit",), blank=unit.blank, bears=lambda _: True)
PROGRAMMES: Collection[Programme] = Collection("programmes", Programme, indexes=(Index(("partner_id", "_id")),))
SESSIONS: Collection[Session] = Collection(
    "sessions", Session, indexes=(Index(("programme_id", "_id")), Index(("plan_id", "_id")), Index(("settled_at",)))
)
ENROLMENTS: Collection[Enrolment] = Collection(
    "enrolments",
    Enrolment,
    owner="employee_id",
    indexes=(
        Index(("session_id", "_id")),
        Index(("employee_id", "_id")),
        Index(("budget_id", "_id")),
        Index(("path", "status", "_id"), only={"status": "waiting"}),
        Index(("programme_id", "_id")),
        Index(("programme_id", "certificate_number"), unique=True, only={"certificate_number": {"$type": "string"}}),
    ),
)
"""A certificate proves one person's learning: the index decides between two entries at the same moment."""

CERTIFICATES: Collection[Certificate] = Collection(
    "certificates",
    Certificate,
    owner="employee_id",
    indexes=(
        Index(("employee_id", "_id")),
        Index(("state", "path", "_id")),
        Index(("proof",), unique=True, only={"proof": {"$type": "string"}}),
    ),
)
"""Of courses taken elsewhere; issuer and number prove one person's learning."""
MENTORINGS: Collection[Mentoring] = Collection(
    "mentorings", Mentoring, owner="people", indexes=(Index(("people", "_id")),)
)
"""Owned by the two of them: a field with several ids is whoever's it names."""
STANDARDS: Collection[Standard] = Collection("standards", Standard, indexes=(Index(("applied_after",)),))

TRAINERS: Collection[Trainer] = Collection("trainers", Trainer)
TEACHINGS: Collection[Teaching] = Collection(
    "teachings", Teaching, scoped=False, indexes=(Index(("trainer_id", "last_day")), Index(("session_id", "_id")))
)
PARTNERS: Collection[Institution] = Collection("partners", Institution)
PLANS: Collection[Plan] = Collection("plans", Plan, indexes=(Index(("unit_id", "year"), unique=True),))
BUDGETS: Collection[Budget] = Collection(
    "budgets",
    Budget,
    indexes=(Index(("unit_path", "year")), Index(("unit_id", "year"), unique=True), Index(("offer_at",))),
)
BOOKS: Collection[Books] = Collection("books", Books, scoped=False)

COLLECTIONS: tuple[Collection[Any], ...] = (
    RECORDS, UNITS, PROGRAMMES, SESSIONS, ENROLMENTS, PARTNERS, PLANS, BUDGETS, BOOKS, CERTIFICATES, MENTORINGS,
    STANDARDS, TRAINERS, TEACHINGS, LEASES, LEFT,
)  # fmt: skip

_CATALOGUE = UUID("5f0c7f0e-6a39-4b7e-9d4c-1f7b8f3f6a10")
"""Namespace of the shipped programmes' ids, the same in every installation."""

MOST_LOOKED_AT = 2 * MOST_STANDARDS
"""Of a government's standards: those that are set at the same moment may be a few too many."""
READ_AT_ONCE = 500
FRESH_S = 1.0
"""How old the standards may be that a fold looks up; one that was set waits longer before it is applied."""

_PUBLISHER = Partner(name="Lembaga Administrasi Negara", kind="government")
_SEAT = Province(code="31")


@command
async def keep_programme(tx: Transaction, programme: Programme) -> None:
    """Store a shipped programme unless it is there; what was changed since then stays."""
    if not await tx.find(PROGRAMMES, SYSTEM, {"_id": programme.id}, limit=1):
        tx.save(PROGRAMMES, programme)


async def ship_catalogue(database: Database) -> None:
    """Put the five programmes that the regions asked for on offer everywhere, once."""
    for template in CATALOGUE:
        id_ = str(uuid5(_CATALOGUE, template.code))
        programme = offer_template(id_, template, partner=_PUBLISHER, province=_SEAT, unit_path=NATIONAL)
        await keep_programme(Work(database), programme)


class StandardShelf:
    """The standards in force, read again when they are older than ``FRESH_S`` seconds."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, dict[str, list[Standard]]]] = {}

    async def __call__(self, database: Database) -> Mapping[str, Sequence[Standard]]:
        """All standards, by government."""
        read_at, standards = self._kept.get(database.name, (0.0, {}))
        if time.monotonic() - read_at > FRESH_S:
            standards = defaultdict(list)
            async for page in scan(database, STANDARDS, SYSTEM, {}, size=READ_AT_ONCE):
                for kept in page:
                    standards[government_of(kept.state.unit_path)].append(kept.state)
            self._kept[database.name] = (time.monotonic(), dict(standards))
        return standards


shelf = StandardShelf()
