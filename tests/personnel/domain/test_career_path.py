"""Levels of posts, what the next ones ask, and what is missing: yes, no or not known, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts.appraisal import Predikat
from personnel.domain import merit
from personnel.domain.career import Career, PostHeld
from personnel.domain.career_path import LADDER, next_steps
from personnel.domain.dossier import Dossier, Education, Measure
from personnel.domain.employee import Employee
from personnel.domain.finding import Result
from personnel.domain.levels import Level, level_of
from personnel.domain.merit import Appraisal, Course, Credit, Merit
from personnel.domain.requirements import Requirements, findings, full_years

ON = date(2026, 11, 23)


def heard(*titles: str, **predikat: Predikat) -> Merit:
    courses = tuple(
        Course(completion_id=t, title=t, partner="BPSDM", jp=8, certificate_number="C", completed_on=date(2026, 1, 1))
        for t in titles
    )
    appraisals: Mapping[str, Appraisal] = {y.removeprefix("y"): Appraisal(confirmed=p) for y, p in predikat.items()}
    return replace(merit.blank("e1", "16"), courses=courses, appraisals=appraisals)


GOOD = heard("Uji Kompetensi Ahli Madya", y2024=Predikat.BAIK, y2025=Predikat.SANGAT_BAIK)


def judged(employee: Employee, known: Merit, **asked: Any) -> list[tuple[str, Result]]:
    """Without discipline, which is always asked."""
    found = findings(employee, known, Requirements(**asked), ON)
    return [(one.rule, one.result) for one in found if one.rule != "discipline"]


def credited(*years: int, each: str = "50") -> dict[str, Credit]:
    """Angka kredit of years in Ahli Muda."""
    return {str(year): Credit(jenjang="MU", months=12, credit=Decimal(each)) for year in years}


@pytest.mark.parametrize(
    ("jabatan", "level"),
    [
        ("Lurah Plaju Ilir", "pengawas"), ("Kepala Seksi Pemerintahan", "pengawas"),
        ("Kepala Sub Bagian Umum dan Kepegawaian", "pengawas"), ("Kepala Subbidang Mutasi", "pengawas"),
        ("Camat Plaju", "administrator"), ("Sekretaris Kecamatan Plaju", "administrator"),
        ("Kepala Bidang Mutasi", "administrator"), ("Sekretaris Dinas Kesehatan", "administrator"),
        ("Inspektur Pembantu Wilayah I", "administrator"), ("Sekretaris Kelurahan", "pengawas"),
        ("Kepala Dinas Kesehatan", "jpt_pratama"), ("Sekretaris Daerah", "jpt_pratama"), ("Inspektur", "jpt_pratama"),
        ("Sekretaris DPRD", "jpt_pratama"),
        ("Direktur", None),
    ],
)  # fmt: skip
def test_the_name_of_a_managerial_post_tells_its_level_or_nothing_does(jabatan: str, level: Level | None) -> None:
    assert level_of("manajerial", None, jabatan) == level


def test_functional_posts_have_the_level_that_is_stated() -> None:
    assert level_of("fungsional", "MU", "Kepala Bidang") == "MU"
    assert level_of("fungsional", None, "Perawat") is None
    assert level_of("pelaksana", None, "Lurah") == "pelaksana"


def test_every_level_that_a_step_leads_to_has_steps_of_its_own() -> None:
    assert {level for steps in LADDER.values() for level in steps} <= LADDER.keys()


def test_a_functional_officer_sees_the_next_level_and_the_managerial_one(employee: Employee) -> None:
    ready = replace(employee, golongan="III/d", golongan_since=date(2022, 4, 1))
    collected = replace(GOOD, credits=credited(2022, 2023, 2024, 2025))
    level, (functional, managerial) = next_steps(ready, collected, ON)
    assert (level, functional.level, managerial.level) == ("MU", "MA", "administrator")
    assert functional.missing == ()
    assert {one.rule for one in managerial.missing} == {"course", "education"}, "3 years in the post, 2 good ones"


def test_what_is_missing_is_named_with_why(employee: Employee) -> None:
    _, (step, _) = next_steps(employee, heard(y2024=Predikat.BAIK), ON)
    told = {one.rule: one for one in step.findings}
    assert {rule: one.result for rule, one in told.items()} == {
        "kind": "met", "golongan": "not_met", "angka_kredit": "unknown", "predikat": "unknown", "course": "not_met",
        "discipline": "met",
    }  # fmt: skip
    assert told["golongan"].why == "Golongan III/c; diminta paling rendah III/d (PNS)."
    assert told["golongan"].missing == "paling rendah III/d (PNS)"
    assert "2025 belum ditetapkan" in told["predikat"].why


@pytest.mark.parametrize(
    ("credits", "result"),
    [
        (credited(2023, 2024, 2025, each="66.67"), "met"),
        (credited(2023, 2024, 2025, each="66.66"), "not_met"),
        (credited(2024, 2025, each="66.66"), "unknown"),
        (credited(2023, 2024, 2025, 2026, each="66.66"), "not_met"),
        ({}, "unknown"),
    ],
)
def test_angka_kredit_of_full_years_counts_and_too_little_is_unknown_while_a_year_is_missing(
    employee: Employee, credits: Mapping[str, Credit], result: Result
) -> None:
    found = judged(employee, replace(GOOD, credits=credits), angka_kredit=Decimal(200))
    assert found == [("angka_kredit", result)], "in the level since January 2023"


@pytest.mark.parametrize(
    ("had", "result"), [("S1", "met"), ("D4", "met"), ("S2", "met"), ("D3", "not_met"), (None, "unknown")]
)
def test_education_is_compared_by_grade(employee: Employee, had: Education | None, result: Result) -> None:
    known = replace(employee, dossier=Dossier(education=had))
    assert judged(known, GOOD, education="S1") == [("education", result)]


def test_a_measure_that_runs_stands_in_the_way_of_every_post(employee: Employee) -> None:
    measure = Measure(
        id="m1", level="ringan", decree_number="1", effective_on=ON, ends_on=ON, imposed_by="hr",
    )  # fmt: skip
    disciplined = replace(employee, dossier=Dossier(measures=(measure,)))
    for who, result in ((employee, "met"), (disciplined, "not_met")):
        [found] = findings(who, GOOD, Requirements(), ON)
        assert (found.rule, found.result) == ("discipline", result)


@pytest.mark.parametrize(
    ("predikat", "expected"),
    [
        ({"y2024": Predikat.BAIK, "y2025": Predikat.BAIK}, "met"),
        ({"y2024": Predikat.BUTUH_PERBAIKAN, "y2025": Predikat.SANGAT_BAIK}, "not_met"),
        ({"y2024": Predikat.KURANG}, "not_met"),
        ({"y2025": Predikat.BAIK}, "unknown"),
        ({"y2023": Predikat.KURANG, "y2024": Predikat.BAIK, "y2025": Predikat.BAIK}, "met"),
        ({"y2024": Predikat.BAIK, "y2025": Predikat.BAIK, "y2026": Predikat.KURANG}, "met"),
    ],
)
def test_the_last_full_years_count(employee: Employee, predikat: dict[str, Predikat], expected: Result) -> None:
    assert judged(employee, heard(**predikat), good_years=2) == [("predikat", expected)]


def test_years_are_whole_years() -> None:
    assert full_years(date(2022, 11, 23), date(2026, 11, 22)) == 3
    assert full_years(date(2022, 11, 23), date(2026, 11, 23)) == 4
    assert full_years(date(2024, 2, 29), date(2025, 2, 28)) == 0


def test_what_is_not_known_is_neither_met_nor_not(employee: Employee) -> None:
    unknown = replace(employee, golongan_since=None, jabatan_since=None)
    asked = {"years_in_rank": 4, "years_in_post": 2, "education": "S1", "angka_kredit": Decimal(100)}
    assert [result for _, result in judged(unknown, GOOD, **asked)] == ["unknown"] * 4


def test_years_before_the_present_post_are_for_people_to_count(employee: Employee) -> None:
    for years, result in ((3, "met"), (5, "unknown"), (30, "not_met")):  # in the post since 2023, appointed in 2015
        assert judged(employee, GOOD, years_in_post=years) == [("years_in_post", result)]
    found, _ = findings(employee, GOOD, Requirements(years_in_post=5), ON)
    assert "masa dalam jabatan setingkat sebelum ini belum dihitung" in found.why


@pytest.mark.parametrize(
    ("before", "result"),
    [("Camat Jakabaring", "met"), ("Kepala Bidang Mutasi", "met"), ("Lurah Plaju Ilir", "unknown"), ("?", "unknown")],
)
def test_years_in_a_post_of_the_same_level_right_before_count_too(
    employee: Employee, before: str, result: Result
) -> None:
    posts = (PostHeld(jabatan="Lurah", since=date(2016, 1, 1)), PostHeld(jabatan=before, since=date(2020, 1, 1)))
    camat = replace(employee, jabatan="Camat Plaju", jabatan_kind="manajerial", jenjang=None, career=Career((), posts))
    assert judged(camat, GOOD, years_in_post=5) == [("years_in_post", result)]


def test_what_is_asked_comes_with_where_it_is_asked(employee: Employee) -> None:
    def sources(asked: Requirements) -> dict[str, str]:
        return {one.rule: one.source for one in findings(employee, GOOD, asked, ON)}

    ladder, other, managerial = LADDER["MU"]["MA"], LADDER["pengawas"]["MU"], LADDER["MU"]["administrator"]
    assert sources(ladder)["course"] == sources(ladder)["golongan"] == "PermenPANRB 1/2023; PerBKN 3/2023"
    assert sources(other)["age"] == sources(other)["course"] == "PermenPANRB 1/2023; syarat perpindahan menurut BKN"
    assert sources(managerial)["education"] == "PP 11/2017 jo. PP 17/2020"
    assert sources(managerial)["course"] == "Syarat pembukaan atau standar kompetensi jabatan"
    for asked in (ladder, other, managerial):
        assert (sources(asked)["predikat"], sources(asked)["discipline"]) == ("PermenPANRB 6/2022", "PP 94/2021")


@pytest.mark.parametrize(
    ("level", "into", "year"),
    [("pengawas", "MU", 2040), ("administrator", "MA", 2042), ("pelaksana", "PT", 2040), ("PY", "PT", 2040)],
)
def test_who_is_too_old_to_change_into_the_functional_ladder_reads_so(
    employee: Employee, level: Level, into: Level, year: int
) -> None:
    for day, result in ((25, "met"), (26, "not_met")):  # born on 26 September 1986
        found = {one.rule: one.result for one in findings(employee, GOOD, LADDER[level][into], date(year, 9, day))}
        assert found["age"] == result


def test_a_pppk_is_not_compared_with_ranks_of_pns(employee: Employee) -> None:
    pppk = replace(employee, kind="PPPK", golongan="IX")
    assert judged(pppk, GOOD, kinds=("PNS",), golongan="III/a") == [("kind", "not_met"), ("golongan", "unknown")]


def test_age_and_rank_at_their_limits(employee: Employee) -> None:
    assert judged(employee, GOOD, age_most=40) == [("age", "met")], "born on 26 September 1986"
    assert judged(employee, GOOD, age_most=39) == [("age", "not_met")]
    for golongan, years, result in (("III/c", 4, "met"), ("III/d", 5, "not_met")):
        found = judged(employee, GOOD, golongan=golongan, years_in_rank=years)
        assert found == [("golongan", result), ("years_in_rank", result)]
