"""What an attack comes to in the satisfaction index: feedback's weights, appraisal's formulas (reference §5.5).

Twelve citizens with tickets rate an officer 3.2 on average, an IKM of 80; fifty anonymous fours of one address follow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from appraisal.domain import measures
from appraisal.domain.components import shown
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies, Policy, parse_policy
from appraisal.domain.scorecard import Scorecard
from appraisal.domain.tallies import Votes
from feedback.commands import Choice, Voice, decide, give_feedback
from feedback.domain.guard import ANONYMOUS, TICKET, VERIFIED
from feedback.domain.sender import Sender
from feedback.store import SUBJECTS
from kinara.contracts import ROOTS, Event, events_said_by
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM
from kinara.kit.work import Work

D = Decimal
MEAN = D("3.2")
POLICIES = Path(__file__).parents[2] / "services" / "appraisal" / "appraisal" / "policies"
FACTS = {event.type(): event for service in ROOTS for event in events_said_by(service)}
AT = datetime(2026, 11, 14, 3, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def policies() -> Policies:
    """The policies that are shipped."""
    return Policies(parse_policy(yaml.safe_load(path.read_text())) for path in sorted(POLICIES.glob("*.yaml")))


@pytest.fixture(scope="module")
def policy(policies: Policies) -> Policy:
    """Plaju's: a prior of 3.2 with the strength of fifteen votes."""
    return policies.for_unit("/16.71/plaju", date(2026, 11, 14))


def votes(*groups: tuple[Decimal, Decimal]) -> Votes:
    """Votes of so much weight with such a mean."""
    return Votes(sum((w for w, _ in groups), D(0)), sum((3 * w * x for w, x in groups), D(0)))


def ikm(cast: Votes, policy: Any) -> Decimal:
    return shown(25 * measures.mean_rating(cast, policy))


def test_the_ladder_of_a_stuffed_ballot(policy: Policy) -> None:
    honest, stuffed = (12 * TICKET, MEAN), D(4)
    naive = SimpleNamespace(satisfaction=SimpleNamespace(mean=MEAN, strength=D(0)))

    assert round(ikm(votes((D(12), MEAN), (D(50), stuffed)), naive), 1) == D("96.1"), "every voice alike: mutu A"
    assert ikm(votes((D(12), MEAN), (D(50), stuffed)), policy) == D("92.99"), "and shrunk"
    assert round(ikm(votes(honest, (50 * ANONYMOUS, stuffed)), policy), 1) == D("85.4"), "and weighed by trust"
    assert ikm(votes(honest), policy) == D("80.00"), "the honest truth"


def test_the_ladder_of_a_ballot_stuffed_by_verified_people(policy: Policy) -> None:
    honest = (12 * TICKET, MEAN)

    assert ikm(votes(honest, (50 * VERIFIED, D(4))), policy) == D("89.62"), "fifty real people who were not served"
    assert ikm(votes(honest, (VERIFIED, D(4))), policy) == D("80.36"), "one of them, as often as they like"
    assert ikm(votes((12 * VERIFIED, MEAN), (50 * ANONYMOUS, D(4))), policy) == D("86.45"), "half the honest weight"


async def test_a_person_who_speaks_fifty_times_has_one_voice(prepared: Database, town: Any, policy: Policy) -> None:
    unit, officer = await town.unit(), await town.officer()
    for _ in range(12):
        code = (await town.ticket(unit, officer)).code
        await give_feedback(Work(prepared), Voice(officer, None, 3, "", code), b"s")

    for number in range(50):
        who = Sender(address=f"103.10.60.{number}", device=f"{number:022}", person="warga-1", secret=b"s")
        await give_feedback(Work(prepared), Voice(officer, None, 4, "", None), b"s", who, fewest=100)

    counted = (await Work(prepared).get(SUBJECTS, officer, SYSTEM)).state
    assert (counted.votes, counted.weight, counted.weighted) == (13, D("12.5"), D(38))


async def test_the_cap_leaves_81_4_of_it(prepared: Database, town: Any, policy: Policy) -> None:
    unit, officer = await town.unit(), await town.officer()
    for _ in range(12):
        code = (await town.ticket(unit, officer)).code
        await give_feedback(Work(prepared), Voice(officer, None, 3, "", code), b"s")
    stuffer = Sender(address="103.10.60.7", secret=b"s")

    given = [
        await give_feedback(Work(prepared), Voice(officer, None, 4, "", None), b"s", stuffer, fewest=100)
        for _ in range(50)
    ]

    weight = sum((g.trust for g in given), D(0))
    assert weight == 2
    assert round(ikm(votes((12 * TICKET, MEAN), (weight, D(4))), policy), 1) == D("81.4"), "mutu B, not A"


@pytest.mark.parametrize(
    ("count", "rating", "expected"), [(2, 1, "73.5"), (40, 2, "58.2")], ids=["two angry votes", "a real problem"]
)
async def test_bad_luck_moves_little_and_a_real_problem_shows(
    prepared: Database, town: Any, policy: Policy, count: int, rating: int, expected: str
) -> None:
    unit, officer = await town.unit(), await town.officer()
    codes = [(await town.ticket(unit, officer)).code for _ in range(count)]

    given = [
        await give_feedback(Work(prepared), Voice(officer, None, rating, "", code), b"s", fewest=100) for code in codes
    ]

    weight = sum((g.trust for g in given), D(0))
    assert weight == count
    assert round(ikm(votes((weight, D(rating))), policy), 1) == D(expected)


async def test_a_burst_moves_no_score_until_it_is_released(
    prepared: Database, town: Any, policies: Policies, said: Callable[..., Any]
) -> None:
    officer = await town.officer()
    for number in range(23):
        who = Sender(address=f"103.10.0.{number}", secret=b"s")
        work = Work(prepared, now=lambda: AT)
        await give_feedback(work, Voice(officer, None, 3 if number < 20 else 1, "", None), b"s", who)
    burst = f"{officer}/2026-11-14T03/tanpa-karcis"

    async def score() -> Decimal | None:
        """What appraisal's folds make of all that was said."""
        card = Scorecard(officer, "16", "/16.71/plaju")
        for row in await said():
            event: Event = FACTS[row["type"]].model_validate_json(row["data"])
            card = FOLDS[type(event)](card, event, policies)[0]
        return card.scores["2026-11"].components["M"]

    without = await score()
    assert shown(without or D(0)) == expected(D(4), 3, D(0), 1, policies)
    await decide(Work(prepared), SYSTEM, Choice(burst=burst), "release", "Keluhan yang nyata")
    assert (await score() or 0) < (without or 0)
    assert shown(await score() or D(0)) == expected(D(4), 3, D("0.6"), 1, policies)


def expected(weight: Decimal, rating: int, more: Decimal, other: int, policies: Policies) -> Decimal:
    policy = policies.for_unit("/16.71/plaju", AT.date())
    mean = measures.mean_rating(votes((weight, D(rating)), (more, D(other))), policy)
    return shown(measures.formula.satisfaction(mean))
