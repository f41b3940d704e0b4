"""Whatever happens to an officer, and in whatever order it is told, the score can be trusted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from appraisal.domain.closing import close_period, reopen_period
from appraisal.domain.components import COMPONENTS
from appraisal.domain.explanation import explain, vote_shares
from appraisal.domain.late import count_late
from appraisal.domain.measures import mean_rating
from appraisal.domain.periods import months_of
from appraisal.domain.scorecard import Scorecard, evaluate, open_periods, policy_for, worth
from appraisal.domain.tallies import votes_together
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

TOLERANCE = Decimal("0.005")
STORED = TypeAdapter(Scorecard)
PLAIN = (str, int, bool, type(None), Decimal, datetime, date)


def only_plain(value: object) -> bool:
    """Whether a value holds nothing but what a document may."""
    if type(value) is dict:
        return all(type(key) is str and only_plain(inner) for key, inner in value.items())
    if type(value) is list:
        return all(only_plain(inner) for inner in value)
    return type(value) in PLAIN


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_after_any_history_every_component_is_the_sum_of_its_effects(data, histories, policies, blank):
    card, effects = blank, []
    for step in data.draw(histories.steps()):
        card, new = step(card)
        effects += new
    assert list(card.scores) == [] or set(card.scores) == set(open_periods(card, policies))
    for period, score in card.scores.items():
        policy = policy_for(card, period, policies)
        account = explain(effects, period)
        for name in COMPONENTS:
            assert abs(account[name].total - worth(score, name, policy)) <= TOLERANCE
            assert account[name].total == worth(score, name, policy), "the sum is even exact"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_after_any_history_the_kept_scores_are_those_measured_afresh(data, histories, policies, blank_in_sorong):
    card = blank_in_sorong
    for step in data.draw(histories.steps()):
        card, _ = step(card)
        assert card.scores == {period: evaluate(card, period, policies) for period in open_periods(card, policies)}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_period_opened_again_is_explained_with_what_came_late_and_measured_as_if_it_had_come_in_time(
    data, histories, policies, blank
):
    card, rows = blank, []

    def record(effects, kind="fact"):
        rows.extend({"id": f"{len(rows) + n}", "type": kind, **effect} for n, effect in enumerate(effects))

    for step in data.draw(histories.steps(closing=False)):
        card, new = step(card)
        record(new)
    for period in open_periods(card, policies)[:1]:
        card, closed, new = close_period(card, period, today=date(2028, 1, 1), policies=policies)
        record(new)
        for step in data.draw(st.lists(histories.told(), max_size=6)):
            card, new = step(card)
            record(new)
        card, _, opened = reopen_period(
            card, closed, (), reason="Uji", at=datetime(2028, 1, 1, tzinfo=UTC), policies=policies
        )
        record([opened])
        card, counted = count_late(card, period, rows, policies)
        record(counted)
        assert count_late(card, period, rows, policies) == (card, ()), "once"
    for period, score in card.scores.items():
        policy = policies.named(score.policy)
        assert score == evaluate(card, period, policies)
        for name, account in explain(rows, period).items():
            assert account.total == worth(score, name, policy)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_shares_of_the_votes_and_the_prior_add_up_to_the_mean_rating(data, histories, policies, blank, fold_all):
    events = [event for chain in data.draw(histories.chains()) for event in chain]
    card, effects = fold_all(blank, *events)
    policy = policy_for(card, "2026-Q4", policies)
    votes = votes_together([card.month(month).votes for month in months_of("2026-Q4")])
    shares = vote_shares(effects, months_of("2026-Q4"), policy)
    assert abs(sum(share.share for share in shares) - mean_rating(votes, policy)) < Decimal("1e-20")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_card_survives_storage_as_plain_data(data, histories, blank):
    card, effects = blank, []
    for step in data.draw(histories.steps()):
        card, new = step(card)
        effects += new
    document = STORED.dump_python(card)
    assert only_plain(document)
    assert STORED.validate_python(document) == card
    assert all(only_plain(effect) for effect in effects)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_order_of_what_is_unrelated_does_not_matter(data, histories, blank_in_sorong, fold_all):
    chains = data.draw(histories.chains())
    turns = [which for which, chain in enumerate(chains) for _ in chain]

    def told_in(order: list[int]) -> Scorecard:
        left = [iter(chain) for chain in chains]
        return fold_all(blank_in_sorong, *[next(left[which]) for which in order])[0]

    one, other = told_in(turns), told_in(data.draw(st.permutations(turns)))
    assert one.months == other.months
    assert one.scores == other.scores
