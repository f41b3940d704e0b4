"""A tiny service for testing the kit: it adds up the ratings that an employee got, and says when the sum moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from kinara.contracts import Province
from kinara.contracts.appraisal import ProgressReported, ScoreUpdated
from kinara.contracts.feedback import FeedbackReceived, FeedbackWithdrawn
from kinara.kit.documents import Collection, Index
from kinara.kit.ids import new_id
from kinara.kit.inbox import Inbox
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, command

PROVINCE = "16"
PALEMBANG = Province(code=PROVINCE)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sum of ratings and reports of one employee."""

    id: str
    province: str
    unit_path: str = "/16.71/plaju"
    total: Decimal = Decimal(0)
    count: int = 0
    note: str | None = None


TALLIES: Collection[Tally] = Collection(
    "tallies",
    Tally,
    about=("employee", "unit"),
    blank=Tally,
    indexes=(Index(("note",)),),
)


class Kind(StrEnum):
    """One of a few words."""

    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Letter:
    """A document with every kind of value that states are made of."""

    id: str
    employee_id: str | None = None
    number: int | None = None
    unit_path: str = "/16.71/plaju"
    supervisor_id: str | None = None
    weight: Decimal = Decimal("0.10")
    on: date = date(2026, 11, 22)
    at: datetime = datetime(2026, 11, 22, 1, 2, 3, 456000, tzinfo=UTC)
    kind: Kind = Kind.THANKS
    words: tuple[str, ...] = ("terima", "kasih")
    parts: dict[str, tuple[Decimal, ...]] = field(default_factory=lambda: {"a.b": (Decimal(1),)})


LETTERS: Collection[Letter] = Collection(
    "letters",
    Letter,
    owner="employee_id",
    indexes=(Index(("number",), unique=True, only={"number": {"$type": "number"}}),),
)


class OddRating(ValueError):
    """The toy's rule refuses."""


inbox = Inbox("toy.tally")


@inbox.on(FeedbackReceived, TALLIES)
def add_up(tally: Tally, event: FeedbackReceived, _known: None) -> tuple[Tally, dict[str, object]]:
    """A rating counts; province 99 stands for a rule that says no."""
    if event.province.code == "99":
        raise OddRating("province: expected one that exists")
    return replace(tally, total=tally.total + event.rating, count=tally.count + 1), {"rating": event.rating}


@inbox.on(ProgressReported, TALLIES)
def count_report(tally: Tally, event: ProgressReported, _known: None) -> tuple[Tally, dict[str, object]]:
    """A report of the toy's own command comes back to it through the broker, and counts."""
    return replace(tally, total=tally.total + event.amount, count=tally.count + 1), {"amount": event.amount}


@inbox.announce(TALLIES)
def say_sum(before: Tally | None, after: Tally, _known: None) -> list[ScoreUpdated]:
    """The sum as a score."""
    return [
        ScoreUpdated(
            province=Province(code=after.province), unit_path=after.unit_path, employee_id=after.id, period="2026-11",
            policy="toy@1", score=after.total, previous_score=before.total if before else None, predikat=None,
        )
    ]  # fmt: skip


@command
async def add_letter(tx: Transaction, letter: Letter) -> Letter:
    """Keep a letter."""
    tx.save(LETTERS, letter)
    return letter


@command
async def report(tx: Transaction, employee: str, amount: Decimal) -> str:
    """Say that an employee has made progress; the sum moves when the toy hears it."""
    found = await tx.find(TALLIES, SYSTEM, {"_id": employee}, limit=1)
    tx.save(TALLIES, found[0] if found else Tally(employee, PROVINCE))
    return tx.publish(reported(employee, amount))


def reported(employee: str, amount: Decimal = Decimal(1)) -> ProgressReported:
    """Progress of an employee."""
    return ProgressReported(
        province=PALEMBANG, unit_path="/16.71/plaju", employee_id=employee, report_id=new_id(), indicator="IKI-1",
        amount=amount, verified=True, period="2026-11", reported_at=datetime.now(UTC),
    )  # fmt: skip


def rated(employee: str, rating: int = 4, province: str = PROVINCE) -> FeedbackReceived:
    """A citizen's rating of an employee."""
    return FeedbackReceived(
        province=Province(code=province), unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=employee,
        unit_id=new_id(), rating=rating, trust=Decimal(1), given_at=datetime.now(UTC),
    )  # fmt: skip


def withdrawn(employee: str) -> FeedbackWithdrawn:
    """A fact of a service that the toy hears, of a type that it does not know."""
    return FeedbackWithdrawn(
        province=PALEMBANG, unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=employee, unit_id=new_id(),
        rating=1, trust=Decimal(1), given_at=datetime.now(UTC), reason="citizen",
    )  # fmt: skip
