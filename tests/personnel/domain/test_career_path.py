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
from personnel.domain.career_path import LADDER, next_steps
from personnel.domain.employee import Employee
from personnel.domain.levels import Level, level_of
from personnel.domain.merit import Appraisal, Course, Merit
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


def met(employee: Employee, known: Merit, **asked: Any) -> list[tuple[str, bool | None]]:
    return [(one.code, one.met) for one in findings(employee, known, Requirements(**asked), ON)]


@pytest.mark.parametrize(
    ("jabatan", "level"),
    [
        ("Lurah Plaju Ilir", "pengawas"), ("Kepala Seksi Pemerintahan", "pengawas"),
        ("Kepala Sub Bagian Umum dan Kepegawaian", "pengawas"), ("Kepala Subbidang Mutasi", "pengawas"),
        ("Camat Plaju", "administrator"), ("Sekretaris Kecamatan Plaju", "administrator"),
        ("Kepala Bidang Mutasi", "administrator"), ("Sekretaris Dinas Kesehatan", "administrator"),
        ("Inspektur Pembantu Wilayah I", "administrator"), ("Sekretaris Kelurahan", "pengawas"),
        ("Kepala Dinas Kesehatan", "jpt_pratama"), ("Sekretaris Daerah", "jpt_pratama"), ("Inspektur", "jpt_pratama"),
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
    level, (functional, managerial) = next_steps(ready, GOOD, ON, Decimal(200))
    assert (level, functional.level, managerial.level) == ("MU", "MA", "administrator")
    assert functional.missing == ()
    assert {one.code for one in managerial.missing} == {"pelatihan", "pendidikan"}, "3 years in the post, 2 good ones"


def test_what_is_missing_is_named_with_why(employee: Employee) -> None:
    _, (step, _) = next_steps(employee, heard(y2024=Predikat.BAIK), ON)
    told = {one.code: one for one in step.findings}
    assert {code: one.met for code, one in told.items()} == {
        "jenis_pegawai": True, "golongan": False, "angka_kredit": None, "predikat": None, "pelatihan": False,
    }  # fmt: skip
    assert told["golongan"].why == "Golongan III/c; diminta paling rendah III/d."
    assert "2025 belum ditetapkan" in told["predikat"].why


def test_angka_kredit_is_compared_exactly(employee: Employee) -> None:
    _, (step, *_) = next_steps(employee, GOOD, ON, Decimal("199.99"))
    assert dict((one.code, one.met) for one in step.findings)["angka_kredit"] is False  # noqa: C402


@pytest.mark.parametrize(
    ("predikat", "expected"),
    [
        ({"y2024": Predikat.BAIK, "y2025": Predikat.BAIK}, True),
        ({"y2024": Predikat.BUTUH_PERBAIKAN, "y2025": Predikat.SANGAT_BAIK}, False),
        ({"y2024": Predikat.KURANG}, False),
        ({"y2025": Predikat.BAIK}, None),
        ({"y2023": Predikat.KURANG, "y2024": Predikat.BAIK, "y2025": Predikat.BAIK}, True),
        ({"y2024": Predikat.BAIK, "y2025": Predikat.BAIK, "y2026": Predikat.KURANG}, True),
    ],
)
def test_the_last_full_years_count(employee: Employee, predikat: dict[str, Predikat], expected: bool | None) -> None:
    assert met(employee, heard(**predikat), good_years=2) == [("predikat", expected)]


def test_years_are_whole_years() -> None:
    assert full_years(date(2022, 11, 23), date(2026, 11, 22)) == 3
    assert full_years(date(2022, 11, 23), date(2026, 11, 23)) == 4
    assert full_years(date(2024, 2, 29), date(2025, 2, 28)) == 0


def test_what_is_not_known_is_neither_yes_nor_no(employee: Employee) -> None:
    unknown = replace(employee, golongan_since=None, jabatan_since=None)
    asked = {"years_in_rank": 4, "years_in_post": 2, "education": "S-1", "angka_kredit": Decimal(100)}
    assert [found for _, found in met(unknown, GOOD, **asked)] == [None] * 4


def test_a_pppk_is_not_compared_with_ranks_of_pns(employee: Employee) -> None:
    pppk = replace(employee, kind="PPPK", golongan="IX")
    assert met(pppk, GOOD, kinds=("PNS",), golongan="III/a") == [("jenis_pegawai", False), ("golongan", None)]


def test_age_and_rank_at_their_limits(employee: Employee) -> None:
    assert met(employee, GOOD, age_most=40) == [("usia", True)], "born on 26 September 1986"
    assert met(employee, GOOD, age_most=39) == [("usia", False)]
    assert met(employee, GOOD, golongan="III/c", years_in_rank=4) == [("golongan", True), ("masa_golongan", True)]
    assert met(employee, GOOD, golongan="III/d", years_in_rank=5) == [("golongan", False), ("masa_golongan", False)]
