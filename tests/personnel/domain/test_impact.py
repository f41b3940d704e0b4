"""Rates by group, the four-fifths rule, and that nothing about fewer than five people can be told or worked out."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from personnel.domain.impact import FEWEST, Tally


def tallied(**groups: tuple[int, int]) -> Tally:
    """Groups as (people, of whom got it)."""
    tally = Tally()
    for name, (people, got) in groups.items():
        for at in range(people):
            tally.count(name, got=at < got)
    return tally


def test_less_than_four_fifths_of_the_best_rate_is_an_alarm_and_four_fifths_is_none() -> None:
    found = tallied(a=(10, 10), b=(10, 8), c=(20, 15)).compared()
    assert [(one.group, one.rate, one.alarm) for one in found.groups] == [
        ("a", Decimal("1.0000"), False),
        ("b", Decimal("0.8000"), False),
        ("c", Decimal("0.7500"), True),
    ]
    assert found.alarm


def test_where_nobody_got_anything_there_is_no_alarm() -> None:
    assert not tallied(a=(10, 0), b=(10, 0)).compared().alarm


def test_rates_are_compared_exactly_and_not_as_shown() -> None:
    assert tallied(a=(30001, 30001), b=(30001, 24000)).compared().alarm


def test_a_group_of_four_is_not_shown_and_one_of_five_is() -> None:
    found = tallied(a=(50, 5), b=(5, 1), c=(4, 4), d=(3, 0)).compared()
    assert ([one.group for one in found.groups], found.hidden) == (["a", "b"], 2)


def test_the_only_small_group_takes_the_next_one_along_so_that_it_cannot_be_subtracted() -> None:
    found = tallied(a=(50, 5), b=(6, 1), c=(4, 4)).compared()
    assert ([one.group for one in found.groups], found.hidden) == (["a"], 2)


def test_of_two_groups_of_which_one_is_small_nothing_is_shown() -> None:
    assert tallied(M=(50, 5), F=(2, 1)).compared().groups == ()


def test_two_groups_that_are_fewer_than_five_together_take_a_third_along() -> None:
    found = tallied(a=(50, 5), b=(6, 1), c=(2, 1), d=(1, 0)).compared()
    assert [one.group for one in found.groups] == ["a"]


def test_who_cannot_get_it_does_not_count_and_hides_a_group_where_they_are_few() -> None:
    tally = tallied(a=(10, 5), b=(20, 5), c=(30, 5))
    for _ in range(3):
        tally.count("a", got=False, can=False)
    for _ in range(5):
        tally.count("b", got=False, can=False)
    found = tally.compared()
    assert [one.group for one in found.groups] == ["c"], "a's size is known elsewhere, b hides with it"
    assert found.groups[0].people == 30


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 12), max_size=8))
def test_whatever_the_groups_what_is_hidden_is_nothing_or_at_least_five_people_in_two_groups(
    sizes: dict[str, int],
) -> None:
    tally = tallied(**{name: (people, people // 2) for name, people in sizes.items()})
    shown = {one.group for one in tally.compared().groups}
    hidden = [people for name, people in sizes.items() if name not in shown]
    assert all(sizes[name] >= FEWEST for name in shown)
    assert not hidden or not shown or (len(hidden) > 1 and sum(hidden) >= FEWEST)
