"""What every fact has in common: its type, whom it is about, and where.

Contract classes hold facts only. Id, time, correlation, cause and version are stamped when the fact enters the
outbox and travel as CloudEvents headers beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""A UUID in canonical lower-case text. A NIP is never an identity: a PPPK's changes with the employing agency."""

UnitPath = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9.\-]{1,40}){1,12}$")]
"""Materialised path of a unit in the tree, root first, e.g. ``/16.71/plaju/pelayanan``."""

SubjectKind = Literal["employee", "unit"]


class Province(BaseModel):
    """A province code with the scheme it belongs to: Kemendagri's and BPS's numbers overlap and disagree.

    Source: Kepmendagri 300.2.2-2430/2025. Kemendagri 96 is Papua Barat Daya; BPS 96 is Papua Tengah.
    """

    model_config = ConfigDict(frozen=True)

    scheme: Literal["kemendagri", "bps"] = "kemendagri"
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]


class Subject(NamedTuple):
    """Whom a fact is about; its id is the Kafka key, so that facts about one subject keep their order."""

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


class Event(BaseModel):
    """A fact in the past tense. Readers ignore fields they do not know; new fields are optional."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    """The one service that says this event."""
    version: ClassVar[int] = 1

    province: Province = Field(description="Province of the unit at the time of the fact; decides the cell.")
    unit_path: UnitPath = Field(description="Unit of the subject at the time of the fact; decides who may see it.")

    @classmethod
    def wire_name(cls) -> str:
        """Name and version: ``FeedbackReceived.v2`` of the class ``FeedbackReceivedV2``, which stands beside v1's."""
        return f"{cls.__name__.removesuffix(f'V{cls.version}')}.v{cls.version}"

    @classmethod
    def type(cls) -> str:
        """CloudEvents type, e.g. ``id.kinara.feedback.FeedbackReceived.v1``."""
        return f"id.kinara.{cls.service}.{cls.wire_name()}"

    @property
    def subject(self) -> Subject:
        """Whom this fact is about: the employee where one is named, else the unit. Never a citizen."""
        employee = getattr(self, "employee_id", None)
        if employee is not None:
            return Subject("employee", employee)
        return Subject("unit", self.unit_id)  # type: ignore[attr-defined]  # every event names one or the other


def events_of(*roots: type[Event]) -> Iterator[type[Event]]:
    """Every published class below the given roots, in order of definition."""
    for root in roots:
        for child in root.__subclasses__():
            if not child.__name__.endswith("Event"):
                yield child
            yield from events_of(child)
