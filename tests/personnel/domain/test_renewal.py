"""The contract of a PPPK: recorded within its bounds, renewed without a gap on the predikat of its period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kinara.contracts.appraisal import Predikat
from personnel.domain import merit
from personnel.domain.dossier import Contract
from personnel.domain.employee import Employee, separate
from personnel.domain.merit import Appraisal
from personnel.domain.refusals import AlreadySeparated, ContractEnded, ContractUnknown, InvalidContract, NotContracted
from personnel.domain.renewal import following_contract, record_contract, renewability, running_contract

TODAY = date(2026, 11, 23)
CONTRACT = Contract(starts_on=date(2024, 3, 1), ends_on=date(2027, 2, 28), number="PK/1")


@pytest.fixture
def pppk(employee: Employee) -> Employee:
    return replace(employee, kind="PPPK", golongan="IX")


def test_a_contract_is_recorded_and_its_last_day_told_when_it_is_news(pppk: Employee) -> None:
    contracted, fact = record_contract(pppk, CONTRACT, TODAY)
    assert fact is not None
    assert (fact.contract_ends_on, fact.changed) == (CONTRACT.ends_on, ("contract_ends_on",))
    renumbered, nothing = record_contract(contracted, replace(CONTRACT, number="PK/1a"), TODAY)
    assert (renumbered.dossier.contract, nothing) == (replace(CONTRACT, number="PK/1a"), None)


@pytest.mark.parametrize("ends_on", [date(2024, 3, 1), date(2029, 3, 2)], ids=["at once", "beyond five years"])
def test_a_contract_outside_its_bounds_is_refused(pppk: Employee, ends_on: date) -> None:
    with pytest.raises(InvalidContract):
        record_contract(pppk, replace(CONTRACT, ends_on=ends_on), TODAY)
    record_contract(pppk, replace(CONTRACT, ends_on=date(2029, 3, 1)), TODAY)


def test_only_a_contract_that_runs_is_renewed(pppk: Employee, employee: Employee) -> None:
    contracted, _ = record_contract(pppk, CONTRACT, TODAY)
    assert running_contract(contracted, CONTRACT.ends_on) == CONTRACT
    with pytest.raises(ContractEnded):
        running_contract(contracted, date(2027, 3, 1))
    with pytest.raises(ContractUnknown):
        running_contract(pppk, TODAY)
    with pytest.raises(AlreadySeparated):
        running_contract(separate(contracted, "resigned", TODAY)[0], TODAY)
    for refused in (lambda: running_contract(employee, TODAY), lambda: record_contract(employee, CONTRACT, TODAY)):
        with pytest.raises(NotContracted):
            refused()


def test_a_renewal_follows_without_a_gap() -> None:
    renewed = following_contract(CONTRACT, date(2028, 2, 29), "PK/2")
    assert renewed == Contract(starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 29), number="PK/2")
    with pytest.raises(InvalidContract):
        following_contract(CONTRACT, CONTRACT.ends_on, "PK/2")


B, BP = Predikat.BAIK, Predikat.BUTUH_PERBAIKAN
YEARS: dict[str, Any] = {"2024": B, "2025": B}


@pytest.mark.parametrize(
    ("known", "result", "words"),
    [
        (YEARS, "met", "2024: Baik, 2025: Baik"),
        (YEARS | {"2026-Q3": B}, "met", "2026-Q3: Baik"),
        (YEARS | {"2026-Q3": BP}, "unknown", "2026-Q3: Butuh Perbaikan"),
        (YEARS | {"2026-08": BP, "2026": B}, "met", "2026: Baik"),
        (YEARS | {"2026-08": B, "2026": BP}, "not_met", "2026: Butuh Perbaikan"),
        (YEARS | {"2025-Q3": BP}, "met", "2025: Baik"),
        (YEARS | {"2023": BP, "2024-02": BP}, "met", "2024: Baik"),
        ({"2025": B}, "unknown", "tahun 2024"),
        ({"2025": BP}, "not_met", "2025"),
        ({}, "unknown", "2024, 2025"),
    ],
)
def test_the_predikat_of_the_contracts_period_decide(known: dict[str, Predikat], result: str, words: str) -> None:
    appraisals = {period: Appraisal(confirmed=one) for period, one in known.items()}
    evidence = replace(merit.blank("e", "16"), appraisals=appraisals)
    (found,) = renewability(CONTRACT, evidence, TODAY)
    assert (found.result, words in found.why) == (result, True), found


def test_a_contract_of_this_year_asks_for_something_decided_in_it() -> None:
    young = Contract(starts_on=date(2026, 2, 1), ends_on=date(2027, 1, 31))
    assert renewability(young, merit.blank("e", "16"), TODAY)[0].result == "unknown"
    heard = replace(merit.blank("e", "16"), appraisals={"2026-10": Appraisal(confirmed=B)})
    assert renewability(young, heard, TODAY)[0].result == "met"


@pytest.mark.parametrize(
    ("starts_on", "result"),
    [(date(2025, 6, 1), "not_met"), (date(2025, 7, 1), "unknown"), (date(2025, 12, 31), "unknown")],
    ids=["seven months", "half a year", "a day"],
)
def test_a_weak_year_bars_only_if_most_of_it_lies_in_the_contract(starts_on: date, result: str) -> None:
    touched = Contract(starts_on=starts_on, ends_on=date(2027, 1, 31))
    weak = replace(merit.blank("e", "16"), appraisals={"2025": Appraisal(confirmed=BP)})
    (found,) = renewability(touched, weak, TODAY)
    assert (found.result, "2025: Butuh Perbaikan" in found.why, bool(found.missing)) == (result, True, True)
