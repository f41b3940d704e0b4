"""Survey campaigns: their days, how many answers they need, and who may be invited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from feedback.domain import campaign as rules
from feedback.domain import refusals
from feedback.domain.campaign import Campaign
from feedback.domain.subject import Subject

TODAY = date(2026, 11, 14)
LAST = TODAY + timedelta(days=9)


@pytest.fixture
def campaign(unit: Subject, at: datetime) -> Campaign:
    """A campaign of 200 people that begins today."""
    return rules.announce("c", unit, name="SKM", days=(TODAY, LAST), population=200, at=at, by="hr")


def test_it_needs_a_sample_of_those_who_were_served(campaign: Campaign) -> None:
    assert campaign.sample == 132
    assert (campaign.enough(131), campaign.enough(132)) == (False, True)


@pytest.mark.parametrize(
    ("day", "state"),
    [(-1, "announced"), (0, "running"), (9, "running"), (10, "closed")],
)
def test_its_days_decide_what_it_is(campaign: Campaign, day: int, state: str) -> None:
    assert campaign.state_on(TODAY + timedelta(days=day)) == state


def test_closed_by_hand_it_is_closed_from_that_day(campaign: Campaign) -> None:
    closed = rules.close(campaign, TODAY)
    assert (closed.closed_on, closed.state_on(TODAY)) == (TODAY, "closed")
    with pytest.raises(refusals.CampaignNotRunning):
        rules.close(closed, TODAY)
    with pytest.raises(refusals.CampaignNotRunning):
        rules.invite(closed, 1, TODAY)


def test_it_takes_answers_between_its_days_alone(campaign: Campaign) -> None:
    assert rules.admit(campaign, LAST) is campaign
    for day in (TODAY - timedelta(days=1), LAST + timedelta(days=1)):
        with pytest.raises(refusals.CampaignNotRunning) as refusal:
            rules.admit(campaign, day)
        assert refusal.value.field == "token"


def test_each_of_the_served_has_one_invitation_at_most(campaign: Campaign) -> None:
    assert rules.invite(replace(campaign, invited=150), 50, TODAY).invited == 200
    with pytest.raises(refusals.TooManyInvited) as refusal:
        rules.invite(replace(campaign, invited=150), 51, TODAY)
    assert refusal.value.field == "count"


@pytest.mark.parametrize(("invited", "answers", "rate"), [(0, 0, None), (3, 2, Decimal("0.6667")), (2, 2, Decimal(1))])
def test_the_response_rate_is_answers_for_each_invitation(
    campaign: Campaign, invited: int, answers: int, rate: Decimal | None
) -> None:
    assert replace(campaign, invited=invited).rate(answers) == rate


@pytest.mark.parametrize(
    ("first", "last", "population", "field"),
    [
        pytest.param(-1, 5, 200, "first", id="begun yesterday"),
        pytest.param(3, 2, 200, "first", id="ends before it begins"),
        pytest.param(0, 366, 200, "first", id="a day longer than a year"),
        pytest.param(0, 5, 0, "population", id="nobody served"),
        pytest.param(0, 5, 10_000_001, "population", id="more than can be"),
    ],
)
def test_days_and_people_that_make_no_campaign_are_refused(
    unit: Subject, at: datetime, first: int, last: int, population: int, field: str
) -> None:
    days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    with pytest.raises(refusals.InvalidCampaign) as refusal:
        rules.announce("c", unit, name="SKM", days=days, population=population, at=at, by="hr")
    assert refusal.value.field == field


def test_a_year_is_the_longest(unit: Subject, at: datetime) -> None:
    days = TODAY, TODAY + timedelta(days=365)
    assert rules.announce("c", unit, name="SKM", days=days, population=1, at=at, by="hr").last == days[1]


def test_a_closed_unit_asks_nobody(unit: Subject, at: datetime) -> None:
    closed = replace(unit, active=False)
    with pytest.raises(refusals.SubjectInactive):
        rules.announce("c", closed, name="SKM", days=(TODAY, LAST), population=200, at=at, by="hr")
