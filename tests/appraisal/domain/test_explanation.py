"""Every point of a score can be traced: what a period opened with and all its changes add up to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from appraisal.domain.components import COMPONENTS
from appraisal.domain.effects import Entry, settle
from appraisal.domain.explanation import Day, Line, by_day, explain, vote_shares, weighing
from appraisal.domain.folds import FOLDS
from appraisal.domain.policy import Policies, Prior
from appraisal.domain.rating import into_band
from appraisal.domain.scorecard import compose, policy_for
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.feedback import (
    FeedbackQuarantined,
    FeedbackReceived,
    FeedbackWithdrawn,
    SurveyAnswered,
)
from kinara.contracts.personnel import EmployeeTransferred
from kinara.contracts.training import EnrolmentConfirmed, TrainingCompleted


def test_a_vote_has_the_share_of_its_weight_whatever_came_before(say, blank, fold_all, policies):
    first = say(FeedbackReceived, rating=4, trust=Decimal(1))
    survey = say(SurveyAnswered, u3=4, u6=3, u7=3, trust=Decimal("0.5"))
    _, effects = fold_all(blank, first, survey)
    prior, vote, answer = vote_shares(effects, ["2026-11"], policy_for(blank, "2026-11", policies))
    assert (prior.ref, prior.share) == (None, Decimal(15) * Decimal("3.2") / Decimal("16.5"))
    assert (vote.ref, vote.share) == (first.feedback_id, Decimal(4) / Decimal("16.5"))
    assert abs(answer.share - Decimal("0.5") * 10 / 3 / Decimal("16.5")) < Decimal("1e-25")


def test_a_vote_withdrawn_or_held_has_no_share(say, blank, fold_all, policies):
    withdrawn = "fb000000-0000-4000-8000-00000000000a"
    held = "fb000000-0000-4000-8000-00000000000b"
    _, effects = fold_all(
        blank,
        say(FeedbackReceived, feedback_id=withdrawn),
        say(FeedbackWithdrawn, feedback_id=withdrawn),
        say(FeedbackReceived, feedback_id=held),
        say(FeedbackQuarantined, feedback_id=held),
    )
    shares = vote_shares(effects, ["2026-11"], policy_for(blank, "2026-11", policies))
    assert [share.ref for share in shares] == [None]


def test_a_vote_that_came_after_the_close_has_no_share(say, blank, fold_all, close, policies):
    card, effects = fold_all(blank, say(FeedbackReceived))
    closed, kept, _ = close(card, "2026-11")
    late = say(FeedbackReceived, feedback_id="fb000000-0000-4000-8000-00000000000c", rating=1)
    _, more = fold_all(closed, late)
    shares = vote_shares([*effects, *more], kept.months, policies.named(kept.score.policy))
    assert [share.ref for share in shares] == [None, "fb000000-0000-4000-8000-000000000001"]


def test_lines_tell_the_event_its_note_and_its_change(say, blank, fold_all):
    _, effects = fold_all(blank, say(FeedbackReceived, rating=1))
    account = explain(effects, "2026-11")["M"]
    assert account.opened_with == Decimal("79.8300")
    (line,) = account.lines
    assert line.ref == "fb000000-0000-4000-8000-000000000001"
    assert line.note == "Umpan balik warga bernilai 1 dari 4 (bobot 1) diterima."
    assert line.delta < 0
    assert account.total == account.opened_with + line.delta


def test_hours_of_earlier_months_are_what_a_later_month_opens_with(say, blank, fold_all):
    offered = say(EnrolmentConfirmed, jp=20, starts_on=date(2026, 3, 2))
    completed = say(TrainingCompleted, jp=5, completed_on=date(2026, 3, 9))
    november = say(FeedbackReceived, given_at=datetime(2026, 11, 3, tzinfo=UTC))
    _, effects = fold_all(blank, offered, completed, november)
    assert explain(effects, "2026-11")["L"].opened_with == Decimal("22.7273")


def test_training_reported_late_explains_every_later_month_that_it_moves(say, blank, fold_all):
    offered = say(EnrolmentConfirmed, jp=20, starts_on=date(2026, 3, 2))
    november = say(FeedbackReceived, given_at=datetime(2026, 11, 3, tzinfo=UTC))
    completed = say(TrainingCompleted, jp=5, completed_on=date(2026, 3, 9))
    card, effects = fold_all(blank, offered, november, completed)
    for period in ("2026-03", "2026-11"):
        account = explain(effects, period)["L"]
        assert [line.ref for line in account.lines][-1] == completed.completion_id
        assert account.total == card.scores[period].components["L"]


def test_a_transfer_to_another_policy_explains_what_it_changed(say, blank_in_sorong, fold_all):
    voted = say(FeedbackReceived, rating=2, unit_path="/96.71/dinkes")
    moved = say(EmployeeTransferred, from_unit_path="/96.71/dinkes", unit_path="/62.71/setda")
    card, effects = fold_all(blank_in_sorong, voted, moved)
    assert card.scores["2026-Q4"].policy == "palangkaraya@1"
    assert explain(effects, "2026-Q4")["M"].total == card.scores["2026-Q4"].components["M"]


def test_who_moves_away_and_back_has_the_period_opened_anew(say, blank, fold_all):
    away = say(EmployeeTransferred, unit_path="/96.71/dinkes", effective_on=date(2026, 11, 10))
    back = say(EmployeeTransferred, unit_path="/16.71/plaju", effective_on=date(2026, 11, 20))
    voted = say(FeedbackReceived, rating=1)
    card, effects = fold_all(blank, voted, away, voted, back, voted)
    account = explain(effects, "2026-11")["M"]
    assert account.total == card.scores["2026-11"].components["M"]
    assert len(account.lines) == 1, "what came before is in what the period opened with"


def test_a_period_that_nothing_touched_has_nothing_to_explain(say, blank, fold_all):
    _, effects = fold_all(blank, say(FeedbackReceived))
    assert explain(effects, "2026-10") == {}


MARKS = st.none() | st.decimals(0, 100, places=4)


@given(marks=st.tuples(MARKS, MARKS, MARKS, MARKS, MARKS), which=st.integers(0, 4))
def test_the_weights_in_force_add_up_to_one_and_with_the_components_to_the_score(marks, which, policies):
    policy = list(policies)[which]
    score = compose(dict(zip(COMPONENTS, marks, strict=True)), policy)
    found = weighing(score, policy)

    if score.s is None:
        assert (dict(found.in_force), found.raw) == ({}, None)
        return
    assert sum(found.in_force.values()) == 1
    assert set(found.in_force) == {name for name in COMPONENTS if score.components[name] is not None}
    told = sum(weight * score.components[name] for name, weight in found.in_force.items())
    assert abs(told - found.raw) <= Decimal("0.005001"), "but for the rounding of what is shown"
    assert score.s == (found.raw if score.predikat is None else into_band(found.raw, score.predikat))


def test_a_component_that_begins_to_count_is_told_by_the_weights(say, blank, fold_all, close, policies):
    card, _ = fold_all(blank, say(FeedbackReceived, rating=4), say(EnrolmentConfirmed))
    _, closed, effects = close(card, "2026-11")
    policy = policies.named("plaju@1")
    before, after = weighing(card.scores["2026-11"], policy), weighing(closed.score, policy)

    assert {delta for effect in effects for delta in effect["deltas"].get("2026-11", {}).values()} == {0}
    assert closed.score.s < card.scores["2026-11"].s
    assert before.in_force == {"M": 1}
    assert after.in_force == {"M": Decimal("0.6666666667"), "L": Decimal("0.3333333333")}
    assert (before.raw, after.raw) == (card.scores["2026-11"].s, closed.score.s)
    assert before.note == (
        "Belum dinilai: Hasil kerja (indikator), Penanganan pengaduan, Pembelajaran, Perilaku kerja (BerAKHLAK); "
        "bobotnya dibagi kepada yang lain."
    )


def test_where_all_components_apply_nothing_is_left_out(policies):
    policy = policies.named("sorong@1")
    found = weighing(compose(dict.fromkeys(COMPONENTS, Decimal(80)), policy), policy)

    assert (found.in_force, found.note, found.raw) == (policy.weights, None, 80)


def test_a_component_that_weighs_nothing_is_not_missed(policies):
    plaju = policies.named("plaju@1")
    policy = replace(plaju, weights={**plaju.weights, "A": Decimal(0), "K": Decimal("0.50")})
    found = weighing(compose(dict.fromkeys(COMPONENTS, Decimal(80)) | {"A": None}, policy), policy)

    assert found.note is None
    assert sum(found.in_force.values()) == 1


def test_before_there_is_a_score_nothing_is_weighed(policies):
    policy = policies.named("plaju@1")
    found = weighing(compose(dict.fromkeys(COMPONENTS) | {"L": Decimal(80)}, policy), policy)

    assert (found.in_force, found.raw) == ({}, None)
    assert found.note == (
        "Belum dinilai: Hasil kerja (indikator), Kepuasan masyarakat, Penanganan pengaduan, "
        "Perilaku kerja (BerAKHLAK); nilai akhir belum dihitung."
    )


@given(order=st.permutations(range(4)), split=st.integers(0, 4))
def test_what_citizens_say_on_one_day_reads_the_same_in_any_order(order, split, say, blank, fold_all):
    """The last four hours of a day in Palembang and the first of the next, which in Greenwich are one."""
    ids = [f"fb000000-0000-4000-8000-00000000000{n}" for n in range(4)]
    said = [say(FeedbackReceived, feedback_id=ids[n], rating=n + 1) for n in range(4)]

    def told(numbers):
        card, effects = fold_all(blank, *[said[n] for n in numbers])
        at = [datetime(2026, 11, 10, 16 if n < split else 17, n, tzinfo=UTC) for n in range(4)]
        rows = [{**effect, "at": when} for effect, when in zip(effects, at, strict=True)]
        account = explain(rows, "2026-11")["M"]
        return account, by_day(account, card.province)

    account, days = told(order)
    assert account.opened_with + sum(day.delta for day in days) == account.total
    assert [day.day.day for day in days] == [10] * (split > 0) + [11] * (split < 4)
    sorted_within = [*sorted(order[:split]), *sorted(order[split:])]
    assert days == told(sorted_within)[1]


def test_what_is_not_said_by_citizens_is_told_as_it_was_after_what_they_say_of_its_day(say, blank, fold_all, policies):
    first, second = say(FeedbackReceived, rating=1), say(FeedbackReceived, rating=4)
    card, effects = fold_all(blank, first)
    entry = Entry(card.employee_id, {}, "Kebijakan baru berlaku.")
    prior = Prior(Decimal("3.0"), Decimal(15))
    plaju = replace(policies.named("plaju@1"), version=2, effective_from=date(2026, 11, 1), satisfaction=prior)
    renewed = Policies([*policies, plaju])
    settled, changed = settle(card, card, "2026-11", entry, renewed)
    after, effect = FOLDS[FeedbackReceived](settled, second, renewed)
    rows = [
        {**row, "at": datetime(2026, 11, 10, n + 1, tzinfo=UTC)} for n, row in enumerate((*effects, changed, effect))
    ]
    account = explain(rows, "2026-11")["M"]
    said, context = by_day(account, "16")
    assert isinstance(said, Day)
    assert said.notes == tuple(sorted((effects[0]["note"], effect["note"])))
    assert isinstance(context, Line)
    assert context.note == entry.note
    assert account.opened_with + said.delta + context.delta == account.total == after.scores["2026-11"].components["M"]
