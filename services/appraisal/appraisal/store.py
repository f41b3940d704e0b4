"""Appraisal's collections, and the policies as they are kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml
from kinara.kit import log
from kinara.kit.documents import Collection, Index
from kinara.kit.leases import LEASES, Holding
from kinara.kit.mongo import Database
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from appraisal.domain.answering import Submission, Words
from appraisal.domain.awarding import Nomination
from appraisal.domain.catalogue import parse_catalogue
from appraisal.domain.closing import ClosedPeriod
from appraisal.domain.coaching import CoachingCase
from appraisal.domain.evidence import Evidence, Part
from appraisal.domain.leniency import Rater
from appraisal.domain.panel import Answer, Panel
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.refusals import Refusal
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.skp import Skp
from appraisal.domain.units import UnitCard
from appraisal.domain.verdict import Verdict

SHIPPED = Path(__file__).with_name("policies")
CATALOGUE = parse_catalogue(yaml.safe_load(Path(__file__).with_name("indicators.yaml").read_text()))
"""The shipped indicators; a file that cannot be read stops the start."""
FRESH_S = 2.0
MOST_POLICIES = 10_000
IN_FORCE = "policies in force"  # the document that is written with each of them
_log = log.get("policies")


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


def organisation_id(unit_path: str, period: str) -> str:
    """Under which id the predikat of an organisation is kept."""
    return f"{unit_path}:{period}"


SCORECARDS: Collection[Scorecard] = Collection(
    "scorecards",
    Scorecard,
    key="employee_id",
    about=("employee",),
    blank=lambda id_, province: Scorecard(id_, province, ""),
    supervisor="person.supervisor_id",
    indexes=(Index(("person.supervisor_id", "_id")),),
)
UNITS: Collection[UnitCard] = Collection(
    "units",
    UnitCard,
    key="unit_id",
    about=("unit",),
    blank=lambda id_, province: UnitCard(id_, province, ""),
    bears=lambda _: True,
)
CLOSED: Collection[ClosedPeriod] = Collection(
    "closed_periods",
    ClosedPeriod,
    owner="employee_id",
    supervisor="person.supervisor_id",
    indexes=(Index(("path", "period")), Index(("employee_id", "period"))),
)
VERDICTS: Collection[Verdict] = Collection(
    "verdicts",
    Verdict,
    owner="employee_id",
    supervisor="appraiser_id",
    indexes=(Index(("appraiser_id", "_id")), Index(("superior_id", "_id")), Index(("employee_id", "_id"))),
)
ABOVE: Collection[Verdict] = Collection("verdicts", Verdict, owner="employee_id", supervisor="superior_id")
"""The same verdicts for those who sign and decide on objections: the appraisers' superiors."""
CASES: Collection[CoachingCase] = Collection(
    "coaching_cases",
    CoachingCase,
    owner="employee_id",
    supervisor="supervisor_id",
    indexes=(Index(("employee_id", "state")), Index(("supervisor_id", "_id"))),
)
AWARDS: Collection[Nomination] = Collection(
    "awards", Nomination, owner="employee_id", indexes=(Index(("code", "period")), Index(("employee_id", "_id")))
)
BALLOTS: Collection[Ballot] = Collection("ballots", Ballot, indexes=(Index(("ended_at", "_id")),))
ORGANISATIONS: Collection[OrganisationResult] = Collection("organisation_predikat", OrganisationResult)
ROUNDS: Collection[ClosingRound] = Collection("closing_rounds", ClosingRound, scoped=False)
PLANS: Collection[Skp] = Collection("skp", Skp, owner="employee_id")
RATERS: Collection[Rater] = Collection("raters", Rater, scoped=False)
POLICIES: Collection[StoredPolicy] = Collection("policies", StoredPolicy, scoped=False)
DRAFTS: Collection[PolicyDraft] = Collection("policy_drafts", PolicyDraft)
SIMULATIONS: Collection[SimulationRun] = Collection(
    "simulations", SimulationRun, indexes=(Index(("state", "_id")), Index(("draft_id", "_id")))
)
REPORTS: Collection[Submission] = Collection(
    "reports",
    Submission,
    owner="employee_id",
    indexes=(
        Index(("employee_id", "state")),
        Index(("answered_by", "answered_at")),
        Index(("supervisor_id", "settled_at")),
    ),
)
WORDS: Collection[Words] = Collection(
    "report_words", Words, owner="employee_id", indexes=(Index(("report_id", "_id")),)
)
EVIDENCE: Collection[Evidence] = Collection(
    "evidence", Evidence, owner="employee_id", indexes=(Index(("report_id", "_id")),)
)
EVIDENCE_PARTS: Collection[Part] = Collection("evidence_parts", Part, scoped=False)
"""Reached only through a piece of evidence."""
PANELS: Collection[Panel] = Collection(
    "panels",
    Panel,
    owner="employee_id",
    indexes=(Index(("employee_id", "period"), unique=True), Index(("invited.employee_id", "closes_at"))),
)
ANSWERS: Collection[Answer] = Collection("panel_answers", Answer, scoped=False, indexes=(Index(("panel_id", "_id")),))
"""Nobody's: not even a unit's, and read only as a whole."""

COLLECTIONS: tuple[Collection[Any], ...] = (
    SCORECARDS,
    UNITS,
    CLOSED,
    VERDICTS,
    CASES,
    AWARDS,
    BALLOTS,
    ORGANISATIONS,
    ROUNDS,
    PLANS,
    RATERS,
    POLICIES,
    DRAFTS,
    SIMULATIONS,
    REPORTS,
    WORDS,
    EVIDENCE,
    EVIDENCE_PARTS,
    PANELS,
    ANSWERS,
    LEASES, LEFT,
)  # fmt: skip


@command
async def keep_policy(tx: Transaction, policy: StoredPolicy) -> None:
    """Store a policy version; a second process that ships the same one at the same moment changes nothing."""
    if not await tx.find(POLICIES, SYSTEM, {"_id": policy.id}, limit=1):
        await put_in_force(tx, policy)


async def put_in_force(tx: Transaction, policy: StoredPolicy) -> None:
    """Store a policy; refused where it cannot hold beside those that are stored: no two that exclude each other may be.

    Whoever does this writes one document, so that of two at once the later decides again on what the other stored.
    """
    await tx.find(LEASES, SYSTEM, {"_id": IN_FORCE}, limit=1)
    tx.save(LEASES, Holding(IN_FORCE, policy.id, tx.now))
    stored = await tx.find(POLICIES, SYSTEM, {}, limit=MOST_POLICIES)
    Policies(parse_policy(one.policy, one.borne) for one in (*stored, policy))
    tx.save(POLICIES, policy)


async def ship_policies(database: Database) -> None:
    """Put the shipped policies where the active ones are, once; what a region has changed stays."""
    for path in sorted(SHIPPED.glob("*.yaml")):
        data = yaml.safe_load(path.read_text())
        policy = StoredPolicy(parse_policy(data).ref, data)
        try:
            await keep_policy(Work(database), policy)
        except Refusal as refusal:  # a region has decided otherwise, and its decision stays
            _log.warning("shipped policy not taken", policy=policy.id, reason=refusal.detail)


class PolicyShelf:
    """The policies in force, read again when they are older than ``FRESH_S`` seconds.

    A policy starts with a period to come, so a process that learns of it two seconds later weighs nothing wrongly.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Policies]] = {}

    async def __call__(self, database: Database) -> Policies:
        """All policies of all units."""
        read_at, policies = self._kept.get(database.name, (0.0, Policies(())))
        if time.monotonic() - read_at > FRESH_S:
            records = await Work(database).find(POLICIES, SYSTEM, {}, limit=MOST_POLICIES)
            policies = Policies(parse_policy(one.state.policy, one.state.borne) for one in records)
            self._kept[database.name] = (time.monotonic(), policies)
        return policies


shelf = PolicyShelf()
