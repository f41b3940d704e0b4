"""A predikat from before Kinara: known by its document, corrected with a reason, only where Kinara knows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from kinara.contracts.appraisal import Predikat
from personnel.domain import merit
from personnel.domain.dossier import PriorPredikat
from personnel.domain.eligibility import Case, eligibility
from personnel.domain.employee import Employee, separate
from personnel.domain.finding import Finding
from personnel.domain.merit import Appraisal, Merit
from personnel.domain.prior_predikat import MOST_WORDS, record_prior_predikat
from personnel.domain.refusals import AlreadySeparated, InvalidPredikat, NotPromotable, NotYetInForce, Refusal

TODAY = date(2026, 11, 23)
GOOD = PriorPredikat(
    year=2024, predikat=Predikat.BAIK, document_number="SKP/2024", document_date=date(2025, 1, 20), reason="Pindahan",
    by="hr", at=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip
NOTHING = merit.blank("e", "16")


def heard(**appraisals: Appraisal) -> Merit:
    return replace(NOTHING, appraisals={period[1:].replace("_", "-"): one for period, one in appraisals.items()})


def with_words(employee: Employee, *words: PriorPredikat) -> Employee:
    for one in words:
        employee = record_prior_predikat(employee, NOTHING, one, TODAY)
    return employee


def found(employee: Employee, known: Merit = NOTHING) -> Finding:
    case = Case(employee=employee, merit=known, to_golongan="III/d", kind="202", on=date(2026, 12, 1), today=TODAY)
    [one] = [one for one in eligibility(case) if one.rule == "predikat"]
    return one


def test_two_years_from_before_kinara_make_the_rule_known(employee: Employee) -> None:
    one = with_words(employee, GOOD)
    assert (found(employee).result, found(one).result) == ("unknown", "unknown")
    assert "2025" in (found(one).missing or "")
    assert "2024" not in (found(one).missing or "")
    both = found(with_words(one, replace(GOOD, year=2025, document_date=date(2026, 1, 20))))
    assert (both.result, both.why) == ("met", "Predikat 2024: Baik (sebelum Kinara); 2025: Baik (sebelum Kinara).")
    assert found(with_words(one, replace(GOOD, predikat=Predikat.BUTUH_PERBAIKAN))).result == "not_met"


@pytest.mark.parametrize(
    ("known", "result"),
    [
        (heard(_2024=Appraisal(confirmed=Predikat.KURANG)), "not_met"),
        (heard(_2024=Appraisal(confirmed=Predikat.BAIK)), "met"),
        (heard(_2024=Appraisal(proposed=Predikat.BAIK)), "unknown"),
        (heard(_2024_Q4=Appraisal(confirmed=Predikat.BAIK)), "unknown"),
        (heard(_2023=Appraisal(confirmed=Predikat.KURANG)), "met"),
    ],
    ids=["decided", "decided well", "open here", "a part of it", "another year"],
)
def test_it_counts_only_for_a_year_of_which_kinara_has_appraised_nothing(
    employee: Employee, known: Merit, result: str
) -> None:
    told = with_words(employee, GOOD, replace(GOOD, year=2025, document_date=date(2026, 1, 20)))
    assert found(told, known).result == result


def test_a_correction_holds_and_the_earlier_word_is_kept_with_its_reason(employee: Employee) -> None:
    corrected = with_words(employee, GOOD, replace(GOOD, predikat=Predikat.SANGAT_BAIK, reason="Salah baca"))
    assert [one.reason for one in corrected.dossier.prior_predikats] == ["Pindahan", "Salah baca"]
    held = corrected.dossier.prior_predikat(2024)
    assert held is not None
    assert held.predikat == Predikat.SANGAT_BAIK
    again = replace(held, by="another", at=datetime(2026, 11, 24, tzinfo=UTC))
    assert with_words(corrected, again) is corrected


def test_it_is_not_corrected_for_ever(employee: Employee) -> None:
    told = with_words(employee, *(replace(GOOD, reason=f"Koreksi {n}") for n in range(MOST_WORDS)))
    with pytest.raises(InvalidPredikat):
        with_words(told, GOOD)


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"year": 2014}, InvalidPredikat, "year"),
        ({"year": 2026, "document_date": TODAY}, InvalidPredikat, "year"),
        ({"document_date": date(2023, 12, 31)}, InvalidPredikat, "document_date"),
        ({"document_date": date(2026, 11, 24)}, NotYetInForce, "document_date"),
    ],
)
def test_what_cannot_be_is_refused(
    employee: Employee, change: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        with_words(employee, replace(GOOD, **change))
    assert refused.value.field == field


def test_the_first_and_the_last_year_are_taken(employee: Employee) -> None:
    years = (replace(GOOD, year=2015), replace(GOOD, year=2025, document_date=TODAY))
    assert [one.year for one in with_words(employee, *years).dossier.prior_predikats] == [2015, 2025]


def test_a_year_that_is_appraised_here_is_left_to_the_appraiser(employee: Employee) -> None:
    with pytest.raises(InvalidPredikat, match="dinilai di Kinara"):
        record_prior_predikat(employee, heard(_2024_Q1=Appraisal()), GOOD, TODAY)


def test_it_is_for_pns_in_service(employee: Employee) -> None:
    with pytest.raises(NotPromotable):
        with_words(replace(employee, kind="PPPK", golongan="IX"), GOOD)
    gone, _ = separate(employee, "retired", TODAY)
    with pytest.raises(AlreadySeparated):
        with_words(gone, GOOD)
