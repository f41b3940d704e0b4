"""A card is put right by what others have said, and what people here have done to it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import appraisal
import pytest
import yaml
from appraisal.domain.discipline import Measure
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.rebuilding import rebuilt
from appraisal.domain.scorecard import Person, Scorecard, evaluate
from appraisal.domain.tallies import NO_VOTES, Complaints, Learning, Month, Seat, Target, Votes

SHIPPED = Path(appraisal.__file__).parent / "policies"
PLAJU = "/16.71/plaju"
PERSON = Person("199001012015042001", "Rani", "PNS", "F", 1990, "III/b", "Pengelola", "pelaksana", None, "u", None)
SAID = Votes(Decimal(2), Decimal(18), Decimal(2), Decimal(162), 2)
TARGET = Target("Berkas", "berkas", "max", Decimal(10), Decimal(1))
SEAT = Seat("s", "Layanan", 8, date(2026, 12, 1))


@pytest.fixture(scope="module")
def policies() -> Policies:
    return Policies(parse_policy(yaml.safe_load(file.read_text())) for file in sorted(SHIPPED.glob("*.yaml")))


def card(**months: Month) -> Scorecard:
    """A card with the months of 2026 given as ``m11``."""
    named = {f"2026-{name[1:]}": month for name, month in months.items()}
    return Scorecard("e", "16", PLAJU, PERSON, {"2026-01-01": PLAJU}, named)


def scored(one: Scorecard, policies: Policies) -> Scorecard:
    return replace(one, scores={month: evaluate(one, month, policies) for month in one.months})


def test_a_card_that_is_right_stays_as_it_is(policies: Policies) -> None:
    live = scored(card(m11=Month(votes=SAID, targets={"a": TARGET})), policies)
    assert rebuilt(live, card(m11=Month(votes=SAID)), (), policies)[0] == live


def test_what_others_said_is_taken_over_and_what_was_agreed_stays(policies: Policies) -> None:
    live = scored(card(m11=Month(targets={"a": TARGET})), policies)
    said = Month(votes=SAID, complaints=Complaints(2, 1), learning=Learning(earned=Decimal(8)), thanks=2)
    levels = {"0001-01-01": "PT", "2026-07-01": "MU"}
    folded = replace(card(m11=said), seats={"n": SEAT}, levels=levels)
    mended, effect = rebuilt(replace(live, person=None), folded, (), policies)
    assert mended.levels == levels
    assert mended.months["2026-11"] == replace(said, targets={"a": TARGET})
    assert (mended.person, mended.seats) == (PERSON, {"n": SEAT})
    assert mended.scores["2026-11"] == evaluate(mended, "2026-11", policies)
    assert effect is not None
    assert effect["opened"].keys() == {"2026-11"}


def test_after_a_close_only_votes_of_open_months_follow_from_the_log(policies: Policies) -> None:
    live = scored(card(m11=Month(learning=Learning(offered=Decimal(4)))), policies)
    live = replace(live, closed_through="2026-10", seats={"mine": SEAT})
    folded = card(m10=Month(votes=SAID), m11=Month(votes=SAID, complaints=Complaints(1), thanks=1), m12=Month())
    mended, _ = rebuilt(live, replace(folded, seats={}), (), policies)
    assert mended.months == {"2026-11": Month(votes=SAID, learning=Learning(offered=Decimal(4)), thanks=1)}
    assert mended.seats == {"mine": SEAT}


def test_a_score_that_waits_for_its_first_event_under_a_new_policy_waits_on(policies: Policies) -> None:
    live = scored(card(m11=Month(votes=NO_VOTES)), policies)
    old = replace(live.scores["2026-11"], policy="sorong@1")
    live = replace(live, scores={"2026-11": old})
    assert rebuilt(live, card(m11=Month(votes=NO_VOTES)), (), policies)[0].scores["2026-11"] == old


def test_who_is_known_by_a_rating_only_keeps_their_place(policies: Policies) -> None:
    stranger = replace(card(m11=Month(votes=SAID)), person=None, postings={}, unit_path="/96.71")
    mended, _ = rebuilt(scored(card(m11=Month(votes=SAID)), policies), stranger, (), policies)
    assert (mended.unit_path, mended.person) == (PLAJU, PERSON)


def test_a_card_without_a_month_has_no_score_to_explain(policies: Policies) -> None:
    assert rebuilt(replace(card(), person=None), card(), (), policies) == (card(), None)


def test_discipline_follows_from_the_log(policies: Policies) -> None:
    gone, told = ({id_: Measure("ringan", date(2026, 1, 1), date(2026, 2, 1))} for id_ in "ab")
    mended, _ = rebuilt(replace(card(), discipline=gone), replace(card(), discipline=told), (), policies)
    assert mended.discipline == told
