"""The climate pulse: what its answers come to, and when nothing is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from feedback.domain import campaign as rules
from feedback.domain import climate, refusals
from feedback.domain.campaign import Campaign
from feedback.domain.climate import ITEMS
from feedback.domain.subject import Subject

TODAY = date(2026, 11, 14)


@pytest.fixture
def pulse(unit: Subject, at: datetime) -> Campaign:
    """A pulse of one day."""
    return rules.announce("p", unit, name="Iklim kerja", days=(TODAY, TODAY), population=20, at=at, by="hr")


def tallied(pulse: Campaign, part: str, *marks: int) -> climate.ClimateTally:
    tally = climate.blank_tally(pulse, part)
    for mark in marks:
        tally = climate.add(tally, dict.fromkeys(ITEMS, mark))
    return tally


def test_the_means_are_of_all_parts_and_rounded_half_up(pulse: Campaign) -> None:
    parts = [tallied(pulse, "0", *[4] * 7), tallied(pulse, "1", *[1] * 5)]
    assert climate.means_of(pulse, parts, TODAY + timedelta(days=1)) == dict.fromkeys(ITEMS, Decimal("2.75"))


def test_nothing_is_told_while_it_runs_nor_of_fewer_than_ten(pulse: Campaign) -> None:
    nine, ten = [tallied(pulse, "0", *[4] * 9)], [tallied(pulse, "0", *[4] * 10)]
    over = TODAY + timedelta(days=1)
    assert [climate.means_of(pulse, tallies, day) is None for tallies, day in [(ten, TODAY), (nine, over)]] == [
        True
    ] * 2
    assert climate.means_of(pulse, ten, over) is not None
    assert climate.means_of(rules.close(pulse, TODAY), ten, TODAY) is not None
    assert climate.means_of(pulse, [], over) is None


@pytest.mark.parametrize("mark", [0, 5])
def test_every_statement_is_marked_from_one_to_four(pulse: Campaign, mark: int) -> None:
    with pytest.raises(refusals.InvalidAnswer) as refusal:
        climate.add(climate.blank_tally(pulse, "0"), dict.fromkeys(ITEMS, 3) | {"c4": mark})
    assert refusal.value.field == "c4"


def test_a_unit_in_which_nobody_could_hide_is_not_asked() -> None:
    assert [climate.staff_of(*of) for of in ((10, 10), (40, 12), (11, 40))] == [10, 12, 11]
    for declared, serving in ((9, 40), (40, 9)):
        with pytest.raises(refusals.InvalidCampaign) as refusal:
            climate.staff_of(declared, serving)
        assert refusal.value.field == "population"
