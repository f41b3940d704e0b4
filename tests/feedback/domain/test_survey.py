"""The satisfaction survey: answers, sums, the index and its mutu, and how many answers are enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from feedback.domain import answering, survey
from feedback.domain.answering import UNSUR, Answer
from feedback.domain.refusals import InvalidAnswer, InvalidPeriod, InvalidPopulation, SubjectInactive
from feedback.domain.subject import Subject
from feedback.domain.survey import Tally
from feedback.domain.ticket import Ticket
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from kinara.contracts import Subject as EventSubject

ID = "0197a000-0000-7000-8000-0000000000b1"
UNIT = "0197a000-0000-7000-8000-000000000001"
ALL_FOURS = dict.fromkeys(UNSUR, 4)

marks = st.tuples(*[st.integers(1, 4)] * 9)
sheets = st.lists(marks, min_size=1, max_size=40)


def blank(period: str = "2026-11") -> Tally:
    return survey.blank_tally(UNIT, period, province=Province(code="16"), unit_path="/16.71/plaju")


def sheet(nine: tuple[int, ...]) -> Answer:
    return Answer(
        id=ID,
        employee_id=None,
        unit_id=UNIT,
        province=Province(code="16"),
        unit_path="/16.71/plaju",
        marks=nine,
        ticket_id=None,
        trust=Decimal("0.2"),
        answered_at=datetime(2026, 11, 14, tzinfo=UTC),
    )


def tally(*nines: tuple[int, ...]) -> Tally:
    result = blank()
    for nine in nines:
        result = survey.add(result, sheet(nine))
    return result


def test_an_answer_without_proof_counts_while_it_weighs_anything() -> None:
    fours, ones = (4,) * 9, (1,) * 9
    found = tally(fours)
    for one in (replace(sheet(ones), trust=Decimal(0)), replace(sheet(fours), ticket_id=ID), sheet(ones)):
        found = survey.add(found, one)
    found = survey.add(found, replace(sheet(ones), campaign_id="c"))

    assert (found.answers, found.sums) == (4, (10,) * 9)
    assert (found.proven, found.proven_sums) == (2, (5,) * 9)


def test_an_answer_is_published_with_its_nine_marks(ticket: Ticket, officer: Subject, at: datetime) -> None:
    given_, event = answering.answer(ID, officer, {u: 1 + n % 4 for n, u in enumerate(UNSUR)}, ticket=ticket, at=at)

    assert given_.marks == (1, 2, 3, 4, 1, 2, 3, 4, 1)
    assert (event.u1, event.u2, event.u7, event.u8, event.u9) == (1, 2, 3, 4, 1)
    assert event.subject == EventSubject("employee", officer.id)
    assert (event.unit_id, event.trust, event.answered_at) == (ticket.unit_id, Decimal("1.0"), at)


def test_an_answer_about_a_unit_is_about_the_unit(unit: Subject, at: datetime) -> None:
    assert answering.answer(ID, unit, ALL_FOURS, at=at)[1].subject == EventSubject("unit", unit.id)


@pytest.mark.parametrize("unsur", UNSUR)
@pytest.mark.parametrize("mark", [None, 0, 5])
def test_all_nine_unsur_are_answered_from_one_to_four(
    unit: Subject, at: datetime, unsur: str, mark: int | None
) -> None:
    given_ = {u: m for u, m in (ALL_FOURS | {unsur: mark}).items() if m is not None}

    with pytest.raises(InvalidAnswer) as refusal:
        answering.answer(ID, unit, given_, at=at)
    assert refusal.value.field == unsur


def test_an_answer_without_ticket_is_anonymous(unit: Subject, at: datetime) -> None:
    assert answering.answer(ID, unit, ALL_FOURS, at=at)[1].trust == Decimal("0.2")


def test_who_is_gone_is_not_surveyed(unit: Subject, at: datetime) -> None:
    with pytest.raises(SubjectInactive):
        answering.answer(ID, replace(unit, active=False), ALL_FOURS, at=at)


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2026, 1, 1), ("2026-01", "2026-Q1", "2026")),
        (date(2026, 3, 31), ("2026-03", "2026-Q1", "2026")),
        (date(2026, 4, 1), ("2026-04", "2026-Q2", "2026")),
        (date(2026, 11, 14), ("2026-11", "2026-Q4", "2026")),
        (date(2026, 12, 31), ("2026-12", "2026-Q4", "2026")),
    ],
)
def test_a_day_belongs_to_a_month_a_quarter_and_a_year(day: date, periods: tuple[str, str, str]) -> None:
    assert survey.periods_of(day) == periods


@pytest.mark.parametrize("period", ["", "2026-13", "2026-Q5", "26", "2026-11-01", "2026-1"])
def test_a_tally_is_of_a_month_a_quarter_or_a_year(period: str) -> None:
    with pytest.raises(InvalidPeriod):
        blank(period)


def test_a_tally_is_named_by_unit_period_and_part() -> None:
    assert blank().id == f"{UNIT}/2026-11/0"


def test_all_fours_make_exactly_one_hundred() -> None:
    result = survey.result_of(tally((4,) * 9))

    assert result is not None
    assert (result.ikm, result.mutu, result.performance) == (Decimal("100.00"), "A", "Sangat baik")


def test_all_ones_make_exactly_twenty_five() -> None:
    result = survey.result_of(tally((1,) * 9))

    assert result is not None
    assert (result.ikm, result.mutu, result.performance) == (Decimal("25.00"), "D", "Tidak baik")


def test_without_answers_there_is_no_result() -> None:
    assert survey.result_of(blank()) is None


def test_nrr_is_the_mean_of_each_unsur() -> None:
    result = survey.result_of(tally((4, 3, 3, 4, 4, 4, 4, 3, 2), (3, 3, 3, 3, 3, 3, 3, 3, 3), (4,) * 9))

    assert result is not None
    assert result.answers == 3
    assert {u: str(mean) for u, mean in result.nrr.items() if u in ("u1", "u2", "u9")} == {
        "u1": "3.67",
        "u2": "3.33",
        "u9": "3.00",
    }
    assert result.ikm == Decimal("87.04")


def test_the_index_is_made_of_sums_and_not_of_rounded_nrr() -> None:
    result = survey.result_of(tally(*[(3,) * 9] * 2, (4, 4, 4, 4, 4, 4, 4, 4, 3)))

    assert result is not None
    from_rounded = 25 * sum(result.nrr.values()) / 9
    assert result.ikm == Decimal("82.41")
    assert from_rounded.quantize(Decimal("0.01")) != result.ikm


@given(sheets)
def test_the_index_is_twenty_five_times_the_mean_of_all_marks(nines: list[tuple[int, ...]]) -> None:
    result = survey.result_of(tally(*nines))

    exact = 25 * Fraction(sum(map(sum, nines)), 9 * len(nines))
    assert result is not None
    assert abs(Fraction(result.ikm) - exact) <= Fraction(1, 200)
    assert 25 <= result.ikm <= 100


@given(st.lists(sheets, min_size=3, max_size=3))
def test_a_quarter_is_the_sum_of_its_months(months: list[list[tuple[int, ...]]]) -> None:
    quarter = survey.together(blank("2026-Q4"), [tally(*month) for month in months])

    at_once = tally(*[nine for month in months for nine in month])
    assert (quarter.answers, quarter.sums) == (at_once.answers, at_once.sums)
    assert survey.result_of(quarter) == survey.result_of(at_once)
    assert quarter.period == "2026-Q4"


@pytest.mark.parametrize(
    ("ikm", "mutu"),
    [
        ("25", "D"),
        ("43.75", "D"),
        ("64.99", "D"),
        ("64.994", "D"),
        ("64.995", "C"),
        ("65.00", "C"),
        ("76.60", "C"),
        ("76.604", "C"),
        ("76.605", "B"),
        ("76.61", "B"),
        ("88.30", "B"),
        ("88.3049", "B"),
        ("88.305", "A"),
        ("88.31", "A"),
        ("100", "A"),
    ],
)
def test_an_index_in_a_gap_between_two_mutu_is_rounded_half_up_first(ikm: str, mutu: str) -> None:
    assert survey.mutu_of(Decimal(ikm))[0] == mutu


@pytest.mark.parametrize(
    ("ikm", "words"), [("90", "Sangat baik"), ("80", "Baik"), ("70", "Kurang baik"), ("60", "Tidak baik")]
)
def test_each_mutu_has_its_words(ikm: str, words: str) -> None:
    assert survey.mutu_of(Decimal(ikm))[1] == words


KREJCIE_MORGAN = """
    10:10 15:14 20:19 25:24 30:28 35:32 40:36 45:40 50:44 55:48 60:52 65:56 70:59 75:63 80:66 85:70 90:73 95:76
    100:80 110:86 120:92 130:97 140:103 150:108 160:113 170:118 180:123 190:127 200:132 210:136 220:140 230:144
    240:148 250:152 260:155 270:159 280:162 290:165 300:169 320:175 340:181 360:186 380:191 400:196 420:201
    440:205 460:210 480:214 500:217 550:226 600:234 650:242 700:248 750:254 800:260 850:265 900:269 950:274
    1000:278 1100:285 1200:291 1300:297 1400:302 1500:306 1600:310 1700:313 1800:317 1900:320 2000:322 2200:327
    2400:331 2600:335 2800:338 3000:341 3500:346 4000:351 4500:354 5000:357 6000:361 7000:364 8000:367 9000:368
    10000:370 15000:375 20000:377 30000:379 40000:380 50000:381 75000:382 1000000:384
"""
"""The table of the 1970 paper, population to sample."""


@pytest.mark.parametrize(("population", "sample"), [tuple(map(int, row.split(":"))) for row in KREJCIE_MORGAN.split()])
def test_the_sample_size_is_that_of_the_published_table(population: int, sample: int) -> None:
    assert survey.sample_size(population) == sample


@given(st.integers(0, 10**7))
def test_a_sample_is_never_larger_than_its_population_nor_smaller_than_a_smaller_ones(population: int) -> None:
    assert survey.sample_size(population) <= population
    assert survey.sample_size(population) <= survey.sample_size(population + 1)


def test_a_negative_population_is_refused() -> None:
    with pytest.raises(InvalidPopulation):
        survey.sample_size(-1)


@pytest.mark.parametrize(
    ("period", "before"),
    [("2026-11", "2026-10"), ("2026-01", "2025-12"), ("2026-Q4", "2026-Q3"), ("2026-Q1", "2025-Q4"), ("2026", "2025")],
)
def test_the_period_before_is_of_the_same_length(period: str, before: str) -> None:
    assert survey.period_before(period) == before


@pytest.mark.parametrize("period", ["1000", "1000-01", "1000-Q1"])
def test_before_the_first_period_there_is_no_other(period: str) -> None:
    assert survey.period_before(period) == period


def test_answers_to_a_campaign_are_counted_by_themselves(unit: Subject) -> None:
    place = {"province": unit.province, "unit_path": unit.unit_path}
    ids = {survey.blank_tally(unit.id, "2026-11", **place, campaign=campaign).id for campaign in (None, "a", "b")}
    assert len(ids) == 3


def test_who_was_invited_by_a_campaign_weighs_in_full(unit: Subject, at: datetime) -> None:
    marks = dict.fromkeys(survey.UNSUR, 4)
    invited, fact = answering.answer(ID, unit, marks, at=at, campaign="c")
    alone, _ = answering.answer(ID, unit, marks, at=at)
    assert (invited.trust, fact.trust, invited.campaign_id, alone.trust) == (
        Decimal(1),
        Decimal(1),
        "c",
        Decimal("0.2"),
    )
