"""Commands and the consumer at one scorecard at the same moment, on the real database: each takes effect, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from appraisal import consumers
from appraisal.domain.scorecard import Scorecard
from embedded.stack import Stack
from kinara.contracts.appraisal import ProgressReported, ScoreUpdated
from kinara.kit.fold import Folder
from kinara.kit.mongo import Database, Listener
from kinara.kit.testing import Deliverer
from kinara.kit.topics import Registry

Rows = Callable[..., Awaitable[list[dict[str, Any]]]]
NOVEMBER = "2026-11"
ROUNDS = 12


class GivenUp(Listener):
    """Counts the transactions that had to start afresh."""

    def __init__(self) -> None:
        self.transactions = 0

    def started(self, event: Any) -> None:
        """A command leaves for the server."""
        self.transactions += event.command_name == "abortTransaction"

    def succeeded(self, event: Any) -> None:
        """Of no interest."""

    def failed(self, event: Any) -> None:
        """Of no interest."""


@pytest.fixture
def given_up() -> GivenUp:
    return GivenUp()


@pytest.fixture
async def consumer(servers: Stack, prepared: Database, given_up: GivenUp) -> AsyncIterator[Database]:
    """The connection of the process that consumes."""
    database = Database(servers.mongo_url, prepared.name, listeners=[given_up])
    yield database
    database.close()


@pytest.fixture
async def folder(consumer: Database, registry: Registry) -> Folder:
    folder = Folder(consumers.inbox, consumer, "appraisal.score.nasional", registry.services)
    await folder.prepare()
    return folder


@pytest.mark.parametrize("process", ["the consumer's process", "another process"])
async def test_commands_and_batches_about_one_employee_each_take_effect_exactly_once(
    process: str,
    consumer: Database,
    prepared: Database,
    given_up: GivenUp,
    office: Any,
    town: Any,
    deliver: Deliverer,
    card: Callable[[str], Awaitable[Scorecard]],
    effects: Rows,
    heard: Callable[[], Awaitable[list[Any]]],
    said: Rows,
) -> None:
    """In each round four meet: a report, the verification of the one before, a rating, and a batch that comes twice.

    Inside the consumer's process they wait in line for one another; another process only meets them in the database.
    """
    office.database = consumer if process == "the consumer's process" else prepared
    superior = await town.officer()
    officer = await town.officer(superior=superior)
    asked = office.superior(superior)
    await office.agree(officer, asked, period=NOVEMBER)
    reports, voices = [await office.report(officer)], []

    for turn in range(ROUNDS):
        batch = [town.voice(officer, rating) for rating in (4, 2, 1)]
        report, *_ = await asyncio.gather(
            office.report(officer),
            office.verify(officer, reports[-1], asked),
            office.rate(officer, asked, 1 + turn % 5),
            deliver(*batch),
        )
        reports.append(report)
        voices += [voice.feedback_id for voice in batch]

    assert given_up.transactions > ROUNDS / 2, "they hardly met"
    kept = await card(officer)
    month = kept.months[NOVEMBER]
    done = month.progress["berkas"]
    assert (done.verified, done.unverified, month.pending.keys()) == (ROUNDS, 1, {reports[-1]})
    assert (month.votes.count, month.votes.thirds) == (len(voices), 21 * ROUNDS)
    recorded = await effects(officer)
    _each_recorded_once(recorded, {"berkas": 1, superior: ROUNDS} | dict.fromkeys(voices, 1), reports)
    _adding_up(recorded, kept)
    _one_story(await said(), await heard(), kept, reports)


def _each_recorded_once(recorded: list[dict[str, Any]], others: dict[str, int], reports: list[str]) -> None:
    """Every report made and verified, but for the last, which is not verified; all else as often as it happened."""
    assert len({row["id"] for row in recorded}) == len(recorded)
    times = Counter(row["ref"] for row in recorded if row["part"] != "context")
    assert times == others | dict.fromkeys(reports, 2) | {reports[-1]: 1}


def _adding_up(recorded: list[dict[str, Any]], kept: Scorecard) -> None:
    """What the month opened with and every change of it are its components."""
    opened = next(row["opened"][NOVEMBER] for row in recorded if NOVEMBER in row["opened"])
    for part in ("K", "M", "B"):
        changes = sum((row["deltas"].get(NOVEMBER, {}).get(part, Decimal(0)) for row in recorded), opened[part])
        assert changes == kept.scores[NOVEMBER].components[part]


def _one_story(rows: list[dict[str, Any]], facts: list[Any], kept: Scorecard, reports: list[str]) -> None:
    """In the order of their versions the facts follow from one another, and end with the card as it stands."""
    versions = [row["version"] for row in rows]
    assert sorted(versions) == list(range(1, len(versions) + 1))
    told = [fact for _, fact in sorted(zip(versions, facts, strict=True), key=lambda one: one[0])]
    assert [fact.report_id for fact in told if isinstance(fact, ProgressReported)] == reports
    moves = [fact for fact in told if isinstance(fact, ScoreUpdated)]
    assert [move.previous_score for move in moves] == [None, *(move.score for move in moves[:-1])]
    assert [move.previous_predikat for move in moves] == [None, *(move.predikat for move in moves[:-1])]
    now = kept.scores[NOVEMBER]
    assert (moves[-1].score, moves[-1].predikat) == (now.s, now.predikat)
