"""Each rule of a promotion at its bounds: met, not met or unknown, with its source, on the day of the rank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts.appraisal import Predikat
from personnel.domain import merit
from personnel.domain.dossier import Dossier, Lift, Measure
from personnel.domain.eligibility import Case, eligibility, ended, next_period, refuse_far_ahead
from personnel.domain.employee import Employee, separate
from personnel.domain.finding import Finding, overall
from personnel.domain.merit import Appraisal, Credit
from personnel.domain.refusals import AlreadySeparated, DateOutOfOrder, NotPromotable, RankNotHigher

D = Decimal
TMT = date(2026, 12, 1)
GOOD = {"2024": Predikat.BAIK, "2025": Predikat.SANGAT_BAIK}
MEASURE = Measure(
    id="m", level="sedang", decree_number="800/1", effective_on=date(2026, 6, 1), ends_on=date(2026, 12, 1),
    imposed_by="hr",
)  # fmt: skip


@pytest.fixture
def case(employee: Employee) -> Case:
    """A pelaksana in III/c since 1 April 2022, with two good years and a diploma, on the way to III/d."""
    officer = replace(employee, jabatan_kind="pelaksana", jenjang=None, dossier=Dossier(education="S1"))
    return Case(employee=officer, merit=judged(GOOD), to_golongan="III/d", kind="101", on=TMT, today=date(2026, 11, 23))


def judged(predikat: dict[str, Predikat], **credits: Credit) -> merit.Merit:
    appraisals = {year: Appraisal(confirmed=one) for year, one in predikat.items()}
    years = {name[1:]: credit for name, credit in credits.items()}
    return replace(merit.blank("e", "16"), appraisals=appraisals, credits=years)


def finding(case: Case, rule: str) -> Finding:
    (one,) = [one for one in eligibility(case) if one.rule == rule]
    return one


def changed(case: Case, **facts: Any) -> Case:
    return replace(case, employee=replace(case.employee, **facts))


def test_who_meets_every_rule_is_told_why_with_the_source_of_each(case: Case) -> None:
    findings = eligibility(case)
    assert overall(findings) == "met"
    assert [one.rule for one in findings] == [
        "one_step", "period", "years_in_rank", "predikat", "discipline", "education",
    ]  # fmt: skip
    assert all(one.why and one.source and one.missing is None for one in findings)


@pytest.mark.parametrize(
    ("on", "since", "result"),
    [
        (date(2026, 12, 1), date(2022, 12, 1), "met"),
        (date(2026, 12, 1), date(2022, 12, 2), "not_met"),
        (date(2028, 3, 1), date(2024, 2, 29), "met"),
        (date(2026, 12, 1), None, "unknown"),
    ],
)
def test_a_regular_promotion_needs_four_years_in_rank(case: Case, on: date, since: date | None, result: str) -> None:
    found = finding(replace(changed(case, golongan_since=since), on=on), "years_in_rank")
    assert found.result == result
    assert (found.missing is None) == (result == "met")


def test_a_functional_post_needs_two_years_and_other_kinds_are_for_a_person_to_look_at(case: Case) -> None:
    two = changed(replace(case, kind="202"), golongan_since=date(2024, 12, 1))
    assert finding(two, "years_in_rank").result == "met"
    assert finding(replace(case, kind="208"), "years_in_rank").result == "unknown"


@pytest.mark.parametrize(
    ("known", "result", "words"),
    [
        (GOOD, "met", "2024: Baik; 2025: Sangat Baik"),
        (GOOD | {"2024": Predikat.BUTUH_PERBAIKAN}, "not_met", "2024: Butuh Perbaikan"),
        ({"2025": Predikat.BAIK}, "unknown", "tahun 2024 belum ditetapkan"),
        ({"2025": Predikat.KURANG}, "not_met", "Kurang"),
        ({}, "unknown", "2024 dan 2025"),
    ],
)
def test_both_of_the_last_two_years_are_at_least_baik(
    case: Case, known: dict[str, Predikat], result: str, words: str
) -> None:
    found = finding(replace(case, merit=judged(known)), "predikat")
    assert (found.result, words in found.why) == (result, True)


def test_a_proposal_of_the_matrix_is_no_decision(case: Case) -> None:
    proposed = replace(judged(GOOD), appraisals={"2025": Appraisal(proposed=Predikat.BAIK)})
    assert finding(replace(case, merit=proposed), "predikat").result == "unknown"


@pytest.mark.parametrize(
    ("measure", "on", "today", "result"),
    [
        (MEASURE, TMT, date(2026, 11, 23), "not_met"),
        (replace(MEASURE, ends_on=date(2026, 11, 30)), TMT, date(2026, 11, 23), "met"),
        (replace(MEASURE, effective_on=date(2026, 12, 5), ends_on=date(2027, 1, 1)), TMT, date(2026, 12, 8), "not_met"),
        (replace(MEASURE, lifted=Lift(reason="Banding", on=TMT, by="hr")), TMT, date(2026, 11, 23), "met"),
    ],
    ids=["on its last day", "over before", "since the day of the rank", "lifted"],
)
def test_no_measure_runs_from_the_day_of_the_rank_to_today(
    case: Case, measure: Measure, on: date, today: date, result: str
) -> None:
    found = finding(replace(changed(case, dossier=Dossier(measures=(measure,))), on=on, today=today), "discipline")
    assert found.result == result
    assert "sedang " not in found.why.replace("sedang berjalan", ""), "the level is not the superior's business"


@pytest.mark.parametrize(
    ("education", "to", "result"),
    [("S1", "III/d", "met"), ("D3", "III/d", "not_met"), ("S2", "III/d", "met"), (None, "III/d", "unknown")],
)
def test_education_sets_how_far_a_regular_promotion_goes(case: Case, education: Any, to: str, result: str) -> None:
    asked = replace(changed(case, dossier=Dossier(education=education)), to_golongan=to)
    assert finding(asked, "education").result == result
    assert "education" not in [one.rule for one in eligibility(replace(asked, kind="201"))]


@pytest.mark.parametrize(
    ("on", "result", "source"),
    [
        (date(2023, 4, 1), "met", "PP 99/2000"),
        (date(2023, 6, 1), "not_met", "PP 99/2000"),
        (date(2024, 6, 1), "met", "PerBKN 4/2023"),
        (date(2025, 9, 1), "not_met", "PerBKN 4/2023"),
        (date(2025, 10, 1), "met", "PerBKN 4/2025"),
        (date(2025, 11, 1), "met", "PerBKN 4/2025"),
        (date(2026, 12, 2), "not_met", "PerBKN 4/2025"),
    ],
)
def test_ranks_begin_in_the_periods_of_their_time(case: Case, on: date, result: str, source: str) -> None:
    found = finding(replace(case, on=on), "period")
    assert (found.result, found.source) == (result, source)


@pytest.mark.parametrize(
    ("after", "following"),
    [
        (date(2023, 4, 2), date(2023, 10, 1)),
        (date(2023, 10, 2), date(2024, 2, 1)),
        (date(2025, 8, 2), date(2025, 10, 1)),
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 12, 2), date(2027, 1, 1)),
    ],
)
def test_the_next_period_is_found(after: date, following: date) -> None:
    assert next_period(after) == following


def test_the_superiors_rank_counts_until_20_may_2025_and_no_longer(case: Case) -> None:
    below = replace(case.employee, golongan="III/b", golongan_since=date(2020, 4, 1))
    before, after = (replace(case, superior=below, on=on) for on in (date(2025, 4, 1), date(2025, 5, 20)))
    assert finding(before, "superior_rank").result == "not_met"
    assert ended(before) == ()
    assert "superior_rank" not in [one.rule for one in eligibility(after)]
    assert [rule.code for rule in ended(after)] == ["superior_rank"]
    assert finding(replace(before, superior=None), "superior_rank").result == "unknown"
    equal = replace(below, golongan="III/d")
    assert finding(replace(before, superior=equal), "superior_rank").result == "met"


def test_a_promotion_goes_one_step_but_for_a_diploma(case: Case) -> None:
    assert finding(replace(case, to_golongan="IV/a"), "one_step").result == "not_met"
    assert "one_step" not in [one.rule for one in eligibility(replace(case, kind="203", to_golongan="IV/a"))]
    with pytest.raises(RankNotHigher):
        eligibility(changed(case, golongan="IV/e"))


def test_a_pppk_and_who_has_left_are_told_so(case: Case) -> None:
    with pytest.raises(NotPromotable, match="PPPK tidak mengenal kenaikan pangkat"):
        eligibility(changed(case, kind="PPPK"))
    with pytest.raises(AlreadySeparated):
        eligibility(replace(case, employee=separate(case.employee, "retired", date(2026, 1, 1))[0]))


def test_a_rank_of_the_far_future_is_not_proposed() -> None:
    refuse_far_ahead(date(2027, 11, 23), date(2026, 11, 23))
    with pytest.raises(DateOutOfOrder):
        refuse_far_ahead(date(2027, 11, 24), date(2026, 11, 23))


def years(**credit: str) -> dict[str, Credit]:
    return {year: Credit(jenjang="MU", months=12, credit=D(value)) for year, value in credit.items()}


@pytest.mark.parametrize(
    ("credits", "result", "words"),
    [
        (years(y2022="25", y2023="37.5", y2024="25", y2025="25"), "met", "106,25 dari 100 dalam pangkat"),
        (years(y2022="25", y2023="25", y2024="25", y2025="25"), "not_met", "93,75 dari 100"),
        (years(y2022="25", y2024="25", y2025="25"), "unknown", "68,75"),
        (years(y2023="25", y2024="37.5", y2025="37.5"), "met", "100,0"),
    ],
    ids=["enough", "short", "a year is not known", "enough without a year that is not known"],
)
def test_a_functional_post_asks_for_credit_collected_in_the_rank(
    case: Case, credits: dict[str, Credit], result: str, words: str
) -> None:
    functional = changed(replace(case, kind="202"), jabatan_kind="fungsional", jenjang="MU")
    found = finding(replace(functional, merit=judged(GOOD, **credits)), "angka_kredit")
    assert (found.result, words in found.why) == (result, True), found


def test_a_rank_of_the_next_level_asks_for_the_credit_of_the_level_too(case: Case) -> None:
    expert = changed(
        replace(case, kind="202", to_golongan="IV/a"), jabatan_kind="fungsional", jenjang="MU", golongan="III/d"
    )
    known = years(y2022="37.5", y2023="37.5", y2024="37.5", y2025="37.5")
    found = finding(replace(expert, merit=judged(GOOD, **known)), "angka_kredit")
    assert found.result == "not_met"
    assert "150,0 dari 200 dalam jenjang" in found.why
    assert found.missing == "Angka kredit kurang 50,0 untuk jenjang."
    highest = changed(expert, jenjang="PY")
    assert finding(highest, "angka_kredit").result == "not_met"
    unknown = changed(expert, jenjang=None)
    assert finding(unknown, "angka_kredit").result == "unknown"


@pytest.mark.parametrize(
    ("jabatan_since", "result", "missing"),
    [
        (date(2018, 5, 1), "unknown", "Angka kredit tahun 2018, 2019, 2020, 2021 yang belum tercatat."),
        (date(2022, 1, 1), "not_met", "Angka kredit kurang 50,0 untuk jenjang."),
        (date(2024, 1, 1), "not_met", "Angka kredit kurang 50,0 untuk jenjang."),
        (None, "unknown", "Catat TMT jabatan."),
    ],
    ids=["the level began before the rank", "with the rank", "another post since", "nobody knows when"],
)
def test_too_little_in_a_level_is_unknown_while_a_year_of_the_level_is_not_told(
    case: Case, jabatan_since: date | None, result: str, missing: str
) -> None:
    expert = changed(
        replace(case, kind="202", to_golongan="III/c"), jabatan_kind="fungsional", jenjang="PT", golongan="III/b",
        golongan_since=date(2022, 1, 1), jabatan_since=jabatan_since,
    )  # fmt: skip
    known = {f"y{year}": Credit(jenjang="PT", months=12, credit=D("12.5")) for year in range(2022, 2026)}
    found = finding(replace(expert, merit=judged(GOOD, **known)), "angka_kredit")
    assert "50,0 dari 100 dalam jenjang" in found.why
    assert (found.result, found.missing) == (result, missing)
    lazy = {year: replace(one, credit=D("6")) for year, one in known.items()}
    short = finding(replace(expert, merit=judged(GOOD, **lazy)), "angka_kredit")
    assert short.result == "not_met", "of the rank every year is told, and it is too little"


def test_a_rank_asks_for_what_its_own_level_does_whichever_level_is_held(case: Case) -> None:
    known = years(y2022="12.5", y2023="12.5", y2024="12.5", y2025="12.5")
    ahead = changed(
        replace(case, kind="202", to_golongan="III/c", merit=judged(GOOD, **known)), jabatan_kind="fungsional",
        jenjang="MU", golongan="III/b", golongan_since=date(2022, 1, 1),
    )  # fmt: skip
    found = finding(ahead, "angka_kredit")
    assert (found.result, found.why) == ("met", "Angka kredit Ahli Muda: 50,00 dari 50 dalam pangkat.")


def test_a_functional_promotion_is_for_who_holds_a_functional_post(case: Case) -> None:
    found = finding(replace(case, kind="202"), "angka_kredit")
    assert (found.result, bool(found.missing)) == ("not_met", True)
    assert "angka_kredit" not in [one.rule for one in eligibility(case)]


@pytest.mark.parametrize(
    ("held", "proposed", "result"),
    [
        ("PT", "PT", "met"),
        ("PT", "MU", "met"),
        ("PT", "MA", "not_met"),
        ("PT", "UT", "not_met"),
        ("MU", "PT", "not_met"),
        ("PY", "PT", "not_met"),
        ("UT", "UT", "met"),
        (None, "PT", "unknown"),
    ],
)
def test_a_proposed_level_is_the_present_or_the_next_one(case: Case, held: Any, proposed: Any, result: str) -> None:
    expert = changed(replace(case, kind="202", jenjang=proposed), jabatan_kind="fungsional", jenjang=held)
    assert finding(expert, "jenjang").result == result
    assert "jenjang" not in [one.rule for one in eligibility(replace(expert, jenjang=None))]


def test_a_level_is_not_proposed_for_who_holds_no_functional_post(case: Case) -> None:
    assert finding(replace(case, jenjang="PT"), "jenjang").result == "not_met"


def test_the_next_level_asks_for_the_credit_of_the_present_one(case: Case) -> None:
    known = years(y2022="37.5", y2023="37.5", y2024="37.5", y2025="37.5")
    expert = changed(replace(case, kind="202", merit=judged(GOOD, **known)), jabatan_kind="fungsional", jenjang="MU")
    assert finding(expert, "angka_kredit").result == "met"
    found = finding(replace(expert, jenjang="MA"), "angka_kredit")
    assert (found.result, "150,0 dari 200 dalam jenjang" in found.why) == ("not_met", True)
    assert finding(replace(expert, jenjang="MU"), "angka_kredit").result == "met"
