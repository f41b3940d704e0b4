"""Angka kredit of a decided year: its months, the level held at its end, and nothing for trials."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from appraisal.domain.closing import closed_id
from appraisal.domain.crediting import credited, result_of
from appraisal.domain.policy import Policies
from appraisal.domain.verdict import Verdict
from kinara.contracts.appraisal import Predikat
from kinara.contracts.feedback import FeedbackReceived
from kinara.contracts.personnel import EmployeePromoted, EmployeeRegistered

D = Decimal
AT = datetime(2027, 1, 10, 3, tzinfo=UTC)


def year_of(closed, predikat=Predikat.SANGAT_BAIK):
    return Verdict(
        id=closed_id(closed.employee_id, "2026"), employee_id=closed.employee_id, province="16",
        unit_path=closed.unit_path, period="2026", policy="plaju@1", proposed=Predikat.BAIK, predikat=predikat,
    )  # fmt: skip


def test_a_year_earns_by_its_months_in_the_level_held_at_its_end(say, blank, fold_all, close, policies):
    card, _ = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived), say(EmployeePromoted))
    _, closed, _ = close(card, "2026-11")
    fact = credited(year_of(closed), [closed], policies, AT)
    assert fact is not None
    assert (fact.year, fact.jenjang, fact.months, fact.predikat) == (2026, "MU", 1, Predikat.SANGAT_BAIK)
    assert (fact.credit, fact.credited_at) == (D("3.13"), AT)
    quarter = replace(closed, period="2026-Q4")
    whole = credited(year_of(closed, Predikat.BAIK), [quarter], policies, AT)
    assert whole is not None
    assert (whole.months, whole.credit) == (3, D("6.25"))


def test_who_has_no_level_or_only_trials_earns_nothing(say, blank, fold_all, close, policies):
    card, _ = fold_all(blank, say(EmployeeRegistered), say(FeedbackReceived))
    _, plain, _ = close(card, "2026-11")
    assert credited(year_of(plain), [plain], policies, AT) is None
    assert credited(year_of(plain), [], policies, AT) is None
    expert = replace(plain, person=replace(plain.person, jenjang="MU"))
    assert credited(year_of(expert, None), [expert], policies, AT) is None
    trial = Policies(replace(policy, shadow=True) for policy in policies)
    assert credited(year_of(expert), [expert], trial, AT) is None
    assert result_of("2026", [expert], trial).months == 0
    contracted = replace(expert, person=replace(expert.person, kind="PPPK"))
    assert credited(year_of(contracted), [contracted], policies, AT) is None
