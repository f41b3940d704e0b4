"""Who moves up when a seat or money is freed: the neediest for whom there are both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kinara.contracts.training import EnrolmentConfirmed

from training.domain import budget as budgets
from training.domain.announcement import seat_given
from training.domain.budget import Budget, lacks
from training.domain.enrolment import Enrolment, paid_by
from training.domain.programme import Programme
from training.domain.record import Record
from training.domain.session import Session, leave, put_in_order
from training.domain.unit import same_government
from training.domain.urgency import Urgency, urgency_of

MOST_AT_ONCE = 300
"""Who move up in one transaction."""


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who waits, for what, and how urgently as of today."""

    enrolment: Enrolment
    learner: Record
    programme: Programme
    places: tuple[str, ...]
    """Where their payer is looked for, the nearest first."""

    @property
    def urgency(self) -> Urgency:
        """Their place among all who wait."""
        return urgency_of(self.learner, self.programme, self.enrolment.id, entitled=self.enrolment.entitled)


@dataclass(frozen=True, slots=True)
class Promotion:
    """Somebody who got a seat, and the fact of it. Who waited for several sessions may get several."""

    enrolment: Enrolment
    learner: Record
    """As they were before."""
    event: EnrolmentConfirmed


@dataclass(frozen=True, slots=True)
class MovedUp:
    """What changed: everything as it is afterwards."""

    sessions: tuple[Session, ...]
    budgets: tuple[Budget, ...]
    promoted: tuple[Promotion, ...]
    passed_over: tuple[Enrolment, ...] = ()
    """Who still waits, for something else than a budget by now."""
    more: bool = False
    """Whether others could have moved up, and are to in another step."""


def move_up(
    line: Iterable[Waiter], sessions: Mapping[str, Session], purses: Mapping[str, Budget], most: int = MOST_AT_ONCE
) -> MovedUp:
    """Give seats in these sessions to who waits for them, by need, as far as seats and money reach, so many at once.

    Who has left service or the government that hosts the session, or for whom there is no money, is passed over, and
    keeps their place. All of a line are put in order anew, by the needs of today.
    """
    line = [waiter for waiter in line if waiter.enrolment.session_id in sessions]
    after, left, more = _in_order(line, sessions), dict(purses), False
    promoted: list[Promotion] = []
    passed_over: list[Enrolment] = []
    for waiter in sorted(line, key=lambda one: one.urgency.key):
        session, learner = after[waiter.enrolment.session_id], waiter.learner
        budget = budgets.payer(left, waiter.places, session.starts_on.year, entitled=waiter.enrolment.entitled)
        asked = paid_by(waiter.enrolment, budget, session)
        lacking = lacks(session, asked.amount, budget)
        waits_anew = lacking is not None and asked.waits_for == "budget" != lacking
        if not waits_anew and (lacking or not _served(waiter, session)):
            continue
        if more := len(promoted) + len(passed_over) == most:
            break
        if lacking:
            passed_over.append(replace(asked, waits_for=lacking))
            continue
        seated = leave(session, learner.employee_id)
        after[session.id] = session = replace(seated, seated=(*seated.seated, learner.employee_id))
        enrolment = _seated(asked, learner)
        if budget is not None:
            left[budget.id] = budgets.reserve(budget, enrolment.amount)
        promoted.append(Promotion(enrolment, learner, seat_given(enrolment.id, session, waiter.programme, learner)))
    return MovedUp(
        tuple(one for id_, one in after.items() if one != sessions[id_]),
        tuple(one for id_, one in left.items() if one != purses[id_]),
        tuple(promoted),
        tuple(passed_over),
        more,
    )


def _in_order(line: Iterable[Waiter], sessions: Mapping[str, Session]) -> dict[str, Session]:
    order: dict[str, dict[str, Urgency]] = defaultdict(dict)
    for waiter in line:
        order[waiter.enrolment.session_id][waiter.learner.employee_id] = waiter.urgency
    return {id_: put_in_order(one, order[id_]) if id_ in order else one for id_, one in sessions.items()}


def _served(waiter: Waiter, session: Session) -> bool:
    return waiter.learner.active and same_government(session.unit_path, waiter.learner.unit_path)


def _seated(enrolment: Enrolment, learner: Record) -> Enrolment:
    """With a seat, in the unit of today."""
    return replace(
        enrolment, status="confirmed", waits_for=None, province=learner.province, unit_path=learner.unit_path
    )
