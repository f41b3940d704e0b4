"""Feedback's commands on the real database: what is counted, said and undone, and what is refused without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from feedback import commands, store
from feedback.commands import Voice
from feedback.domain import receipt, refusals
from feedback.domain.answering import UNSUR
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from feedback.store import FEEDBACK, SUBJECTS, TALLIES, TICKETS
from kinara.contracts.feedback import FeedbackReceived, FeedbackWithdrawn, SurveyAnswered
from kinara.contracts.personnel import EmployeeSeparated
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.saved import IDEMPOTENCY
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.work import Idempotency, NotFound, Work

Said = Callable[[], Awaitable[list[dict[str, Any]]]]

SECRET = b"a secret of the test"
TYPES = {event.type(): event for event in (FeedbackReceived, FeedbackWithdrawn, SurveyAnswered)}
FOURS = dict.fromkeys(UNSUR, 4)


def about(employee_id: str | None = None, unit_id: str | None = None, **words: Any) -> Voice:
    return replace(Voice(employee_id, unit_id, 4, "", None), **words)


async def heard(said: Said) -> list[Any]:
    return [TYPES[row["type"]].model_validate_json(row["data"]) for row in await said()]


async def subject(database: Database, id_: str) -> Subject:
    return (await Work(database).get(SUBJECTS, id_, SYSTEM)).state


def tally(state: Subject) -> tuple[Any, ...]:
    return state.votes, state.weight, state.weighted, state.guard.verified


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All that is stored, for "left nothing behind"."""
    names = [collection.name for collection in store.COLLECTIONS] + ["outbox"]
    return {name: await database.find(name, {}, sort=[("_id", 1)]) for name in names}


class TestTickets:
    async def test_a_ticket_is_of_the_unit_and_its_officer(self, prepared: Database, town: Any) -> None:
        unit_id, officer_id = await town.unit(), await town.officer()

        ticket = await town.ticket(unit_id, officer_id)

        kept = (await Work(prepared).get(TICKETS, ticket.id, SYSTEM)).state
        assert (kept.unit_id, kept.employee_id, kept.used, kept.code) == (unit_id, officer_id, False, ticket.code)

    async def test_outside_the_counters_units_there_is_no_unit(self, prepared: Database, town: Any) -> None:
        unit_id, officer_id = await town.unit(), await town.officer()
        before = await everything(prepared)

        for scope, id_ in [
            (Scope(paths=("/96.71",)), unit_id),
            (Scope(), unit_id),
            (SYSTEM, officer_id),  # an officer is no unit
            (SYSTEM, new_id()),
        ]:
            with pytest.raises(NotFound):
                await commands.issue_ticket(Work(prepared), scope, id_, None, "Penerbitan KTP")
        assert await everything(prepared) == before

    async def test_an_unknown_officer_is_named(self, prepared: Database, town: Any) -> None:
        unit_id = await town.unit()

        for unknown in (new_id(), unit_id):  # a unit is no officer
            with pytest.raises(refusals.SubjectUnknown) as refusal:
                await town.ticket(unit_id, unknown)
            assert refusal.value.field == "employee_id"
        with pytest.raises(refusals.OfficerElsewhere):
            await town.ticket(unit_id, await town.officer("/16.71/ilir"))
        assert await prepared[TICKETS.name].count_documents({}) == 0


class TestGiving:
    async def test_a_voice_counts_and_is_said_without_its_words(
        self, prepared: Database, town: Any, said: Said
    ) -> None:
        officer_id = await town.officer()

        given = await commands.give_feedback(
            Work(prepared), about(officer_id, rating=3, text="Cepat dan ramah"), SECRET
        )

        (fact,) = await heard(said)
        assert (fact.feedback_id, fact.employee_id, fact.rating, fact.has_text) == (given.id, officer_id, 3, True)
        counted = await subject(prepared, officer_id)
        assert (counted.votes, counted.weight, counted.weighted) == (1, Decimal("0.2"), Decimal("0.6"))
        kept = (await Work(prepared).get(FEEDBACK, given.id, SYSTEM)).state
        assert (kept.text, kept.receipt) == ("Cepat dan ramah", given.receipt)

    @pytest.mark.parametrize(("with_ticket", "trust"), [(True, Decimal("1.0")), (False, Decimal("0.2"))])
    async def test_a_ticket_gives_full_weight(
        self, prepared: Database, town: Any, with_ticket: bool, trust: Decimal
    ) -> None:
        officer_id = await town.officer()
        code = (await town.ticket(await town.unit(), officer_id)).code if with_ticket else None

        given = await commands.give_feedback(Work(prepared), about(officer_id, code=code), SECRET)

        assert given.trust == trust
        assert (await subject(prepared, officer_id)).weight == trust

    async def test_a_ticket_alone_names_whom_it_is_about(self, prepared: Database, town: Any, said: Said) -> None:
        unit_id, officer_id = await town.unit(), await town.officer()
        for ticket in (await town.ticket(unit_id, officer_id), await town.ticket(unit_id)):
            await commands.give_feedback(Work(prepared), about(code=ticket.code.lower()), SECRET)

        assert [fact.employee_id for fact in await heard(said)] == [officer_id, None]

    async def test_an_officer_named_with_a_unit_must_serve_there(self, prepared: Database, town: Any) -> None:
        officer_id = await town.officer("/16.71/plaju")
        here, above, elsewhere = [await town.unit(path) for path in ("/16.71/plaju", "/16.71", "/16.71/ilir")]
        for unit_id in (here, above):
            await commands.give_feedback(Work(prepared), about(officer_id, unit_id), SECRET)
        before = await everything(prepared)

        with pytest.raises(refusals.OfficerElsewhere) as refusal:
            await commands.give_feedback(Work(prepared), about(officer_id, elsewhere), SECRET)

        assert refusal.value.field == "employee_id"
        assert await everything(prepared) == before

    async def test_a_ticket_vouches_for_an_officer_who_has_moved(
        self, prepared: Database, town: Any, deliver: Deliverer, said: Said
    ) -> None:
        unit_id, officer_id = await town.unit("/16.71/plaju"), await town.officer("/16.71/plaju")
        ticket = await town.ticket(unit_id, officer_id)
        other = await town.unit("/16.71/ilir")
        await deliver(town.registration(officer_id, "/16.71/ilir", other))

        await commands.give_feedback(Work(prepared), about(officer_id, unit_id, code=ticket.code), SECRET)

        (fact,) = await heard(said)
        assert (fact.employee_id, fact.unit_id, fact.unit_path) == (officer_id, unit_id, "/16.71/plaju")

    @pytest.mark.parametrize(
        ("employee", "unit", "field"),
        [
            pytest.param("stranger", None, "employee_id", id="unknown officer"),
            pytest.param(None, "stranger", "unit_id", id="unknown unit"),
            pytest.param("unit", None, "employee_id", id="a unit as officer"),
            pytest.param(None, "officer", "unit_id", id="an officer as unit"),
            pytest.param("officer", "stranger", "unit_id", id="officer in an unknown unit"),
            pytest.param(None, None, "unit_id", id="nobody at all"),
        ],
    )
    async def test_an_unknown_subject_is_named_and_nothing_is_kept(
        self, prepared: Database, town: Any, employee: str | None, unit: str | None, field: str
    ) -> None:
        ids = {"unit": await town.unit(), "officer": await town.officer(), "stranger": new_id()}
        asked = about(ids.get(employee or ""), ids.get(unit or ""))
        before = await everything(prepared)

        with pytest.raises(refusals.SubjectUnknown) as refusal:
            await commands.give_feedback(Work(prepared), asked, SECRET)

        assert refusal.value.field == field
        assert await everything(prepared) == before

    @pytest.mark.parametrize(
        ("words", "refused", "field"),
        [
            pytest.param({"rating": 5}, refusals.InvalidRating, "rating", id="rating"),
            pytest.param({"text": "x" * 2001}, refusals.TextTooLong, "text", id="text"),
            pytest.param({"code": "AAAA-AAAA-A"}, refusals.TicketRefused, "ticket", id="ticket"),
        ],
    )
    async def test_what_cannot_be_is_named_and_nothing_is_kept(
        self, prepared: Database, town: Any, words: dict[str, Any], refused: type[refusals.Refusal], field: str
    ) -> None:
        officer_id = await town.officer()
        before = await everything(prepared)

        with pytest.raises(refused) as refusal:
            await commands.give_feedback(Work(prepared), about(officer_id, **words), SECRET)

        assert refusal.value.field == field
        assert await everything(prepared) == before

    async def test_a_refused_voice_does_not_use_up_its_ticket(self, prepared: Database, town: Any) -> None:
        officer_id, other_id = await town.officer(), await town.officer()
        ticket = await town.ticket(await town.unit(), officer_id)

        with pytest.raises(refusals.TicketForAnother):
            await commands.give_feedback(Work(prepared), about(other_id, code=ticket.code), SECRET)

        assert not (await Work(prepared).get(TICKETS, ticket.id, SYSTEM)).state.used

    async def test_who_has_left_cannot_be_rated(self, prepared: Database, town: Any, deliver: Deliverer) -> None:
        officer_id = await town.officer()
        left = {"employee_id": officer_id, "reason": "retired", "effective_on": "2026-12-01"}
        place = town.registration(officer_id, "/16.71/plaju", new_id()).model_dump(include={"province", "unit_path"})
        await deliver(EmployeeSeparated.model_validate(left | place))

        with pytest.raises(refusals.SubjectInactive) as refusal:
            await commands.give_feedback(Work(prepared), about(officer_id), SECRET)
        assert refusal.value.field == "employee_id"

    async def test_one_ticket_gives_one_vote_under_twenty_requests_at_once(
        self, prepared: Database, town: Any, said: Said
    ) -> None:
        officer_id = await town.officer()
        ticket = await town.ticket(await town.unit(), officer_id)

        outcomes = await asyncio.gather(
            *(commands.give_feedback(Work(prepared), about(officer_id, code=ticket.code), SECRET) for _ in range(20)),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, commands.Given) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, refusals.TicketUsed) for outcome in outcomes) == 19
        assert (await subject(prepared, officer_id)).votes == len(await said()) == 1

    async def test_a_ticket_is_for_a_rating_or_a_survey_answer_not_both(self, prepared: Database, town: Any) -> None:
        unit_id = await town.unit()
        ticket = await town.ticket(unit_id)
        await commands.answer_survey(Work(prepared), None, unit_id, FOURS, ticket.code)

        with pytest.raises(refusals.TicketUsed):
            await commands.give_feedback(Work(prepared), about(None, unit_id, code=ticket.code), SECRET)

    async def test_twenty_voices_at_once_are_all_counted_in_versions_without_gaps(
        self, prepared: Database, town: Any, said: Said
    ) -> None:
        officer_id = await town.officer()

        await asyncio.gather(*(commands.give_feedback(Work(prepared), about(officer_id), SECRET) for _ in range(20)))

        assert (await subject(prepared, officer_id)).votes == 20
        assert sorted(row["version"] for row in await said()) == list(range(1, 21))


class TestWithdrawing:
    async def test_it_undoes_exactly_what_was_counted(self, prepared: Database, town: Any, said: Said) -> None:
        officer_id = await town.officer()
        await commands.give_feedback(Work(prepared), about(officer_id, rating=2), SECRET)
        before = await subject(prepared, officer_id)
        given = await commands.give_feedback(Work(prepared), about(officer_id, rating=1, text="Lambat"), SECRET)

        withdrawn = await commands.withdraw_feedback(Work(prepared), given.receipt, receipt.key_of(given.id, SECRET))

        assert (withdrawn.status, withdrawn.text) == ("withdrawn", "")
        assert tally(await subject(prepared, officer_id)) == tally(before)
        received, fact = (await heard(said))[1:]
        undone = {"feedback_id", "employee_id", "unit_id", "rating", "trust", "given_at", "province", "unit_path"}
        assert fact.model_dump(include=undone) == received.model_dump(include=undone)

    async def test_the_words_are_gone_from_everything_that_is_stored(self, prepared: Database, town: Any) -> None:
        work = Work(prepared, idempotency=Idempotency("public:/v1/feedback:k-12345678", "f"))
        given = await commands.give_feedback(work, about(await town.officer(), text="RAHASIA WARGA"), SECRET)
        assert "RAHASIA" in str(await everything(prepared))

        await commands.withdraw_feedback(Work(prepared), given.receipt, receipt.key_of(given.id, SECRET))

        kept = [await everything(prepared), await prepared.find(IDEMPOTENCY, {})]
        assert given.receipt in str(kept)
        assert "RAHASIA" not in str(kept)

    async def test_it_happens_once_even_when_asked_ten_times_at_once(
        self, prepared: Database, town: Any, said: Said
    ) -> None:
        officer_id = await town.officer()
        given = await commands.give_feedback(Work(prepared), about(officer_id), SECRET)
        key = receipt.key_of(given.id, SECRET)

        outcomes = await asyncio.gather(
            *(commands.withdraw_feedback(Work(prepared), given.receipt, key) for _ in range(10)),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, refusals.AlreadyWithdrawn) for outcome in outcomes) == 9
        assert (await subject(prepared, officer_id)).votes == 0
        assert [type(fact) for fact in await heard(said)] == [FeedbackReceived, FeedbackWithdrawn]

    @pytest.mark.parametrize(
        ("number", "key", "refused", "field"),
        [
            pytest.param(None, "other", refusals.WrongKey, "key", id="the key of another feedback"),
            pytest.param(None, "typo", refusals.KeyMistyped, "key", id="a mistyped key"),
            pytest.param("unknown", "own", refusals.ReceiptUnknown, "receipt", id="an unknown number"),
            pytest.param("typo", "own", refusals.ReceiptMistyped, "receipt", id="a mistyped number"),
        ],
    )
    async def test_only_its_receipt_takes_it_back(
        self,
        prepared: Database,
        town: Any,
        number: str | None,
        key: str,
        refused: type[refusals.Refusal],
        field: str,
    ) -> None:
        given = await commands.give_feedback(Work(prepared), about(await town.officer()), SECRET)
        numbers = {"unknown": receipt.number_of(new_id(), datetime.now(UTC)), "typo": "FB-2611-AAAA-AAAA-0"}
        keys = {"own": receipt.key_of(given.id, SECRET), "other": receipt.key_of(new_id(), SECRET), "typo": "AAAA"}
        before = await everything(prepared)

        with pytest.raises(refused) as refusal:
            await commands.withdraw_feedback(Work(prepared), numbers.get(number or "", given.receipt), keys[key])

        assert refusal.value.field == field
        assert await everything(prepared) == before


class TestSurvey:
    async def test_an_answer_is_counted_in_its_unit_and_month_and_said(
        self, prepared: Database, town: Any, said: Said
    ) -> None:
        unit_id, officer_id = await town.unit(), await town.officer()
        march = Work(prepared, now=lambda: datetime(2026, 3, 31, 16, 59, tzinfo=UTC))  # still March in Palembang
        april = Work(prepared, now=lambda: datetime(2026, 3, 31, 17, 0, tzinfo=UTC))

        await commands.answer_survey(march, officer_id, None, FOURS, None)
        await commands.answer_survey(april, None, unit_id, FOURS | {"u9": 1}, None)

        tallies: dict[str, Tally] = {
            kept.state.period: kept.state for kept in await Work(prepared).find(TALLIES, SYSTEM, {})
        }
        assert {period: (t.unit_id, t.answers, sum(t.sums)) for period, t in tallies.items()} == {
            "2026-03": (unit_id, 1, 36),
            "2026-04": (unit_id, 1, 33),
        }
        first, second = await heard(said)
        assert (first.employee_id, first.u9, second.employee_id, second.u9) == (officer_id, 4, None, 1)

    async def test_twenty_answers_at_once_are_all_counted(self, prepared: Database, town: Any, said: Said) -> None:
        unit_id = await town.unit()

        await asyncio.gather(*(commands.answer_survey(Work(prepared), None, unit_id, FOURS, None) for _ in range(20)))

        tallies = [kept.state for kept in await Work(prepared).find(TALLIES, SYSTEM, {})]
        assert (sum(tally.answers for tally in tallies), len(await said())) == (20, 20)

    async def test_a_missing_unsur_is_named_and_nothing_is_kept(self, prepared: Database, town: Any) -> None:
        unit_id = await town.unit()
        before = await everything(prepared)

        with pytest.raises(refusals.InvalidAnswer) as refusal:
            await commands.answer_survey(Work(prepared), None, unit_id, FOURS | {"u5": 0}, None)

        assert refusal.value.field == "u5"
        assert await everything(prepared) == before

    async def test_an_expired_ticket_is_refused(self, prepared: Database, town: Any) -> None:
        unit_id = await town.unit()
        ticket = await town.ticket(unit_id)
        later = Work(prepared, now=lambda: ticket.expires_at + timedelta(seconds=1))

        with pytest.raises(refusals.TicketExpired) as refusal:
            await commands.answer_survey(later, None, unit_id, FOURS, ticket.code)
        assert refusal.value.field == "ticket"
