"""Random histories of one officer between October 2026 and January 2027."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from appraisal.domain.behaviour import Nilai, rate_behaviour
from appraisal.domain.closing import close_period
from appraisal.domain.effects import Effect
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies
from appraisal.domain.progress import judge_pace, report_progress, verify_report
from appraisal.domain.refusals import Refusal
from appraisal.domain.scorecard import Scorecard, open_periods
from appraisal.domain.tallies import Target
from appraisal.domain.targets import agree_indicator
from hypothesis import strategies as st
from kinara.contracts import Event
from kinara.contracts import feedback as fb
from kinara.contracts import personnel as pn
from kinara.contracts import training as tr

Step = Callable[[Scorecard], tuple[Scorecard, Sequence[Effect]]]


@dataclass(frozen=True)
class Histories:
    """Strategies of what can happen to an officer between October 2026 and January 2027."""

    say: Callable[..., Any]
    policies: Policies

    def voices(self) -> st.SearchStrategy[list[Event]]:
        """Feedback, perhaps withdrawn, or held and perhaps released, in the order that citizens and oversight act."""
        fates = st.sampled_from(
            [
                [fb.FeedbackReceived],
                [fb.FeedbackReceived, fb.FeedbackWithdrawn],
                [fb.FeedbackReceived, fb.FeedbackQuarantined],
                [fb.FeedbackReceived, fb.FeedbackQuarantined, fb.FeedbackReleased],
                [fb.FeedbackReceived, fb.FeedbackQuarantined, fb.FeedbackWithdrawn],
                [fb.FeedbackReceived, fb.FeedbackQuarantined, fb.FeedbackReleased, fb.FeedbackWithdrawn],
            ]
        )
        return st.builds(
            lambda fate, uid, rating, trust, at: [
                self.say(kind, feedback_id=str(uid), rating=rating, trust=trust, given_at=at) for kind in fate
            ],
            fates, st.uuids(version=4), st.integers(1, 4), _trusts(), _moments(),
        )  # fmt: skip

    def surveys(self) -> st.SearchStrategy[list[Event]]:
        """An answer, perhaps given anew, or held and perhaps released."""
        fates = st.sampled_from(
            [
                [fb.SurveyAnswered],
                [fb.SurveyAnswered, fb.SurveyAnswerWithdrawn],
                [fb.SurveyAnswered, fb.SurveyAnswerQuarantined],
                [fb.SurveyAnswered, fb.SurveyAnswerQuarantined, fb.SurveyAnswerReleased],
                [fb.SurveyAnswered, fb.SurveyAnswerQuarantined, fb.SurveyAnswerWithdrawn],
            ]
        )
        return st.builds(
            lambda fate, uid, us, trust, at: [
                self.say(kind, answer_id=str(uid), u3=us[0], u6=us[1], u7=us[2], trust=trust, answered_at=at)
                for kind in fate
            ],
            fates, st.uuids(version=4), st.tuples(*[st.integers(1, 4)] * 3), _trusts(), _moments(),
        )  # fmt: skip

    def complaints(self) -> st.SearchStrategy[list[Event]]:
        """A complaint's life: resolved somehow or overdue, perhaps reopened, perhaps resolved again."""

        def _life(uid: Any, at: datetime, within: bool, outcome: str, ends: list[type[Event]]) -> list[Event]:
            facts = {
                fb.ComplaintResolved: {"resolved_at": at, "within_sla": within, "outcome": outcome},
                fb.ComplaintReopened: {"reopened_at": at + timedelta(days=9), "was_within_sla": within},
                fb.ComplaintOverdue: {"due_at": at},
            }
            return [self.say(kind, complaint_id=str(uid), **facts[kind]) for kind in ends]

        lives = st.sampled_from(
            [
                [fb.ComplaintResolved],
                [fb.ComplaintOverdue],
                [fb.ComplaintOverdue, fb.ComplaintResolved],
                [fb.ComplaintResolved, fb.ComplaintReopened],
                [fb.ComplaintResolved, fb.ComplaintReopened, fb.ComplaintResolved],
            ]
        )
        outcomes = st.sampled_from(["solved", "closed_without_solution", "not_ours"])
        return st.builds(_life, st.uuids(version=4), _moments(), st.booleans(), outcomes, lives)

    def learning(self) -> st.SearchStrategy[list[Event]]:
        """A seat that is completed, let pass, given back, taken again or called off; a certificate alone; mentoring."""
        hours = st.integers(1, 24)
        given, left, off = (tr.EnrolmentConfirmed, {}), _lost("participant"), _lost("session_called_off")
        done: tuple[type[Event], dict[str, Any]] = (tr.TrainingCompleted, {})
        fates = [
            [given],
            [given, done],
            [given, left],
            [given, left, given, done],
            [given, off],
            [given, left, off, off],
        ]

        def _life(
            fate: list[tuple[type[Event], dict[str, Any]]], uid: Any, jp: int, on: date, more: int
        ) -> list[Event]:
            end = on + timedelta(days=more)
            own = {"enrolment_id": str(uid), "jp": jp}
            seat = own | {"session_id": str(uid), "starts_on": on, "ends_on": end}
            return [
                self.say(kind, **(own | {"completed_on": end} if kind is done[0] else seat | f)) for kind, f in fate
            ]

        return st.one_of(
            st.builds(_life, st.sampled_from(fates), st.uuids(version=4), hours, _days(), st.integers(0, 40)),
            st.builds(
                lambda uid, jp, on: [self.say(tr.TrainingCompleted, enrolment_id=str(uid), jp=jp, completed_on=on)],
                st.uuids(version=4),
                hours,
                _days(),
            ),
            st.builds(
                lambda jp, on: [self.say(tr.MentoringSessionHeld, jp=Decimal(jp), held_on=on)],
                st.integers(1, 4),
                _days(),
            ),
        )

    def chains(self) -> st.SearchStrategy[list[list[Event]]]:
        """Lives of several feedbacks, complaints and trainings; only within a life does the order matter."""
        return st.lists(st.one_of(self.voices(), self.surveys(), self.complaints(), self.learning()), max_size=14)

    def circumstances(self) -> st.SearchStrategy[Step]:
        """A registration, promotion or transfer between a monthly and a quarterly unit."""
        kinds = st.sampled_from([pn.EmployeeRegistered, pn.EmployeePromoted, pn.EmployeeTransferred])
        paths = st.sampled_from(["/16.71/plaju", "/96.71/dinkes", "/62.71/setda", "/31.71"])
        return st.builds(
            lambda kind, path, at: self._folding(self.say(kind, unit_path=path, effective_on=at.date())),
            kinds, paths, _moments(),
        )  # fmt: skip

    def decisions(self, *, closing: bool = True) -> st.SearchStrategy[Step]:
        """A target, progress reported or verified, behaviour rated, pace judged, a seat completed, a period closed."""
        acts = st.sampled_from([self._completing, self._closing] if closing else [self._completing])
        return st.one_of(self._targets(), self._reports(), self._ratings(), self._paces(), acts)

    def told(self) -> st.SearchStrategy[Step]:
        """What citizens and training say."""
        return st.one_of(self.voices(), self.surveys(), self.complaints(), self.learning()).map(self._folding_all)

    def steps(self, *, closing: bool = True) -> st.SearchStrategy[list[Step]]:
        """A whole history in the order in which it is recorded."""
        told, decided = self.told(), self.decisions(closing=closing)
        return st.lists(st.one_of(told, told, decided, self.circumstances()), max_size=18)

    def _folding(self, event: Event) -> Step:
        return self._folding_all([event])

    def _folding_all(self, events: list[Event]) -> Step:
        def _step(card: Scorecard) -> tuple[Scorecard, list[Effect]]:
            effects = []
            for event in events:
                card, effect = FOLDS[type(event)](card, event, self.policies)
                effects.append(effect)
            return card, effects

        return _step

    def _deciding(self, decide: Callable[..., tuple[Scorecard, Effect, Any]], **facts: Any) -> Step:
        def _step(card: Scorecard) -> tuple[Scorecard, Sequence[Effect]]:
            try:
                card, effect, _ = decide(card, policies=self.policies, **facts)
            except Refusal:
                return card, []
            return card, [effect]

        return _step

    def _targets(self) -> st.SearchStrategy[Step]:
        def _agreeing(code: str, polarity: Any, amount: int, weight: int, at: datetime) -> Step:
            target = Target(f"Indikator {code}", "berkas", polarity, Decimal(amount), Decimal(weight) / 10)

            def _step(card: Scorecard) -> tuple[Scorecard, Sequence[Effect]]:
                periods = open_periods(card, self.policies) or ["2026-11"]
                decide = self._deciding(
                    agree_indicator, code=code, target=target, period=periods[-1], agreed_on=at.date(), reason="dialog"
                )
                return decide(card)

            return _step

        codes, polarities = st.sampled_from("ab"), st.sampled_from(["max", "min"])
        return st.builds(_agreeing, codes, polarities, st.integers(1, 90), st.integers(1, 10), _moments())

    def _reports(self) -> st.SearchStrategy[Step]:
        reporting = st.builds(
            lambda uid, code, amount, verified, at, late: self._deciding(
                report_progress, report_id=str(uid), indicator=code, amount=Decimal(amount), verified=verified,
                reported_at=at, on=at.date() - timedelta(days=late),
            ),
            st.uuids(version=4), st.sampled_from("ab"), st.integers(0, 60), st.booleans(), _moments(),
            st.integers(0, 40),
        )  # fmt: skip

        def _verifying(on: date, card: Scorecard) -> tuple[Scorecard, Sequence[Effect]]:
            waiting = sorted(key for month in card.months.values() for key in month.pending)
            which = waiting[0] if waiting else "-"
            return self._deciding(verify_report, report_id=which, verified_by="atasan", verified_on=on)(card)

        return st.one_of(reporting, _days().map(lambda on: partial(_verifying, on)))

    def _ratings(self) -> st.SearchStrategy[Step]:
        return st.builds(
            lambda rater, marks, at: self._deciding(
                rate_behaviour, rater_id=f"r{rater}", marks=dict(zip(Nilai, marks, strict=True)), rated_at=at
            ),
            st.integers(1, 3), st.tuples(*[st.integers(1, 5)] * 7), _moments(),
        )  # fmt: skip

    def _paces(self) -> st.SearchStrategy[Step]:
        return st.builds(lambda at: self._deciding(judge_pace, day=at.date()), _moments())

    def _completing(self, card: Scorecard) -> tuple[Scorecard, Sequence[Effect]]:
        """The certificate of a seat taken earlier, perhaps before a close."""
        for id_, seat in sorted(card.seats.items())[:1]:
            done = self.say(tr.TrainingCompleted, enrolment_id=id_, jp=seat.jp, completed_on=seat.ends_on)
            return self._folding(done)(card)
        return card, []

    def _closing(self, card: Scorecard) -> tuple[Scorecard, Sequence[Effect]]:
        periods = open_periods(card, self.policies)
        if not periods:
            return card, []
        card, _, effects = close_period(card, periods[0], today=date(2028, 1, 1), policies=self.policies)
        return card, effects


def _lost(reason: str) -> tuple[type[Event], dict[str, Any]]:
    return tr.EnrolmentCancelled, {"reason": reason}


def _trusts() -> st.SearchStrategy[Decimal]:
    return st.sampled_from([Decimal("1.0"), Decimal("0.5"), Decimal("0.2"), Decimal("0.123456789")])


def _days() -> st.SearchStrategy[date]:
    return _moments().map(datetime.date)


def _moments() -> st.SearchStrategy[datetime]:
    return st.integers(0, 120 * 24).map(lambda hours: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=hours))


@pytest.fixture(scope="session")
def histories(say: Callable[..., Any], policies: Policies) -> Histories:
    """Random histories of one officer."""
    return Histories(say, policies)
