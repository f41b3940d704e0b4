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


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who waits, for what, and how urgently as of today."""

    enrolment: Enrolment
    learner: Record
    programme: Programme

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


def move_up(line: Iterable[Waiter], sessions: Mapping[str, Session], purses: Mapping[str, Budget]) -> MovedUp:
    """Give seats in these sessions to who waits for them, by need, as far as seats and money reach.

    Who has left service or the government that hosts the session, or for whom there is no money, is passed over, and
    keeps their place. All of a line are put in order anew, by the needs of today.
    """
    after, left = dict(sessions), dict(purses)
    ranked = sorted((waiter for waiter in line if waiter.enrolment.session_id in after), key=lambda w: w.urgency.key)
    order: dict[str, dict[str, Urgency]] = defaultdict(dict)
    for waiter in ranked:
        order[waiter.enrolment.session_id][waiter.learner.employee_id] = waiter.urgency
    for id_, urgencies in order.items():
        after[id_] = put_in_order(after[id_], urgencies)
    promoted = []
    for waiter in ranked:
        session, learner = after[waiter.enrolment.session_id], waiter.learner
        paying = budgets.payer(left, learner.unit_path, session.starts_on.year)
        budget = None if waiter.enrolment.entitled else paying
        served = learner.active and same_government(session.unit_path, learner.unit_path)
        if not served or lacks(session, budget):
            continue
        seated = leave(session, learner.employee_id)
        after[session.id] = session = replace(seated, seated=(*seated.seated, learner.employee_id))
        enrolment = paid_by(_seated(waiter), budget, session)
        if budget is not None:
            left[budget.id] = budgets.reserve(budget, enrolment.amount)
        promoted.append(Promotion(enrolment, learner, seat_given(enrolment.id, session, waiter.programme, learner)))
    return MovedUp(
        tuple(one for id_, one in after.items() if one != sessions[id_]),
        tuple(one for id_, one in left.items() if one != purses[id_]),
        tuple(promoted),
    )


def _seated(waiter: Waiter) -> Enrolment:
    """With a seat, in the unit of today."""
    moved = waiter.learner
    return replace(
        waiter.enrolment, status="confirmed", waits_for=None, province=moved.province, unit_path=moved.unit_path
    )
