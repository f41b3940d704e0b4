"""What appraisal keeps beside people: policies as they are written, trials of drafts, rounds, and what HR has set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy version as plain data; ``parse_policy`` makes the rule of it."""

    id: str
    policy: Mapping[str, Any]
    borne: tuple[str, ...] = ()  # the paths that its unit bore before


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """A policy version that is written and not in force; kept when it is activated, as what was decided on."""

    id: str
    """Code and version, e.g. ``plaju@2``."""
    unit_path: str
    policy: Mapping[str, Any]
    drafted_by: str
    drafted_at: datetime
    tried_at: datetime | None = None
    """When it was simulated as it stands, on people whom it would weigh."""
    activated_by: str | None = None
    activated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationRun:
    """A draft tried out on one period, from the request to the result."""

    id: str
    draft_id: str
    unit_path: str
    period: str
    asked_by: str
    asked_at: datetime
    policy: Mapping[str, Any]
    """The draft as it was when it was asked for."""
    training_cost: Decimal | None = None
    """Rupiah for one entitlement to training."""
    state: Literal["queued", "running", "done", "failed"] = "queued"
    looked_at: int = 0
    total: int | None = None
    starts: int = 0
    """How often it was begun: one that ends the process each time is given up."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    why: str | None = None
    """Why it has failed, for whoever asked."""
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRound:
    """One day's look at all cards for periods that are to be closed by themselves."""

    id: str
    """The day, ISO, in UTC."""
    after: str = ""
    """The last employee looked at; a round that was cut off goes on behind them."""
    looked_at: int = 0
    closed: int = 0
    refused: int = 0
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The nominations of one policy at the end of one period, to be made or made."""

    id: str
    """Policy and period, e.g. ``plaju@1:2026-11``."""
    unit_path: str
    policy: str
    period: str
    asked_at: datetime
    begun_at: datetime | None = None
    """When it was last begun; what is closed from then on asks for it anew."""
    nominated: int = 0
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrganisationResult:
    """What an organisation achieved in a period, as HR has set it."""

    id: str
    unit_path: str
    period: str
    predikat: str
    rated_by: str
    rated_at: datetime


def at_or_above(unit_path: str, period: str) -> dict[str, Any]:
    """The filter for what was set for a unit, or for one above it, in a period."""
    segments = unit_path.strip("/").split("/")
    paths = ["/" + "/".join(segments[:depth]) + "/" for depth in range(1, len(segments) + 1)]
    return {"path": {"$in": paths}, "period": period}


def nearest(found: Iterable[OrganisationResult]) -> OrganisationResult | None:
    """The result of the organisation that people belong to first of all; the latest where it bore two paths."""
    return max(found, key=lambda one: (len(one.unit_path), one.rated_at), default=None)


def organisation_id(unit_path: str, period: str) -> str:
    """Under which id the predikat of an organisation is kept."""
    return f"{unit_path}:{period}"
