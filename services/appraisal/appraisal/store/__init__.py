"""Appraisal's collections, and the policies as they are kept."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import yaml
from kinara.kit import log
from kinara.kit.documents import Collection, Index
from kinara.kit.leases import LEASES, Holding
from kinara.kit.mongo import Database
from kinara.kit.paths import LEFT
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Transaction, Work, command

from appraisal.domain.answering import Submission, Words
from appraisal.domain.audits import Audit
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
from appraisal.store.documents import (
    Ballot,
    ClosingRound,
    OrganisationResult,
    PolicyDraft,
    SimulationRun,
    StoredPolicy,
    at_or_above,
    nearest,
    organisation_id,
)

__all__ = [
    "ABOVE",
    "ANSWERS",
    "AUDITS",
    "AWARDS",
    "BALLOTS",
    "CASES",
    "CATALOGUE",
    "CLOSED",
    "COLLECTIONS",
    "DRAFTS",
    "EVIDENCE",
    "EVIDENCE_PARTS",
    "FRESH_S",
    "IN_FORCE",
    "MOST_POLICIES",
    "ORGANISATIONS",
    "PANELS",
    "PLANS",
    "POLICIES",
    "RATERS",
    "REPORTS",
    "ROUNDS",
    "SCORECARDS",
    "SHIPPED",
    "SIMULATIONS",
    "UNITS",
    "VERDICTS",
    "WORDS",
    "Ballot",
    "ClosingRound",
    "OrganisationResult",
    "PolicyDraft",
    "PolicyShelf",
    "SimulationRun",
    "StoredPolicy",
    "at_or_above",
    "keep_policy",
    "nearest",
    "organisation_id",
    "put_in_force",
    "shelf",
    "ship_policies",
]

_PACKAGE = Path(__file__).parents[1]
SHIPPED = _PACKAGE / "policies"
CATALOGUE = parse_catalogue(yaml.safe_load((_PACKAGE / "indicators.yaml").read_text()))
"""The shipped indicators; a file that cannot be read stops the start."""
FRESH_S = 2.0
MOST_POLICIES = 10_000
IN_FORCE = "policies in force"  # the document that is written with each of them
_log = log.get("policies")


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
    indexes=(
        Index(("appraiser_id", "_id")),
        Index(("superior_id", "_id")),
        Index(("employee_id", "_id")),
        Index(("period", "path")),
    ),
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
AUDITS: Collection[Audit] = Collection("audits", Audit, owner="employee_id", indexes=(Index(("state", "_id")),))
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
    AUDITS,
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
