"""Personnel's collections: which state lives where, what is unique, and what is looked for by which index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from kinara.kit.documents import Collection, Index, Record
from kinara.kit.leases import LEASES
from kinara.kit.paths import LEFT
from kinara.kit.stored import Document

from personnel.domain import merit
from personnel.domain.application import Application
from personnel.domain.employee import Employee
from personnel.domain.following import Reorganisation
from personnel.domain.importing import ImportRun, Reject
from personnel.domain.merit import Merit
from personnel.domain.naming import listed_as, words_of
from personnel.domain.outgoing import Outgoing
from personnel.domain.proposal import PromotionProposal, Proposal, RenewalProposal
from personnel.domain.selection import Selection, Sheet
from personnel.domain.succession import Plan
from personnel.domain.talent import TalentYear
from personnel.domain.unit import Unit

S = TypeVar("S")


class Searched(Collection[S]):
    """A collection whose documents also carry what they are searched by; it follows from the state, which wins."""

    def __init__(self, name: str, kind: type[S], *, by: Callable[[S], Document], **options: Any) -> None:
        super().__init__(name, kind, **options)
        self._by = by

    def document(self, record: Record[S]) -> Document:
        """The document to store, with the derived fields."""
        return super().document(record) | self._by(record.state)


@dataclass(frozen=True, slots=True)
class NipList:
    """Whom an import asks SIASN for, under the run's id; emptied when the run has ended."""

    id: str
    nips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an import needs to know of an employee before it looks at them; read from the same documents."""

    id: str
    nip: str
    siasn_id: str | None
    content_hash: str | None
    status: str
    row_digest: str | None = None

    @classmethod
    def of(cls, employee: Employee) -> Seen:
        """What is remembered of an employee."""
        return cls(
            employee.id, employee.nip, employee.siasn_id, employee.content_hash, employee.status, employee.row_digest
        )

    @property
    def serves(self) -> bool:
        """Whether they are in service."""
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Whether somebody has a disability, where BKPSDM has recorded it; apart from the employee, so that no list, view
    or fact about them can carry it along. Read only for those whom the reader's scope holds."""

    id: str
    disability: bool
    source: str
    by: str


def _employee_is_searched_by(employee: Employee) -> Document:
    return {
        "supervisor_id": employee.supervisor_id,
        "words": list(words_of(employee.name)),
        "listed_as": listed_as(employee.name, employee.id),
        "disciplined_until": employee.dossier.disciplined_until,
    }


EMPLOYEES: Collection[Employee] = Searched(
    "employees",
    Employee,
    by=_employee_is_searched_by,
    about=("employee",),
    indexes=(
        Index(("nip",), unique=True),
        Index(("siasn_id",), unique=True, only={"siasn_id": {"$type": "string"}}),
        Index(("words",)),
        Index(("listed_as",)),
        Index(("supervisor_id", "_id")),
        Index(("unit_id", "status")),
        Index(("disciplined_until", "listed_as"), only={"disciplined_until": {"$type": "string"}}),
    ),
)
SEEN: Collection[Seen] = Collection(EMPLOYEES.name, Seen)
UNITS: Collection[Unit] = Collection(
    "units",
    Unit,
    about=("unit",),
    bears=lambda _: True,
    indexes=(
        Index(("unit_path",), unique=True),
        Index(("source_id",), unique=True, only={"source_id": {"$type": "string"}}),
        Index(("leader_id",)),
    ),
)
PROFILES: Collection[Merit] = Searched(
    "profiles",
    Merit,
    by=lambda known: {"tells": bool(known.to_tell)},
    key="employee_id",
    about=("employee",),
    blank=merit.blank,
    speaks=False,
    indexes=(Index(("tells", "_id")),),
)
OUTGOING: Collection[Outgoing] = Collection(
    "outgoing",
    Outgoing,
    owner="employee_id",
    indexes=(Index(("state", "due_at")), Index(("state", "kind", "_id")), Index(("employee_id", "_id"))),
)
P = TypeVar("P", bound=Proposal)


def _proposals(name: str, kind: type[P]) -> Collection[P]:
    """Proposals of a kind; about one employee at most one is open."""
    one_open = Index(("employee_id",), unique=True, only={"state": "open"})
    return Collection(name, kind, owner="employee_id", indexes=(one_open, Index(("employee_id", "_id"))))


PROMOTIONS: Collection[PromotionProposal] = _proposals("promotion_proposals", PromotionProposal)
RENEWALS: Collection[RenewalProposal] = _proposals("contract_renewals", RenewalProposal)
REORGANISATIONS: Collection[Reorganisation] = Collection(
    "reorganisations", Reorganisation, scoped=False, indexes=(Index(("done", "due_at")),)
)
IMPORTS: Collection[ImportRun] = Collection("imports", ImportRun, scoped=False, indexes=(Index(("state", "_id")),))
REJECTS: Collection[Reject] = Collection("rejects", Reject, scoped=False)
NIPS: Collection[NipList] = Collection("import_nips", NipList, scoped=False)
SELECTIONS: Collection[Selection] = Collection("selections", Selection, indexes=(Index(("unit_id",)),))
APPLICATIONS: Collection[Application] = Collection(
    "applications", Application, owner="employee_id", indexes=(Index(("selection_id", "_id")), Index(("employee_id",)))
)
SHEETS: Collection[Sheet] = Collection(
    "sheets", Sheet, scoped=False, indexes=(Index(("selection_id", "_id")), Index(("selection_id", "scorer_id", "_id")))
)
TALENTS: Collection[TalentYear] = Collection(
    "talents", TalentYear, owner="employee_id", indexes=(Index(("employee_id",)), Index(("year", "box", "_id")))
)
PLANS: Collection[Plan] = Collection("successions", Plan)
INCLUSIONS: Collection[Inclusion] = Collection("inclusions", Inclusion, scoped=False)

COLLECTIONS: tuple[Collection[Any], ...] = (
    EMPLOYEES,
    UNITS,
    PROFILES,
    PROMOTIONS,
    RENEWALS,
    OUTGOING,
    REORGANISATIONS,
    IMPORTS,
    REJECTS,
    NIPS,
    SELECTIONS,
    APPLICATIONS,
    SHEETS,
    TALENTS,
    PLANS,
    INCLUSIONS,
    LEASES,
    LEFT,
)
