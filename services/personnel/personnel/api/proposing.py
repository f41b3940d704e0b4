"""What proposals have in common at the door: findings of rules, decisions, and who reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from kinara.contracts import Id
from kinara.kit.documents import Record
from kinara.kit.http import Body, Page
from kinara.kit.identity import Role, allow
from kinara.kit.scope import Scope
from pydantic import BaseModel, Field, StringConstraints

from personnel.api.doors import Text
from personnel.domain.finding import Finding, Result
from personnel.domain.proposal import Proposal, State

OwnOrOfficeScope = Annotated[Scope, allow(Role.EMPLOYEE, Role.HR, Role.OVERSIGHT)]
P = TypeVar("P", bound=Proposal)
V = TypeVar("V", bound=BaseModel)
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=1000)]
StateName = Literal["open", "approved", "refused"] | None


class ApprovalRequest(Body):
    """A proposal is approved by decree."""

    decree_number: Text = Field(description="Nomor SK.")
    reason: Words | None = Field(default=None, description="Needed where a rule could not be told.")


class RefusalRequest(Body):
    """A proposal is refused."""

    reason: Words


class FindingView(BaseModel):
    """What a rule found."""

    rule: str
    title: str
    source: str = Field(description="Where the rule comes from.")
    result: Result
    why: str
    missing: str | None

    @classmethod
    def all_of(cls, findings: Iterable[Finding]) -> list[FindingView]:
        return [cls.model_validate(finding, from_attributes=True) for finding in findings]


class ProposalView(BaseModel):
    """A proposal as it was made, and what was decided."""

    proposal_id: Id
    employee_id: Id
    unit_path: str
    state: State
    findings: list[FindingView] = Field(description="What the rules found on the day of the proposal.")
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    decree_number: str | None


def page_of(found: Sequence[Record[P]], view: Callable[[P], V], limit: int) -> Page[V]:
    """A page of proposals as they are shown."""
    return Page(items=[view(one.state) for one in found], next=found[-1].id if len(found) == limit else None)


def shown(proposal: Proposal) -> dict[str, object]:
    """The fields of a ``ProposalView``."""
    decision = proposal.decision
    plain = ("employee_id", "unit_path", "state", "proposed_at")
    return {name: getattr(proposal, name) for name in plain} | {
        "proposal_id": proposal.id,
        "findings": FindingView.all_of(proposal.findings),
        "decided_at": decision and decision.at,
        "decided_by": decision and decision.by,
        "reason": decision and decision.reason,
        "decree_number": decision and decision.decree_number,
    }
