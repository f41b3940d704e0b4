"""Who waits, in which order and why, and who moves up when a seat or money is freed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from kinara.contracts import Province
from kinara.contracts.training import EnrolmentConfirmed, EnrolmentWaitlisted
from training.domain import budget as budgets
from training.domain import enrolment as places
from training.domain import session as sessions
from training.domain.budget import Budget
from training.domain.funding import Share
from training.domain.need import Need
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import Session
from training.domain.unit import Unit
from training.domain.urgency import Urgency, urgency_of
from training.domain.waiting import Waiter, move_up

Employees = Callable[[int], Record]
BEFORE = date(2026, 11, 1)
UNIT = Unit(id="u1", name="Plaju", province=Province(code="16"), unit_path="/16.71/plaju", active=True)
COACHED = Need(id="2026-10-k", component="k", topic="pelayanan", period="2026-10", reason="Pembinaan (bimbingan)")


def id_of(number: int) -> str:
    return str(UUID(int=number))


def low(score: str, topic: str = "pelayanan") -> Need:
    return Need(
        id=f"2026-10-{topic}", component="a", topic=topic, period="2026-10", reason="Rendah", score=Decimal(score),  # type: ignore[arg-type]
    )  # fmt: skip


def in_need(learner: Record, *needs: Need) -> Record:
    return replace(learner, needs=needs)


def purse(planned: int) -> Budget:
    return budgets.set_up(UNIT, 2026, Decimal(planned))


def priced(session: Session, amount: int = 100) -> Session:
    return replace(session, price=Decimal(amount), shares=(Share(source="unit", amount=Decimal(amount)),))


def queue(
    session: Session, programme: Programme, learners: list[Record], budget: Budget | None = None, first: int = 10
) -> tuple[Session, list[Waiter]]:
    """All of them enrolled in their order, as those who wait."""
    waiters = []
    for number, learner in enumerate(learners):
        session, enrolment, _ = places.enrol(id_of(first + number), session, programme, learner, BEFORE, (), budget)
        waiters.append(Waiter(enrolment, learner, programme, tuple(budgets.payers(learner.unit_path))))
    return session, waiters


def names(waiting: tuple[str, ...]) -> list[int]:
    """The numbers of employees, see the ``employee`` fixture."""
    return [UUID(id_).int - 1000 for id_ in waiting]


def test_the_order_is_need_then_coaching_then_gap_then_who_asked_first(
    session: Session, programme: Programme, employee: Employees
) -> None:
    line = [
        employee(1),
        in_need(employee(2), low("60")),
        in_need(employee(3), low("41.20")),
        in_need(employee(4), COACHED),
        in_need(employee(5), low("60")),
        in_need(employee(6), low("20", topic="teknis")),
        in_need(employee(7), COACHED, low("41.20")),
    ]

    full, _ = queue(replace(session, seats=0), programme, line)

    assert names(full.waiting) == [7, 4, 3, 2, 5, 1, 6]
    assert sessions.place_of(full, employee(7).employee_id) == 1


def test_a_gap_counts_where_the_programme_teaches_it_and_a_right_before_everything(
    session: Session, programme: Programme, employee: Employees
) -> None:
    def gap(level: int, code: str = "pelayanan.publik-digital") -> Need:
        return Need(
            id="g", component="standar", topic="pelayanan", period="2026", reason="", competency=code, level=level
        )

    served = urgency_of(in_need(employee(1), gap(1)), programme, id_of(1))
    too_high = urgency_of(in_need(employee(2), gap(2)), programme, id_of(2))
    other = urgency_of(in_need(employee(3), gap(1, "pelayanan.loket")), programme, id_of(3))
    right = urgency_of(employee(4), programme, id_of(4), entitled=True)

    assert (served.needs, too_high.needs, other.needs) == (1, 0, 0)
    assert sorted([too_high, served, right], key=lambda one: one.key) == [right, served, too_high]
    assert right.reason.startswith("Memakai hak pelatihan lanjutan. ")


def test_the_place_that_is_said_is_the_one_by_need(session: Session, programme: Programme, employee: Employees) -> None:
    full, _ = queue(replace(session, seats=0), programme, [employee(1), employee(2)])

    _, enrolment, event = places.enrol(id_of(30), full, programme, in_need(employee(3), low("40")), BEFORE)

    assert isinstance(event, EnrolmentWaitlisted)
    assert (enrolment.waits_for, event.place) == ("seat", 1)


def test_the_reason_is_in_plain_words(session: Session, programme: Programme, employee: Employees) -> None:
    coached = urgency_of(in_need(employee(1), COACHED, low("41.20")), programme, id_of(1))
    assert coached == Urgency(needs=2, coached=True, gap=Decimal("33.80"), enrolment_id=id_of(1))
    assert coached.reason == "2 kebutuhan terbuka yang dilayani program ini; sedang dibina; selisih nilai 33,80."
    assert "urut menurut waktu mendaftar" in urgency_of(employee(1), programme, "").reason

    full, _ = queue(replace(session, seats=0), programme, [employee(1)])
    assert "waktu mendaftar" in (sessions.why_there(full, employee(1).employee_id) or "")
    assert sessions.why_there(full, employee(2).employee_id) is None


def test_closed_needs_and_needs_that_the_programme_does_not_serve_count_for_nothing(
    programme: Programme, employee: Employees
) -> None:
    learner = in_need(employee(1), replace(low("10"), state="closed"), low("10", topic="perilaku"))

    assert urgency_of(learner, programme, "e") == Urgency(enrolment_id="e")


def test_who_has_waited_since_before_the_order_keeps_their_turn(
    session: Session, programme: Programme, employee: Employees
) -> None:
    old = replace(session, seats=0, waiting=(employee(2).employee_id, employee(1).employee_id))

    full, _ = queue(old, programme, [employee(3), in_need(employee(4), low("40"))])

    assert names(full.waiting) == [4, 2, 1, 3]


def test_a_freed_seat_goes_to_the_neediest_by_the_needs_of_today(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, waiters = queue(replace(session, seats=0), programme, [in_need(employee(1), low("50")), employee(2)])
    assert names(full.waiting) == [1, 2]
    today = [waiters[0], replace(waiters[1], learner=in_need(employee(2), COACHED))]

    moved = move_up(today, {session.id: replace(full, seats=1)}, {})

    (after,), (promotion,) = moved.sessions, moved.promoted
    assert (names(after.seated), names(after.waiting)) == ([2], [1])
    assert (promotion.enrolment.status, promotion.enrolment.waits_for) == ("confirmed", None)
    assert isinstance(promotion.event, EnrolmentConfirmed)
    assert promotion.event.enrolment_id == promotion.enrolment.id
    assert moved.budgets == ()


def test_who_has_left_service_is_passed_over(session: Session, programme: Programme, employee: Employees) -> None:
    full, waiters = queue(replace(session, seats=0), programme, [in_need(employee(1), COACHED), employee(2)])
    gone = replace(waiters[0], learner=replace(waiters[0].learner, active=False))

    moved = move_up([gone, waiters[1]], {session.id: replace(full, seats=1)}, {})

    assert names(moved.sessions[0].seated) == [2]


def test_who_serves_another_government_by_now_is_passed_over(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, waiters = queue(replace(session, seats=0), programme, [in_need(employee(1), COACHED), employee(2)])
    gone = replace(waiters[0], learner=replace(waiters[0].learner, unit_path="/96.71/dinkes"))

    moved = move_up([gone, waiters[1]], {session.id: replace(full, seats=2)}, {})

    assert (names(moved.sessions[0].seated), names(moved.sessions[0].waiting)) == ([2], [1])


def test_who_moved_while_waiting_is_seated_and_paid_by_the_new_unit(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, [waiter] = queue(replace(priced(session), seats=0), programme, [employee(1)], purse(0))
    moved_learner = replace(employee(1), unit_path="/16.71/dinkes")
    theirs = replace(purse(100), id="2026/16.71/dinkes", unit_path="/16.71/dinkes")

    moved = move_up(
        [replace(waiter, learner=moved_learner, places=("/16.71/dinkes", "/16.71"))],
        {session.id: replace(full, seats=1)},
        {theirs.id: theirs, purse(0).id: purse(0)},
    )  # fmt: skip

    (promotion,) = moved.promoted
    assert (promotion.enrolment.unit_path, promotion.enrolment.budget_id) == ("/16.71/dinkes", theirs.id)
    assert [(budget.id, budget.reserved) for budget in moved.budgets] == [(theirs.id, 100)]


def test_without_money_one_waits_though_seats_are_left(
    session: Session, programme: Programme, employee: Employees
) -> None:
    _, [waiter] = queue(priced(session), programme, [employee(1)], purse(99))

    place = waiter.enrolment
    assert (place.status, place.waits_for, place.amount, place.budget_id) == ("waiting", "money", 100, purse(99).id)
    assert not place.reserves


def test_what_costs_money_waits_while_no_budget_is_set_and_says_so(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, [waiter] = queue(priced(session), programme, [employee(1)])
    _, [free] = queue(session, programme, [employee(1)])

    place = waiter.enrolment
    assert (place.status, place.waits_for, place.amount, place.budget_id) == ("waiting", "budget", 100, None)
    assert place.why_waiting is not None
    assert "belum ditetapkan" in place.why_waiting
    assert (free.enrolment.status, free.enrolment.why_waiting) == ("confirmed", None)
    assert move_up([waiter], {full.id: full}, {}).promoted == ()


def test_a_budget_that_is_set_seats_the_neediest_and_tells_the_others_that_money_is_short(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, waiters = queue(priced(session), programme, [employee(1), in_need(employee(2), COACHED)])

    moved = move_up(waiters, {full.id: full}, {purse(199).id: purse(199)})

    (promotion,), (left,) = moved.promoted, moved.passed_over
    assert (names((promotion.learner.employee_id,)), promotion.enrolment.budget_id) == ([2], purse(199).id)
    assert (names((left.employee_id,)), left.status, left.waits_for, left.budget_id) == (
        [1], "waiting", "money", purse(199).id,
    )  # fmt: skip
    assert [budget.free for budget in moved.budgets] == [99]
    again = move_up([replace(waiters[0], enrolment=left)], {full.id: moved.sessions[0]}, {})
    assert again.passed_over == ()


def test_freed_money_reaches_the_neediest_of_all_sessions_as_far_as_it_goes(
    session: Session, programme: Programme, employee: Employees
) -> None:
    other = replace(priced(session, 150), id=id_of(3), seats=5)
    one, first = queue(priced(session), programme, [employee(1), in_need(employee(2), low("50"))], purse(0), 10)
    two, second = queue(
        other, programme, [in_need(employee(3), COACHED), in_need(employee(4), low("40"))], purse(0), 20
    )

    moved = move_up([*first, *second], {one.id: one, two.id: two}, {purse(250).id: purse(250)})

    assert names(tuple(p.learner.employee_id for p in moved.promoted)) == [3, 2]  # 150, then not 150, then 100
    assert [budget.free for budget in moved.budgets] == [0]
    assert {s.id: names(s.waiting) for s in moved.sessions} == {one.id: [1], two.id: [4]}


def test_nobody_moves_up_in_a_session_that_gives_no_seats(
    session: Session, programme: Programme, employee: Employees
) -> None:
    full, waiters = queue(replace(session, seats=0), programme, [employee(1)])

    assert move_up(waiters, {}, {}).promoted == ()
    assert move_up(waiters, {full.id: full}, {}).sessions == ()
    for closed in (replace(full, state="held"), replace(full, starts_on=date(2026, 10, 31))):
        assert not sessions.gives_seats(closed, BEFORE)


@pytest.mark.parametrize("days", [3, 4], ids=["too seldom", "often enough"])
def test_a_kept_seat_is_paid_whoever_came_when_the_session_is_held(
    session: Session, programme: Programme, employee: Employees, days: int
) -> None:
    held, seated, _ = places.enrol(id_of(1), priced(session), programme, employee(1), BEFORE, (), purse(100))
    for day in held.meets_on[:days]:
        seated = places.attend(seated, held, day, held.ends_on)

    settled = places.settle(seated)

    assert (seated.reserves, settled.spent, settled.reserves) == (True, True, False)
    assert places.settle(settled) == settled


def test_so_many_move_up_at_once_the_neediest_first_over_all_steps(
    session: Session, programme: Programme, employee: Employees
) -> None:
    learners = [employee(1), employee(2), in_need(employee(3), low("40")), employee(4), in_need(employee(5), COACHED)]
    held, line = queue(replace(priced(session), seats=9), programme, learners, purse(0))
    purses, order, more = {purse(400).id: purse(400)}, list[int](), True
    sessions_now = {held.id: held}
    while more:
        moved = move_up(line, sessions_now, purses, most=2)
        order += names(tuple(one.learner.employee_id for one in moved.promoted))
        seated = {one.enrolment.id for one in moved.promoted}
        line = [one for one in line if one.enrolment.id not in seated]
        sessions_now |= {one.id: one for one in moved.sessions}
        purses |= {one.id: one for one in moved.budgets}
        more = moved.more

    assert order == [5, 3, 1, 2]
    assert (purses[purse(0).id].free, names(sessions_now[held.id].waiting)) == (0, [4])


def test_who_comes_while_others_are_paid_step_by_step_waits_behind_them(
    session: Session, programme: Programme, employee: Employees
) -> None:
    rich = budgets.go_on(purse(100), datetime(2026, 11, 1, tzinfo=UTC))

    _, waits, _ = places.enrol(id_of(1), priced(session), programme, employee(1), BEFORE, (), rich)
    _, free, _ = places.enrol(id_of(1), session, programme, employee(1), BEFORE, (), rich)

    assert ((waits.status, waits.waits_for), free.status) == (("waiting", "money"), "confirmed")


def test_who_uses_a_right_is_paid_by_the_government_before_the_unit(
    session: Session, programme: Programme, employee: Employees
) -> None:
    own, above = purse(100), replace(purse(100), id="2026/16.71", unit_path="/16.71")
    at = budgets.payers(employee(1).unit_path)

    assert budgets.payer({own.id: own, above.id: above}, at, 2026, entitled=True) == above
    assert budgets.payer({own.id: own, above.id: above}, at, 2026) == own
    assert budgets.payer({own.id: own}, at, 2026, entitled=True) == own
    _, place, _ = places.enrol(id_of(1), priced(session), programme, employee(1), BEFORE, (), above, entitled=True)
    assert (place.amount, place.budget_id) == (100, above.id)
