"""Training's commands on the real database: what is saved, what is said, and what is refused without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from kinara.contracts import Event, events_said_by
from kinara.contracts.personnel import EmployeeSeparated
from kinara.contracts.training import (
    CompetencyAttained,
    EnrolmentConfirmed,
    EnrolmentWaitlisted,
    TrainingCompleted,
)
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database
from kinara.kit.scope import SYSTEM, Scope
from kinara.kit.testing import Deliverer
from kinara.kit.work import NotFound, Work
from training import commands, store
from training.commands import Course, Schedule
from training.domain import refusals
from training.domain.enrolment import Enrolment
from training.domain.programme import Partner
from training.domain.record import Record, hours_of
from training.domain.session import Session
from training.store import ENROLMENTS, PROGRAMMES, RECORDS, SESSIONS

Said = Callable[[], Awaitable[list[dict[str, Any]]]]

TYPES = {event.type(): event for event in events_said_by("training")}
NOBODY = Scope(label="nobody")
SORONG = Scope(paths=("/96.71",), label="trainer of Sorong")


async def heard(said: Said) -> list[Event]:
    return [TYPES[row["type"]].model_validate_json(row["data"]) for row in await said()]


async def record(database: Database, employee_id: str) -> Record:
    return (await Work(database).get(RECORDS, employee_id, SYSTEM)).state


async def session_now(database: Database, session: Session) -> Session:
    return (await Work(database).get(SESSIONS, session.id, SYSTEM)).state


async def enrolment_now(database: Database, enrolment: Enrolment) -> Enrolment:
    return (await Work(database).get(ENROLMENTS, enrolment.id, SYSTEM)).state


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All that is stored, for "left nothing behind"."""
    names = [collection.name for collection in store.COLLECTIONS] + ["outbox"]
    return {name: await database.find(name, {}, sort=[("_id", 1)]) for name in names}


class TestProgrammesAndSessions:
    async def test_a_programme_belongs_to_the_unit_that_offers_it(self, prepared: Database, school: Any) -> None:
        session = await school.session(level=3)

        programme = (await Work(prepared).get(PROGRAMMES, session.programme_id, SYSTEM)).state
        assert (programme.unit_path, programme.province.code, programme.level) == ("/16.71", "16", 3)
        assert programme.partner == Partner(name="Universitas Contoh", kind="education")
        assert (session.state, session.unit_path, session.province.code) == ("open", "/16.71", "16")

    async def test_a_shipped_programme_can_be_hosted_by_any_unit(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        await store.ship_catalogue(prepared)
        shipped = (await Work(prepared).find(PROGRAMMES, SYSTEM, {}))[0].id

        session = await school.another(shipped, await town.unit("/16.71/plaju"), days=3)

        assert (session.unit_path, session.province.code) == ("/16.71/plaju", "16")

    async def test_a_closed_unit_offers_and_hosts_nothing(self, school: Any, town: Any) -> None:
        programme_id = (await school.session()).programme_id
        closed = await town.unit("/16.71/lama", active=False)
        course = Course(
            title="T", partner=Partner(name="P", kind="ngo"), jp=4, course_kind="4", competencies=["umum.a"], level=1
        )

        with pytest.raises(refusals.UnitClosed) as refusal:
            await commands.offer_programme(school.work, school.scope, closed, course)
        assert refusal.value.field == "unit_id"
        with pytest.raises(refusals.UnitClosed):
            await school.another(programme_id, closed)

    async def test_outside_the_trainers_units_there_is_nothing_to_change(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        session, unit_id = await school.session(), await town.unit("/16.71")
        schedule = Schedule(starts_on=session.starts_on, ends_on=session.ends_on, seats=1)
        before = await everything(prepared)

        for attempt in (
            commands.retire_programme(school.work, SORONG, session.programme_id),
            commands.plan_session(school.work, SORONG, session.programme_id, unit_id, schedule),
            commands.close_session(school.work, SORONG, session.id),
            commands.cancel_session(school.work, SORONG, session.id),
        ):
            with pytest.raises(NotFound):
                await attempt
        assert await everything(prepared) == before

    async def test_a_retired_programme_gets_no_new_session(self, school: Any, town: Any) -> None:
        session = await school.session()
        await commands.retire_programme(school.work, school.scope, session.programme_id)

        with pytest.raises(refusals.ProgrammeRetired) as refusal:
            await school.another(session.programme_id, await town.unit("/16.71"))
        assert refusal.value.field == "programme_id"


class TestEnrolment:
    async def test_a_seat_is_an_offer_and_is_said(self, prepared: Database, school: Any, town: Any, said: Said) -> None:
        employee_id, session = await town.employee(), await school.session(seats=1)

        place = await commands.enrol(school.work, school.scope, session.id, employee_id)

        assert (place.enrolment.status, place.place) == ("confirmed", None)
        (fact,) = await heard(said)
        assert isinstance(fact, EnrolmentConfirmed)
        assert (fact.employee_id, fact.jp, fact.enrolment_id) == (employee_id, 8, place.enrolment.id)
        assert hours_of(await record(prepared, employee_id), session.starts_on.year).offered == 8

    async def test_without_a_seat_left_one_waits_in_line(
        self, prepared: Database, school: Any, town: Any, said: Said
    ) -> None:
        session = await school.session(seats=1)
        await school.enrol(session, await town.employee())

        places = [await commands.enrol(school.work, school.scope, session.id, await town.employee()) for _ in "ab"]

        assert [(place.enrolment.status, place.place) for place in places] == [("waiting", 1), ("waiting", 2)]
        waitlisted = [fact for fact in await heard(said) if isinstance(fact, EnrolmentWaitlisted)]
        assert [fact.place for fact in waitlisted] == [1, 2]
        waiting = await record(prepared, places[0].enrolment.employee_id)
        assert hours_of(waiting, session.starts_on.year).offered == 0

    async def test_thirty_at_once_get_exactly_the_five_seats(
        self, prepared: Database, school: Any, town: Any, said: Said
    ) -> None:
        session = await school.session(seats=5)
        unit_id = await town.unit("/16.71/plaju")
        people = [town.registration(new_id(), "/16.71/plaju", unit_id) for _ in range(30)]
        await town.deliver(*people)

        places = await asyncio.gather(
            *(commands.enrol(Work(prepared), school.scope, session.id, p.employee_id) for p in people)
        )

        after = await session_now(prepared, session)
        seated = {place.enrolment.employee_id for place in places if place.enrolment.status == "confirmed"}
        assert (len(after.seated), set(after.seated)) == (5, seated)
        assert sorted(place.place for place in places if place.place) == list(range(1, 26))
        facts = await heard(said)
        assert sum(isinstance(fact, EnrolmentConfirmed) for fact in facts) == 5
        assert sum(isinstance(fact, EnrolmentWaitlisted) for fact in facts) == 25

    async def test_the_same_employee_twice_at_once_gets_one_place(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        session, employee_id = await school.session(seats=5), await town.employee()

        outcomes = await asyncio.gather(
            *(commands.enrol(Work(prepared), school.scope, session.id, employee_id) for _ in range(5)),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, refusals.AlreadyEnrolled) for outcome in outcomes) == 4
        assert (await session_now(prepared, session)).seated == (employee_id,)

    @pytest.mark.parametrize(
        "scope",
        [
            pytest.param(NOBODY, id="of nobody"),
            pytest.param(SORONG, id="of another government"),
            pytest.param(Scope(own="somebody else", reports_of="somebody else"), id="of another person"),
        ],
    )
    async def test_an_employee_out_of_reach_is_unknown(
        self, prepared: Database, school: Any, town: Any, scope: Scope
    ) -> None:
        session, employee_id = await school.session(), await town.employee()
        before = await everything(prepared)

        with pytest.raises(refusals.LearnerUnknown) as refusal:
            await commands.enrol(school.work, scope, session.id, employee_id)

        assert refusal.value.field == "employee_id"
        assert await everything(prepared) == before

    async def test_an_employee_whom_personnel_has_not_announced_is_unknown(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        session, employee_id = await school.session(), new_id()
        await town.scored(employee_id)
        before = await everything(prepared)

        for unknown in (employee_id, new_id()):
            with pytest.raises(refusals.LearnerUnknown) as refusal:
                await commands.enrol(school.work, SYSTEM, session.id, unknown)
            assert refusal.value.field == "employee_id"
        assert await everything(prepared) == before

    async def test_reports_and_oneself_are_within_reach(self, school: Any, town: Any) -> None:
        boss = await town.employee()
        report, session = await town.employee(supervisor=boss), await school.session()

        for scope, employee_id in [(Scope(reports_of=boss), report), (Scope(own=boss), boss)]:
            place = await commands.enrol(school.work, scope, session.id, employee_id)
            assert place.enrolment.status == "confirmed"

    async def test_another_governments_session_is_refused(self, prepared: Database, school: Any, town: Any) -> None:
        session, employee_id = await school.session(), await town.employee("/96.71/dinkes")
        before = await everything(prepared)

        with pytest.raises(refusals.SessionElsewhere) as refusal:
            await commands.enrol(school.work, SYSTEM, session.id, employee_id)

        assert refusal.value.field == "session_id"
        assert await everything(prepared) == before


class TestCancellation:
    async def test_a_seat_given_back_goes_to_the_first_who_waits(
        self, prepared: Database, school: Any, town: Any, said: Said
    ) -> None:
        session = await school.session(seats=1)
        seated, first, second = [await school.enrol(session, await town.employee()) for _ in range(3)]

        cancelled = await commands.cancel_enrolment(school.work, school.scope, seated.id)

        assert cancelled.status == "cancelled"
        after = await session_now(prepared, session)
        assert (after.seated, after.waiting) == ((first.employee_id,), (second.employee_id,))
        assert (await enrolment_now(prepared, first)).status == "confirmed"
        promoted = (await heard(said))[-1]
        assert isinstance(promoted, EnrolmentConfirmed)
        assert (promoted.employee_id, promoted.enrolment_id) == (first.employee_id, first.id)
        assert hours_of(await record(prepared, first.employee_id), session.starts_on.year).offered == 8

    async def test_who_left_meanwhile_is_passed_over(
        self, prepared: Database, school: Any, town: Any, deliver: Deliverer
    ) -> None:
        session = await school.session(seats=1)
        seated, gone, next_ = [await school.enrol(session, await town.employee()) for _ in range(3)]
        await deliver(
            EmployeeSeparated(
                province=session.province, unit_path="/16.71/plaju", employee_id=gone.employee_id, reason="resigned",
                effective_on=session.starts_on,
            )
        )  # fmt: skip

        await commands.cancel_enrolment(school.work, school.scope, seated.id)

        assert (await session_now(prepared, session)).seated == (next_.employee_id,)

    async def test_two_seats_given_back_at_once_reach_two_who_wait(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        session = await school.session(seats=2)
        places = [await school.enrol(session, await town.employee()) for _ in range(5)]

        await asyncio.gather(
            *(commands.cancel_enrolment(Work(prepared), school.scope, place.id) for place in places[:2])
        )

        after = await session_now(prepared, session)
        assert (after.seated, after.waiting) == (
            (places[2].employee_id, places[3].employee_id),
            (places[4].employee_id,),
        )

    async def test_outside_the_callers_reach_there_is_no_such_place(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        place = await school.enrol(await school.session(), await town.employee())
        before = await everything(prepared)

        with pytest.raises(NotFound):
            await commands.cancel_enrolment(school.work, SORONG, place.id)
        assert await everything(prepared) == before

    async def test_a_session_called_off_releases_everyone(self, prepared: Database, school: Any, town: Any) -> None:
        session = await school.session(seats=1)
        places = [await school.enrol(session, await town.employee()) for _ in range(2)]

        cancelled = await commands.cancel_session(school.work, school.scope, session.id)

        assert (cancelled.state, cancelled.seated, cancelled.waiting) == ("cancelled", (), ())
        ends = []
        for place in places:
            assert (await enrolment_now(prepared, place)).status == "cancelled"
            kept = await Work(prepared).get(RECORDS, place.employee_id, SYSTEM)
            assert hours_of(kept.state, session.starts_on.year).offered == 0
            ends.append(kept.rows[-1]["did"])
        assert ends == ["offer retracted", "waiting ended"]

    async def test_a_session_that_gave_a_certificate_is_not_called_off(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        session = await school.session()
        await school.certified(session, await town.employee())
        await school.enrol(session, await town.employee())
        before = await everything(prepared)

        with pytest.raises(refusals.SessionNotOpen) as refusal:
            await commands.cancel_session(school.work, school.scope, session.id)

        assert refusal.value.field == "session_id"
        assert await everything(prepared) == before


class TestCompletion:
    async def test_a_completion_counts_hours_shows_competencies_and_closes_the_need(
        self, prepared: Database, school: Any, town: Any, said: Said
    ) -> None:
        employee_id, session = await town.employee(), await school.session(level=2)
        await town.scored(employee_id)

        accepted = await school.certified(session, employee_id, "SERT/2026/001")

        completed, shown = (await heard(said))[-2:]
        assert isinstance(completed, TrainingCompleted)
        assert isinstance(shown, CompetencyAttained)
        assert completed.completion_id == shown.completion_id == accepted.completion.id
        assert (completed.certificate_number, completed.partner) == ("SERT/2026/001", "Universitas Contoh")
        assert (shown.competency, shown.level) == ("pelayanan.penanganan-pengaduan", 2)
        assert accepted.needs_closed == ("2026-11-a",)
        kept = await record(prepared, employee_id)
        assert not kept.open_needs
        assert kept.needs[0].closed_by == accepted.completion.id
        assert hours_of(kept, session.ends_on.year).earned == 8

    async def test_facts_about_an_employee_are_numbered_without_gaps(self, school: Any, town: Any, said: Said) -> None:
        employee_id = await town.employee()
        await school.certified(await school.session(), employee_id)

        assert [row["version"] for row in await said()] == [1, 2, 3]

    async def test_the_effect_on_the_record_bears_the_id_of_the_fact(
        self, prepared: Database, school: Any, town: Any, said: Said
    ) -> None:
        employee_id = await town.employee()
        await school.certified(await school.session(), employee_id)

        rows = (await Work(prepared).get(RECORDS, employee_id, SYSTEM)).rows
        facts = {row["id"]: row["type"] for row in await said()}
        done = {row["did"]: facts.get(row["id"]) for row in rows}
        assert done["offered"] == EnrolmentConfirmed.type()
        assert done["completed"] == TrainingCompleted.type()

    async def test_the_same_competency_is_said_again_only_at_a_higher_level(
        self, school: Any, town: Any, said: Said
    ) -> None:
        employee_id = await town.employee()
        for level in (2, 1, 2, 3):
            await school.certified(await school.session(level=level, jp=2), employee_id)

        shown = [fact.level for fact in await heard(said) if isinstance(fact, CompetencyAttained)]
        assert shown == [2, 3]

    async def test_one_certificate_proves_one_persons_learning(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        session = await school.session()
        await school.certified(session, await town.employee(), "SERT/7")
        other = await school.taught(session, await town.employee())
        before = await everything(prepared)

        with pytest.raises(refusals.CertificateUsed) as refusal:
            await commands.accept_completion(school.work, school.scope, other.id, " SERT/7 ")

        assert refusal.value.field == "certificate_number"
        assert await everything(prepared) == before

    async def test_a_certificate_entered_twice_at_once_counts_once(
        self, prepared: Database, school: Any, town: Any, said: Said
    ) -> None:
        session = await school.session()
        places = [await school.taught(session, await town.employee()) for _ in range(4)]

        outcomes = await asyncio.gather(
            *(commands.accept_completion(Work(prepared), school.scope, p.id, "SERT/8") for p in places),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, commands.Accepted) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, refusals.CertificateUsed) for outcome in outcomes) == 3
        assert sum(isinstance(fact, TrainingCompleted) for fact in await heard(said)) == 1

    async def test_a_completion_entered_twice_at_once_counts_once(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        place = await school.taught(await school.session(), await town.employee())

        outcomes = await asyncio.gather(
            *(commands.accept_completion(Work(prepared), school.scope, place.id, new_id()) for _ in range(4)),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, refusals.AlreadyCompleted) for outcome in outcomes) == 3
        assert len((await record(prepared, place.employee_id)).completions) == 1

    @pytest.mark.parametrize(
        ("days", "attend", "number", "refusal", "field"),
        [
            pytest.param(1, False, "S/1", refusals.AttendanceTooLow, "enrolment_id", id="absent"),
            pytest.param(1, True, "  ", refusals.CertificateMissing, "certificate_number", id="no certificate"),
            pytest.param(2, True, "S/1", refusals.SessionNotOver, "session_id", id="not over"),
        ],
    )
    async def test_no_hours_without_learning_and_certificate(
        self,
        prepared: Database,
        school: Any,
        town: Any,
        days: int,
        attend: bool,
        number: str,
        refusal: type[refusals.Refusal],
        field: str,
    ) -> None:
        session, employee_id = await school.session(days=days), await town.employee()
        place = await (school.taught if attend else school.enrol)(session, employee_id)
        before = await everything(prepared)

        with pytest.raises(refusal) as refused:
            await commands.accept_completion(school.work, school.scope, place.id, number)

        assert refused.value.field == field
        assert await everything(prepared) == before

    async def test_the_trainer_of_another_unit_finds_no_such_place(
        self, prepared: Database, school: Any, town: Any
    ) -> None:
        place = await school.taught(await school.session(), await town.employee())
        before = await everything(prepared)

        for attempt in (
            commands.note_attendance(school.work, SORONG, place.id, date(2026, 1, 1)),
            commands.accept_completion(school.work, SORONG, place.id, "S/1"),
        ):
            with pytest.raises(NotFound):
                await attempt
        assert await everything(prepared) == before

    async def test_attendance_noted_twice_is_noted_once(self, prepared: Database, school: Any, town: Any) -> None:
        session = await school.session()
        place = await school.taught(session, await town.employee())

        await commands.note_attendance(school.work, school.scope, place.id, session.starts_on)

        assert (await enrolment_now(prepared, place)).attended == (session.starts_on,)

    async def test_the_day_is_that_of_the_sessions_province(self, prepared: Database, school: Any, town: Any) -> None:
        session, employee_id = await school.session(), await town.employee()
        last_second = datetime.combine(session.starts_on, time(16, 59, 59), UTC)  # 23:59:59 WIB
        last = Work(prepared, now=lambda: last_second)
        after = Work(prepared, now=lambda: last_second + timedelta(seconds=1))

        with pytest.raises(refusals.SessionStarted):
            await commands.enrol(after, school.scope, session.id, employee_id)
        assert (await commands.enrol(last, school.scope, session.id, employee_id)).enrolment.status == "confirmed"

    async def test_a_closed_session_keeps_its_attendance(self, school: Any, town: Any) -> None:
        session = await school.session()
        place = await school.taught(session, await town.employee())
        await commands.close_session(school.work, school.scope, session.id)

        with pytest.raises(refusals.SessionNotOpen):
            await commands.note_attendance(school.work, school.scope, place.id, session.starts_on)
        accepted = await commands.accept_completion(school.work, school.scope, place.id, "S/1")
        assert accepted.enrolment.status == "completed"
