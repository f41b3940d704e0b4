"""The plan of a year (SKP): what may be proposed, how it becomes targets period by period, and how it is revised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from appraisal.domain import skp_targets
from appraisal.domain.explanation import explain
from appraisal.domain.policy import Policies
from appraisal.domain.refusals import (
    InvalidIndicator,
    InvalidOutcome,
    InvalidPeriod,
    NoMainOutcome,
    PeriodClosed,
    PeriodOver,
    SkpNotProposed,
    TargetChangeNeedsReason,
    UnknownOutcome,
)
from appraisal.domain.scorecard import worth
from appraisal.domain.skp import MOST_INDICATORS, Indicator, Outcome, sent_back
from appraisal.domain.skp_targets import Achieved, achieved, to_come
from appraisal.domain.targets import drop_indicator
from kinara.contracts.personnel import EmployeeRegistered, EmployeeSeparated, EmployeeTransferred
from kinara.kit.ids import new_id

D = Decimal
BOSS = "0b000000-0000-4000-8000-000000000001"
OCTOBER, NOVEMBER, MIDDLE, LATE = (
    datetime(2026, *day, 2, tzinfo=UTC) for day in ((10, 2), (11, 2), (11, 15), (11, 20))
)
DOCUMENTS = Indicator(
    code="dok", name="Dokumen", unit="berkas", aspect="kuantitas", polarity="max", target=D(100), weight=D(1)
)
DAYS = Indicator(code="hari", name="Lama", unit="hari", aspect="waktu", polarity="min", target=D(3), weight=D("0.5"))
MAIN = Outcome(code="h1", kind="utama", text="Dokumen terbit", indicators=(DOCUMENTS,))
MORE = Outcome(code="h2", kind="tambahan", text="Layanan keliling", indicators=(DAYS,), innovation=True)


class Dialogue:
    """A plan of 2026 between the officer and the superior."""

    def __init__(self, card: Any, policies: Any) -> None:
        self.card, self.policies, self.plan, self.above = card, policies, None, None

    def propose(self, *outcomes: Outcome, at: datetime = NOVEMBER, year: int = 2026) -> Any:
        self.plan = skp_targets.propose(
            self.plan, self.card, outcomes, year=year, by=self.card.employee_id, at=at, above=self.above,
            policies=self.policies,
        )  # fmt: skip
        return self.plan

    def agree(self, at: datetime = NOVEMBER, reason: str | None = None) -> Any:
        self.plan, self.card, effects, event = skp_targets.agree(
            self.plan, self.card, by=BOSS, at=at, reason=reason, above=self.above, policies=self.policies
        )
        return effects, event

    def begin(self, on: date) -> Any:
        """What begins by a day, as the daily round or the first report puts it on the card."""
        self.card, effects = skp_targets.begin(self.card, self.plan, on=on, policies=self.policies)
        return effects

    def targets(self, code: str = "dok") -> dict[str, Decimal]:
        """The targets on the card by month."""
        return {m: t.targets[code].target for m, t in sorted(self.card.months.items()) if code in t.targets}


@pytest.fixture
def dialogue(blank, policies):
    return Dialogue(blank, policies)


@pytest.fixture
def quarterly(blank_in_sorong, policies):
    return Dialogue(blank_in_sorong, policies)


def indicators(count: int) -> tuple[Indicator, ...]:
    return tuple(replace(DOCUMENTS, code=f"i{n}") for n in range(count))


def test_a_proposal_changes_no_card_and_an_agreement_makes_targets_of_the_period_that_runs(dialogue):
    plan = dialogue.propose(MAIN, MORE)
    assert (plan.state, plan.version, plan.agreed, plan.changes) == ("proposed", 1, (), ())
    assert dialogue.card.months == {}
    effects, event = dialogue.agree()
    assert (dialogue.targets(), dialogue.targets("hari")) == ({"2026-11": 100}, {"2026-11": 3})
    assert [one.periods for outcome in dialogue.plan.agreed for one in outcome.indicators] == [
        ("2026-11", "2026-12")
    ] * 2
    assert [(effect["part"], effect["ref"]) for effect in effects] == [("K", "dok"), ("K", "hari")]
    assert (event.employee_id, event.year, event.indicators) == (dialogue.card.employee_id, 2026, 2)
    assert (event.agreed_by, event.agreed_at) == (BOSS, NOVEMBER)
    assert (dialogue.plan.state, dialogue.plan.agreed_version, dialogue.plan.agreed_by) == ("agreed", 1, BOSS)


def test_a_unit_that_appraises_quarterly_gets_a_target_for_each_quarter_left(quarterly):
    quarterly.propose(MAIN, at=datetime(2026, 7, 2, tzinfo=UTC))
    quarterly.agree(datetime(2026, 7, 2, tzinfo=UTC))
    assert quarterly.plan.agreed[0].indicators[0].periods == ("2026-Q3", "2026-Q4")
    assert quarterly.targets() == {"2026-07": 100}
    assert quarterly.begin(date(2026, 9, 30)) == ()
    quarterly.begin(date(2026, 10, 1))
    assert quarterly.targets() == {"2026-07": 100, "2026-10": 100}


def test_the_targets_of_a_period_are_put_on_the_card_once_when_it_begins_and_move_no_score(dialogue):
    dialogue.propose(MAIN, MORE)
    dialogue.agree()
    assert dialogue.begin(date(2026, 11, 30)) == ()
    effects = dialogue.begin(date(2026, 12, 1))
    assert [(e["month"], e["ref"], e["inputs"]["target"]) for e in effects] == [
        ("2026-12", "dok", 100), ("2026-12", "hari", 3),
    ]  # fmt: skip
    assert {tuple(effect["deltas"]["2026-12"].items()) for effect in effects} == {(("K", D(0)),)}
    assert dialogue.targets() == {"2026-11": 100, "2026-12": 100}
    assert dialogue.begin(date(2026, 12, 31)) == (), "once"


def test_a_target_agreed_by_itself_for_a_period_to_come_is_not_replaced_when_it_begins(dialogue, agree):
    dialogue.propose(MAIN)
    dialogue.agree()
    dialogue.card, _, _ = agree(dialogue.card, code="dok", period="2026-12")
    assert dialogue.begin(date(2026, 12, 1)) == ()
    assert dialogue.targets()["2026-12"] == 500


def test_a_change_agreed_before_a_period_begins_is_what_it_begins_with(dialogue):
    dialogue.propose(MAIN, MORE, at=OCTOBER)
    dialogue.agree(OCTOBER)
    dialogue.propose(replace(MAIN, indicators=(replace(DOCUMENTS, target=D(80)),)), at=OCTOBER)
    dialogue.agree(OCTOBER)
    dialogue.begin(date(2026, 11, 1))
    assert (dialogue.targets(), dialogue.targets("hari")) == ({"2026-10": 80, "2026-11": 80}, {})


def test_a_change_replaces_and_removes_what_stands_already_in_a_period_to_come(dialogue, agree):
    """As on cards of before, when all periods of a plan were put on at once."""
    dialogue.propose(MAIN, MORE)
    dialogue.agree()
    dialogue.begin(date(2026, 12, 1))
    dialogue.propose(replace(MAIN, indicators=(replace(DOCUMENTS, target=D(80)),)))
    dialogue.agree()
    assert (dialogue.targets(), dialogue.targets("hari")) == ({"2026-11": 80, "2026-12": 80}, {})


def test_nothing_begins_in_a_closed_month_or_after_service(dialogue, say, fold_all):
    dialogue.propose(MAIN)
    dialogue.agree()
    closed = replace(dialogue.card, months={}, scores={}, closed_through="2026-12")
    assert skp_targets.begin(closed, dialogue.plan, on=date(2026, 12, 31), policies=dialogue.policies) == (closed, ())
    dialogue.card, _ = fold_all(
        dialogue.card, say(EmployeeRegistered), say(EmployeeSeparated, effective_on=date(2026, 11, 30))
    )
    assert dialogue.begin(date(2026, 12, 1)) == ()


def test_who_moves_to_a_quarterly_unit_is_judged_by_all_months_of_the_quarter_from_then_on(dialogue, say, fold_all):
    dialogue.propose(MAIN, at=OCTOBER)
    dialogue.agree(OCTOBER)
    dialogue.begin(date(2026, 11, 1))
    dialogue.card, _ = fold_all(dialogue.card, say(EmployeeTransferred, unit_path="/96.71/dinkes"))
    dialogue.begin(date(2026, 11, 11))
    assert dialogue.targets() == {"2026-10": 100, "2026-11": 100, "2026-12": 100}


def test_who_moves_where_no_policy_reaches_begins_nothing(dialogue, say, fold_all):
    dialogue.policies = Policies(one for one in dialogue.policies if one.unit_path != "/")
    dialogue.propose(MAIN)
    dialogue.agree()
    dialogue.card = replace(dialogue.card, unit_path="/31.71/dinkes")
    assert dialogue.begin(date(2026, 12, 1)) == ()


def test_a_plan_of_next_year_holds_for_all_of_it_and_none_is_made_further_ahead(dialogue):
    dialogue.propose(MAIN, year=2027)
    dialogue.agree()
    assert dialogue.plan.agreed[0].indicators[0].periods == tuple(f"2027-{month:02d}" for month in range(1, 13))
    assert dialogue.card.months == {}, "a card carries no targets of periods to come"
    dialogue.begin(date(2027, 1, 1))
    assert dialogue.targets() == {"2027-01": 100}
    dialogue.plan = None
    with pytest.raises(InvalidPeriod) as refused:
        dialogue.propose(MAIN, year=2028)
    assert refused.value.field == "year"


def test_no_plan_is_made_for_a_year_that_is_over_by_the_region_s_own_clock(dialogue, quarterly):
    new_year_in_papua = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    dialogue.propose(MAIN, at=new_year_in_papua)
    with pytest.raises(PeriodOver) as refused:
        quarterly.propose(MAIN, at=new_year_in_papua)
    assert refused.value.field == "year"


def test_an_indicator_holds_for_the_periods_it_names(dialogue):
    dialogue.propose(replace(MAIN, indicators=(replace(DOCUMENTS, periods=("2026-12",)),)))
    dialogue.agree()
    assert dialogue.targets() == {}
    dialogue.begin(date(2026, 12, 1))
    assert dialogue.targets() == {"2026-12": 100}


@pytest.mark.parametrize(
    ("period", "refusal", "field"),
    [
        ("2027-01", InvalidPeriod, "periods"),
        ("2026-10", PeriodOver, "periods"),
        ("2026-Q4", InvalidPeriod, "period"),
        ("2026", InvalidPeriod, "period"),
        ("kapan", InvalidPeriod, "period"),
    ],
)
def test_a_period_that_cannot_be_planned_is_refused_when_it_is_proposed(dialogue, period, refusal, field):
    with pytest.raises(refusal) as refused:
        dialogue.propose(replace(MAIN, indicators=(replace(DOCUMENTS, periods=(period,)),)))
    assert (type(refused.value), refused.value.field) == (refusal, field)


@pytest.mark.parametrize(
    ("outcomes", "refusal", "field"),
    [
        pytest.param((MORE,), NoMainOutcome, "outcomes", id="nothing but additional outcomes"),
        pytest.param((), NoMainOutcome, "outcomes", id="none"),
        pytest.param((MAIN, replace(MORE, code="h1")), InvalidOutcome, "outcomes", id="an outcome's code twice"),
        pytest.param((MAIN, replace(MORE, indicators=(DOCUMENTS,))), InvalidOutcome, "indicators", id="one's in two"),
        pytest.param((replace(MAIN, code="h 1"),), InvalidOutcome, "outcomes", id="no code"),
        pytest.param((replace(MAIN, text="\u200b\u200b"),), InvalidOutcome, "outcomes", id="no words"),
        pytest.param((replace(MAIN, indicators=()),), InvalidOutcome, "outcomes", id="no indicator"),
        pytest.param((replace(MAIN, indicators=indicators(21)),), InvalidOutcome, "outcomes", id="too many"),
        pytest.param(
            (replace(MAIN, indicators=(replace(DOCUMENTS, target=D(0)),)),), InvalidIndicator, "target", id="nought"
        ),
        pytest.param(
            (replace(MAIN, indicators=(replace(DOCUMENTS, source="orang"),)),), InvalidIndicator, "source", id="source"
        ),
    ],
)
def test_a_plan_that_could_not_be_agreed_is_refused_when_it_is_proposed(dialogue, outcomes, refusal, field):
    with pytest.raises(refusal) as refused:
        dialogue.propose(*outcomes)
    assert (type(refused.value), refused.value.field) == (refusal, field)


def test_a_plan_may_have_as_many_indicators_as_are_allowed(dialogue):
    dialogue.propose(replace(MAIN, indicators=indicators(MOST_INDICATORS)))
    _, event = dialogue.agree()
    assert event.indicators == 20


def test_a_late_agreement_takes_a_reason_from_the_dialogue_and_without_it_changes_nothing(dialogue):
    dialogue.propose(MAIN, at=LATE)
    with pytest.raises(TargetChangeNeedsReason) as refused:
        dialogue.agree(LATE)
    assert refused.value.field == "reason"
    assert (dialogue.plan.state, dialogue.card.months) == ("proposed", {})
    effects, _ = dialogue.agree(LATE, "Pegawai baru")
    assert {effect["inputs"]["reason"] for effect in effects} == {"Pegawai baru"}
    assert dialogue.plan.reason == "Pegawai baru"


def test_only_what_waits_is_answered(dialogue):
    dialogue.propose(MAIN)
    dialogue.agree()
    for answer in (dialogue.agree, lambda: sent_back(dialogue.plan, "?", by=BOSS, at=NOVEMBER)):
        with pytest.raises(SkpNotProposed):
            answer()


def test_a_proposal_sent_back_with_words_is_replaced_by_another(dialogue):
    dialogue.propose(MAIN)
    dialogue.plan = sent_back(dialogue.plan, "Tambahkan mutu.", by=BOSS, at=LATE)
    with pytest.raises(SkpNotProposed):
        dialogue.agree()
    plan = dialogue.propose(MAIN, MORE, at=LATE)
    assert (plan.version, plan.state) == (2, "proposed")
    assert [(remark.version, remark.words, remark.by) for remark in plan.remarks] == [(1, "Tambahkan mutu.", BOSS)]


def test_the_same_proposal_twice_is_one(dialogue):
    first = dialogue.propose(MAIN)
    assert dialogue.propose(MAIN, at=LATE) is first


def test_a_changed_plan_says_what_changes_and_holds_from_its_agreement_on(dialogue):
    dialogue.propose(MAIN, at=OCTOBER)
    dialogue.agree(OCTOBER)
    revised = replace(MAIN, text="Dokumen terbit cepat", indicators=(replace(DOCUMENTS, target=D("120.5")),))
    plan = dialogue.propose(revised, MORE)
    assert plan.changes == (
        "Hasil kerja h1: rumusan Dokumen terbit menjadi Dokumen terbit cepat.",
        "Hasil kerja h2 (Layanan keliling) ditambahkan.",
        "Indikator dok: target 100 menjadi 120,5.",
        "Indikator hari (Lama) ditambahkan.",
    )
    assert plan.agreed[0].text == "Dokumen terbit", "what was agreed holds until the change is agreed"
    assert set(dialogue.targets().values()) == {100}
    dialogue.agree()
    dialogue.begin(date(2026, 12, 1))
    assert dialogue.targets() == {"2026-10": 100, "2026-11": D("120.5"), "2026-12": D("120.5")}
    assert dialogue.plan.agreed[0].indicators[0].periods == ("2026-10", "2026-11", "2026-12")


def test_words_alone_change_no_target_and_take_no_reason(dialogue):
    dialogue.propose(MAIN)
    dialogue.agree()
    before = dialogue.card
    dialogue.propose(replace(MAIN, goal="RPJMD 2.1"), at=LATE)
    effects, _ = dialogue.agree(LATE)
    assert effects == ()
    assert dialogue.card == before
    assert dialogue.plan.changes == ("Hasil kerja h1: sasaran RPJMD - menjadi RPJMD 2.1.",)


def test_what_is_called_an_innovation_late_in_a_period_takes_a_reason(dialogue):
    dialogue.propose(MAIN)
    dialogue.agree()
    dialogue.propose(replace(MAIN, goal="RPJMD 2.1", innovation=True), at=LATE)
    assert dialogue.plan.changes == (
        "Hasil kerja h1: inovasi tidak menjadi ya.",
        "Hasil kerja h1: sasaran RPJMD - menjadi RPJMD 2.1.",
    )
    with pytest.raises(TargetChangeNeedsReason):
        dialogue.agree(LATE)
    dialogue.agree(LATE, "Cara baru ini baru dimulai")
    assert dialogue.card.month("2026-11").targets["dok"].innovation == "h1"


def test_a_plan_sent_as_it_was_read_names_periods_that_are_over_and_is_taken(dialogue):
    dialogue.propose(MAIN, at=OCTOBER)
    dialogue.agree(OCTOBER)
    dialogue.begin(NOVEMBER.date())
    plan = dialogue.propose(*dialogue.plan.agreed)
    assert plan.changes == ()
    assert dialogue.agree()[0] == ()


def test_an_indicator_left_out_is_measured_no_more_but_in_periods_that_are_over(dialogue, report, policies):
    dialogue.propose(MAIN, MORE, at=OCTOBER)
    dialogue.agree(OCTOBER)
    opened = dialogue.begin(NOVEMBER.date())
    dialogue.card, said, _ = report(dialogue.card, 50, indicator="dok", at=NOVEMBER)
    dialogue.card, late, _ = report(dialogue.card, 9, indicator="hari", at=LATE)
    dialogue.propose(MAIN, at=LATE)
    with pytest.raises(TargetChangeNeedsReason):
        dialogue.agree(LATE)
    effects, _ = dialogue.agree(LATE, "Tugas dialihkan")
    assert dialogue.targets("hari") == {"2026-10": 3}
    assert dialogue.targets() == {"2026-10": 100, "2026-11": 100}
    assert [effect["note"] for effect in effects] == ["Target Lama tidak lagi disepakati."]
    score = dialogue.card.scores["2026-11"]
    assert score.components["K"] == D("65.2174"), "50 of 100 by the 20th of November, and nothing else"
    policy = policies.for_unit(dialogue.card.unit_path, date(2026, 11, 1))
    total = explain([*opened, said, late, *effects], "2026-11")["K"].total
    assert total == worth(score, "K", policy)


def test_a_target_that_was_agreed_by_itself_stays_whatever_the_plan_says(dialogue, agree):
    dialogue.card, _, _ = agree(dialogue.card)
    dialogue.propose(MAIN)
    dialogue.agree()
    dialogue.propose(replace(MAIN, indicators=(DAYS,)))
    dialogue.agree()
    assert (dialogue.targets("s"), dialogue.targets()) == ({"2026-11": 500}, {})


def test_a_closed_month_keeps_its_target(agreed, policies):
    closed = replace(agreed, closed_through="2026-11")
    assert drop_indicator(closed, code="s", period="2026-11", dropped_on=LATE.date(), policies=policies) == (closed, ())
    with pytest.raises(PeriodClosed):
        skp_targets.put_on_card(
            closed, (), (replace(MAIN, indicators=(replace(DOCUMENTS, periods=("2026-11",)),)),), on=LATE.date(),
            reason="x", policies=policies,
        )  # fmt: skip


def test_whoever_moves_to_a_quarterly_unit_has_quarterly_targets_after_the_next_agreement(dialogue, say, fold_all):
    dialogue.propose(MAIN)
    dialogue.agree()
    moved = say(EmployeeTransferred, unit_path="/96.71/dinkes")
    dialogue.card, _ = fold_all(dialogue.card, moved)
    dialogue.propose(MAIN, at=LATE)
    dialogue.agree(LATE, "Pindah unit")
    assert dialogue.plan.agreed[0].indicators[0].periods == ("2026-Q4",)
    assert list(dialogue.targets().values()) == [100], "once, not once more for each month"
    assert dialogue.plan.unit_path == "/96.71/dinkes"


def test_an_outcome_supports_one_of_the_superior_s_agreed_plan(dialogue, blank, policies):
    part = replace(MAIN, supports="b1")
    plan = dialogue.propose(part)
    assert plan.notes == (
        "Hasil kerja h1 mendukung b1: belum dapat diperiksa, karena SKP atasan tahun 2026 belum disepakati.",
    )
    superior = Dialogue(replace(blank, employee_id=BOSS), policies)
    dialogue.above = superior.propose(replace(MAIN, code="b2"))
    assert dialogue.propose(part, MORE).notes == plan.notes, "proposed is not agreed"
    superior.agree()
    dialogue.above = superior.plan
    with pytest.raises(UnknownOutcome) as refused:
        dialogue.agree()
    assert refused.value.field == "supports"
    assert "b2" in refused.value.message
    with pytest.raises(UnknownOutcome):
        dialogue.propose(part)
    assert dialogue.propose(replace(MAIN, supports="b2")).notes == ()


def test_progress_tells_what_was_done_verified_and_due(dialogue, report):
    dialogue.propose(MAIN, MORE)
    dialogue.agree()
    assert achieved(dialogue.card.months, "2026-11", closed=False)["dok"] == Achieved(
        "2026-11", D(100), None, None, None, closed=False
    )
    for code, amount, verified in (("dok", 30, True), ("dok", 20, False), ("hari", 2, True), ("hari", 5, True)):
        facts = {"indicator": code, "verified": verified, "report_id": new_id(), "at": MIDDLE}
        dialogue.card, _, _ = report(dialogue.card, amount, **facts)
    facts = {"indicator": "hari", "verified": False, "report_id": new_id(), "at": MIDDLE}
    dialogue.card, _, _ = report(dialogue.card, 8, **facts)
    told = achieved(dialogue.card.months, "2026-11", closed=False)
    assert told["dok"] == Achieved("2026-11", D(100), D(50), D(30), D("0.8333"), closed=False)
    assert (told["hari"].target, told["hari"].done, told["hari"].verified) == (3, 5, D("3.5"))
    assert achieved(dialogue.card.months, "2026-12", closed=False) == {}
    assert to_come(dialogue.plan, dialogue.card, "2026-12")["dok"] == Achieved(
        "2026-12", D(100), None, None, None, closed=False
    )
    assert to_come(dialogue.plan, replace(dialogue.card, closed_through="2026-12"), "2026-12") == {}
