"""Angka kredit from before Kinara: what a PAK states counts, once, and what follows it is added."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from personnel.domain.credit import had_in_jenjang, had_in_rank, judged, untold_years
from personnel.domain.dossier import PriorCredit
from personnel.domain.employee import Employee, separate
from personnel.domain.merit import Credit
from personnel.domain.prior_credit import MOST_CORRECTIONS, after, record_prior_credit
from personnel.domain.refusals import (
    AlreadySeparated,
    BeforeAppointment,
    InvalidCredit,
    NotPromotable,
    NotYetInForce,
    Refusal,
    UnknownGolongan,
)

D = Decimal
TODAY = date(2026, 11, 23)
PAK = PriorCredit(
    jenjang="MU", golongan="III/c", in_jenjang=D("180"), in_rank=D("60"), counted_until=date(2023, 12, 31),
    pak_number="800/7/PAK/2024", pak_date=date(2024, 2, 1), reason="Pindahan", by="hr",
    at=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip
YEARS = {
    f"{year}/MU": Credit(jenjang="MU", months=12, credit=D("25"), first_month=1, last_month=12)
    for year in (2023, 2024, 2025)
}


@pytest.fixture
def officer(employee: Employee) -> Employee:
    """In III/c since 1 April 2022 and a Muda since 2023, with a PAK until the end of 2023."""
    return record_prior_credit(employee, PAK, TODAY)


def test_what_a_pak_states_is_added_to_the_years_after_it_and_takes_the_place_of_those_before(
    officer: Employee,
) -> None:
    before, since = date(2026, 12, 1), date(2022, 4, 1)
    assert had_in_jenjang(officer, YEARS, "MU", before) == D("230")
    assert had_in_rank(officer, YEARS, since, before) == D("110")
    assert untold_years(officer, YEARS, since, before) == ()
    assert untold_years(officer, {}, since, before) == (2024, 2025)


def test_another_level_and_another_rank_than_those_of_the_pak_have_nothing_of_it(officer: Employee) -> None:
    before = date(2026, 12, 1)
    assert had_in_jenjang(officer, YEARS, "MA", before) == 0
    assert had_in_rank(replace(officer, golongan="III/d"), YEARS, date(2025, 1, 1), before) == D("25")


@pytest.mark.parametrize(
    ("until", "left"),
    [(date(2023, 12, 31), None), (date(2024, 9, 30), (10, 3, D("6.25"))), (date(2024, 12, 31), ())],
)
def test_of_the_year_in_which_the_pak_ends_the_months_after_it_count(until: date, left: Any) -> None:
    known = after(YEARS, replace(PAK, counted_until=until))
    assert "2023/MU" not in known
    assert known["2025/MU"] == YEARS["2025/MU"]
    if left is None:
        assert known["2024/MU"] == YEARS["2024/MU"]
    elif left:
        part = known["2024/MU"]
        assert (part.first_month, part.months, part.credit) == left
    else:
        assert "2024/MU" not in known


@pytest.mark.parametrize(
    ("golongan", "until", "fits"),
    [
        ("III/c", date(2022, 3, 31), False),
        ("III/c", date(2022, 4, 1), True),
        ("III/b", date(2022, 3, 31), True),
        ("III/b", date(2022, 4, 1), False),
        ("III/b", date(2025, 12, 31), False),
    ],
)
def test_the_rank_of_a_pak_is_the_one_held_on_its_last_day(
    employee: Employee, golongan: str, until: date, *, fits: bool
) -> None:
    pak = replace(PAK, golongan=golongan, counted_until=until, pak_date=date(2026, 2, 1))
    if fits:
        assert record_prior_credit(employee, pak, TODAY).dossier.prior_credit == pak
        return
    with pytest.raises(InvalidCredit, match="sejak 01-04-2022") as refused:
        record_prior_credit(employee, pak, TODAY)
    assert refused.value.field == "golongan"


def test_without_the_day_of_the_present_rank_any_rank_up_to_it_is_taken(employee: Employee) -> None:
    unknown = replace(employee, golongan_since=None)
    assert record_prior_credit(unknown, replace(PAK, golongan="III/b"), TODAY).dossier.prior_credit is not None


@pytest.mark.parametrize("pak", [{"golongan": "III/b"}, {"counted_until": date(2022, 3, 31)}], ids=["rank", "day"])
def test_a_pak_that_turns_out_to_be_of_another_rank_neither_adds_to_this_one_nor_takes_from_it(
    officer: Employee, pak: dict[str, Any]
) -> None:
    other = replace(PAK, **{"counted_until": date(2025, 12, 31)} | pak)
    known = replace(officer, dossier=replace(officer.dossier, prior_credits=(other,)))
    assert had_in_rank(known, YEARS, date(2022, 4, 1), date(2026, 12, 1)) == D("75")
    assert judged(known, YEARS, "III/d", None, date(2026, 12, 1)).result == "unknown", "nobody told of 2022"


def test_a_pak_of_another_level_takes_nothing_from_this_one(officer: Employee) -> None:
    other = replace(PAK, jenjang="PT", counted_until=date(2025, 12, 31))
    known = replace(officer, dossier=replace(officer.dossier, prior_credits=(other,)))
    assert had_in_jenjang(known, YEARS, "MU", date(2026, 12, 1)) == D("75")


def test_without_a_pak_everything_counts() -> None:
    assert after(YEARS, None) is YEARS


def test_eligibility_counts_the_pak(employee: Employee, officer: Employee) -> None:
    tmt = date(2024, 12, 1)
    assert judged(employee, {}, "III/d", None, tmt).result == "unknown"
    enough = replace(PAK, in_rank=D("100"))
    assert judged(record_prior_credit(employee, enough, TODAY), {}, "III/d", None, tmt).result == "met"
    short = judged(officer, {}, "III/d", None, tmt)
    assert (short.result, short.missing) == ("not_met", "Angka kredit kurang 40,00 untuk pangkat.")


def test_a_correction_holds_and_the_earlier_word_is_kept_with_its_reason(officer: Employee) -> None:
    corrected = record_prior_credit(officer, replace(PAK, in_jenjang=D("170"), reason="Salah ketik"), TODAY)
    assert [one.reason for one in corrected.dossier.prior_credits] == ["Pindahan", "Salah ketik"]
    assert corrected.dossier.prior_credit is not None
    assert corrected.dossier.prior_credit.in_jenjang == D("170")


def test_the_same_word_again_changes_nothing(officer: Employee) -> None:
    later = replace(PAK, by="another", at=datetime(2026, 11, 24, tzinfo=UTC), golongan="iii / C")
    assert record_prior_credit(officer, later, TODAY) is officer


def test_it_is_not_corrected_for_ever(officer: Employee) -> None:
    for n in range(MOST_CORRECTIONS):
        officer = record_prior_credit(officer, replace(PAK, in_rank=D(n)), TODAY)
    with pytest.raises(InvalidCredit):
        record_prior_credit(officer, replace(PAK, in_rank=D("99")), TODAY)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"golongan": "III/d"}, InvalidCredit),
        ({"golongan": "V/a"}, UnknownGolongan),
        ({"pak_date": date(2026, 11, 24)}, NotYetInForce),
        ({"pak_date": date(2023, 12, 30)}, InvalidCredit),
        ({"counted_until": date(2015, 4, 30)}, BeforeAppointment),
    ],
)
def test_what_cannot_be_is_refused(employee: Employee, change: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        record_prior_credit(employee, replace(PAK, **change), TODAY)


def test_credit_is_for_functional_pns_in_service(employee: Employee) -> None:
    with pytest.raises(InvalidCredit):
        record_prior_credit(replace(employee, jabatan_kind="pelaksana", jenjang=None), PAK, TODAY)
    with pytest.raises(NotPromotable):
        record_prior_credit(replace(employee, kind="PPPK", golongan="IX"), PAK, TODAY)
    gone, _ = separate(employee, "retired", TODAY)
    with pytest.raises(AlreadySeparated):
        record_prior_credit(gone, PAK, TODAY)
