"""Which facts BKN has to know, under what each is kept until a record is made, and what is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from kinara.contracts import Province
from kinara.contracts.appraisal import (
    AngkaKreditCredited,
    AppraisalConfirmed,
    AwardGranted,
    ObjectionDecided,
    PeriodReopened,
    Predikat,
)
from personnel.domain.jabatan import JENJANG
from personnel.domain.telling import Credit, Dropped, Heard, Honour, Reopened, Result, heard

AT = datetime(2026, 12, 8, 3, tzinfo=UTC)
RANI, BOSS, CHIEF = (f"0e000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
WHERE: dict[str, Any] = {"province": Province(scheme="bps", code="91"), "unit_path": "/91.01", "employee_id": RANI}


def decided(**more: Any) -> ObjectionDecided:
    return ObjectionDecided(
        **WHERE, objection_id=BOSS, period="2026-Q3", before=Predikat.KURANG, after=Predikat.BAIK, decided_by=CHIEF,
        decided_at=AT, **more,
    )  # fmt: skip


def test_a_confirmation_and_the_objection_to_it_are_about_the_same() -> None:
    confirmed = AppraisalConfirmed(
        **WHERE, period="2026-Q3", proposed=Predikat.KURANG, confirmed=Predikat.KURANG, confirmed_by=BOSS,
        confirmed_at=AT, hasil_kerja=2, perilaku_kerja=3,
    )  # fmt: skip
    told = Result(period="2026-Q3", predikat=4, hasil_kerja=2, perilaku_kerja=3, appraiser_id=BOSS)
    assert heard(confirmed) == {"result 2026-Q3": Heard(province="92", unit_path="/91.01", told=told)}
    assert list(heard(decided())) == ["result 2026-Q3"]


@pytest.mark.parametrize(("known", "appraiser"), [({"confirmed_by": BOSS}, BOSS), ({}, CHIEF)])
def test_the_appraiser_stays_who_appraised_where_the_objection_says_so(known: dict[str, str], appraiser: str) -> None:
    [one] = heard(decided(**known)).values()
    assert isinstance(one.told, Result)
    assert (one.told.appraiser_id, one.told.predikat, one.told.hasil_kerja) == (appraiser, 2, None)


@pytest.mark.parametrize(
    ("period", "results", "credits"),
    [
        ("2026-09", ["2026-09"], []),
        ("2026-Q4", ["2026-Q4", "2026"], ["2026"]),
        ("2026-12", ["2026-12", "2026"], ["2026"]),
        ("2026", ["2026"], ["2026"]),
    ],
)
def test_with_the_last_period_of_a_year_the_year_is_opened_again_and_its_credit_holds_no_longer(
    period: str, results: list[str], credits: list[str]
) -> None:
    reopened = heard(PeriodReopened(**WHERE, period=period, reason="x", reopened_at=AT))
    told = {name: one.told for name, one in reopened.items()}
    assert told == {f"result {one}": Reopened(period=one) for one in results} | {
        f"credit {one}": Reopened(period=one, credit=True) for one in credits
    }


@pytest.mark.parametrize(("grants", "told"), [("award", True), ("training", False)])
def test_the_right_to_training_is_not_told(grants: Any, told: bool) -> None:
    award = AwardGranted(
        **WHERE, award_id=BOSS, award="Terbaik", period="2026-Q3", granted_on=date(2026, 10, 5), grants=grants,
        decree_number="800/1",
    )  # fmt: skip
    assert [isinstance(one.told, Honour) for one in heard(award).values()] == [True] * told


@pytest.mark.parametrize(
    ("levels", "jenjang", "about", "earlier"),
    [
        ((), "MU", "credit 2026", set()),
        (("MU",), "MU", "credit 2026", set()),
        (("PT", "MU"), "MU", "credit 2026", {"PT"}),
        (("PT", "MU"), "PT", "credit 2026 PT", {"PT"}),
    ],
)
def test_a_credit_says_of_every_level_without_one_of_its_own_that_none_holds(
    levels: tuple[str, ...], jenjang: str, about: str, earlier: set[str]
) -> None:
    fact = AngkaKreditCredited(
        **WHERE, year=2026, jenjang=jenjang, months=6, predikat=Predikat.BAIK, credit=Decimal(6), credited_at=AT,
        levels=levels,
    )  # fmt: skip
    told = {name: one.told for name, one in heard(fact).items()}
    assert isinstance(told.pop(about), Credit)
    assert told == {f"credit 2026 {one}": Dropped(year=2026, jenjang=one) for one in JENJANG if one not in earlier}
