"""What would have changed a score: the numbers are those that the formulas give for the changed tallies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain.components import COMPONENTS, ONE, achievement, attainment_rising, complaints, mark, shown
from appraisal.domain.counterfactual import counterfactuals, tallies_of
from appraisal.domain.measures import achievements, measure
from appraisal.domain.scorecard import compose, evaluate_months
from appraisal.domain.tallies import (
    NO_VOTES,
    BehaviourRating,
    Complaints,
    Learning,
    Month,
    Progress,
    Report,
    Target,
)
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts.feedback import ComplaintOverdue, FeedbackReceived
from kinara.contracts.training import EnrolmentConfirmed, TrainingCompleted

D = Decimal
NOVEMBER = "2026-11"
DAY = date(2026, 11, 30)
SERVICES = Target("Layanan", "layanan", "max", D(500), D("0.6"))
DAYS = Target("Lama terbit", "hari", "min", D(3), D("0.4"))
AS_EXPECTED = BehaviourRating((3,) * 7, D(0), datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture(scope="module")
def plaju(policies):
    return policies.for_unit("/16.71/plaju", date(2026, 11, 1))


def done(amount: object, *, verified: bool = True, on: date = DAY) -> Progress:
    return Progress().plus(D(amount), verified=verified, on=on)


def told(plaju, month: Month, period: str = NOVEMBER) -> list[str]:
    months = {NOVEMBER: month}
    return [one.sentence for one in counterfactuals(evaluate_months(months, period, plaju), months, period, plaju)]


WORKED = Month(
    targets={"s": SERVICES},
    progress={"s": done(500)},
    complaints=Complaints(handled=10, solved=10),
    ratings={"boss": AS_EXPECTED},
)


def test_complaints_that_were_late_are_told_as_if_solved_in_time(plaju):
    month = replace(WORKED, complaints=Complaints(handled=10, solved=7))
    assert told(plaju, month) == [
        "Bila 3 pengaduan yang terlambat atau belum tuntas selesai tepat waktu, A naik dari 75 ke 90, predikat tetap "
        "Baik."
    ]


def test_hours_still_due_are_told_in_whole_hours(plaju):
    month = replace(WORKED, learning=Learning(offered=D(20), earned=D(10)))
    required = D(20) * 11 / 12
    after = comma_of(shown(100 * D(19) / required / D("1.2")))
    assert told(plaju, month) == [
        f"Bila 9 JP pembelajaran yang masih kurang diperoleh, L naik dari 45,45 ke {after}, predikat tetap Baik."
    ]
    assert told(plaju, replace(WORKED, learning=Learning(earned=D(1)))) == [], "nothing was offered"


def comma_of(number: Decimal) -> str:
    return f"{number}".replace(".", ",")


def test_reports_that_wait_are_told_as_if_verified_and_lift_the_predikat(plaju):
    month = replace(
        WORKED,
        progress={"s": done(300).plus(D(200), verified=False, on=DAY)},
        pending={"r": Report("s", D(200), DAY), "gone": Report("dropped", D(1), DAY)},
    )
    verified, on_target = told(plaju, month)
    assert verified == (
        "Bila 1 laporan yang belum diverifikasi diverifikasi, K naik dari 68,18 ke 83,33, predikat menjadi Baik."
    )
    assert on_target == (
        "Bila Layanan sesuai target per 30-11-2026 (100 layanan lagi), K naik dari 68,18 ke 83,33, predikat menjadi "
        "Baik."
    )


def test_a_report_that_is_worse_than_presumed_lowers_the_mark_and_that_is_said(plaju):
    month = Month(
        targets={"d": DAYS},
        progress={"d": Progress().plus(D(6), verified=False, on=DAY)},
        pending={"r": Report("d", D(6), DAY)},
    )
    assert told(plaju, month)[0] == (
        "Bila 1 laporan yang belum diverifikasi diverifikasi, K turun dari 13,89 ke 7,58, nilai menjadi 7,58."
    )


@pytest.mark.parametrize(
    ("progress", "paced_on", "line"),
    [
        pytest.param(
            done(50, on=date(2026, 11, 15)), None, "Layanan sesuai target per 15-11-2026 (200 layanan lagi)",
            id="as much as was due on the day that is judged",
        ),
        pytest.param(
            done("10.5", on=date(2026, 11, 10)), None, "Layanan sesuai target per 10-11-2026 (157 layanan lagi)",
            id="in whole pieces, as it was agreed",
        ),
        pytest.param(None, DAY, "Layanan sesuai target per 30-11-2026 (500 layanan lagi)", id="never reported"),
    ],
)  # fmt: skip
def test_the_weakest_indicator_is_told_as_if_on_target(plaju, progress, paced_on, line):
    month = Month(targets={"s": SERVICES}, progress={"s": progress} if progress else {}, paced_on=paced_on)
    (sentence,) = told(plaju, month)
    assert sentence.startswith(f"Bila {line}, K naik dari ")
    assert " ke 83," in sentence


def test_a_target_with_decimals_is_told_with_decimals(plaju):
    month = Month(targets={"s": replace(SERVICES, target=D("99.5"))}, progress={"s": done("99.25")})
    assert "(0,25 layanan lagi)" in told(plaju, month)[0]


@pytest.mark.parametrize(
    "progress",
    [{"d": done(5).plus(D(6), verified=False, on=DAY)}, {"s": done(500)}],
    ids=["each measurement", "or one, where there is none"],
)
def test_a_level_on_target_is_that_of_every_measurement(plaju, progress):
    month = Month(targets={"s": SERVICES, "d": DAYS}, progress={"s": done(500)} | progress, paced_on=DAY)
    (sentence,) = told(plaju, month)
    assert sentence.startswith("Bila Lama terbit sesuai target (3 hari), K naik dari ")
    assert " ke 83,33, nilai menjadi 83,33." in sentence


def test_of_two_equally_behind_the_heavier_is_told(plaju):
    month = Month(targets={"a": replace(SERVICES, name="Ringan", weight=D("0.1")), "s": SERVICES}, paced_on=DAY)
    assert "Layanan sesuai target" in told(plaju, month)[0]


def test_in_a_quarter_all_months_are_looked_at(policies):
    sorong = policies.for_unit("/96.71", date(2026, 11, 1))
    months = {
        "2026-10": Month(
            targets={"s": SERVICES, "d": DAYS},
            progress={"s": done(100, verified=False, on=date(2026, 10, 30)), "d": done(6, on=date(2026, 10, 30))},
            pending={"r": Report("s", D(100), date(2026, 10, 30))},
            complaints=Complaints(handled=2, solved=2),
        ),
        "2026-12": Month(complaints=Complaints(solved=-1), progress={"s": done(450, on=date(2026, 12, 31))}),
    }
    score = evaluate_months(months, "2026-Q4", sorong)
    verified, weakest, late = counterfactuals(score, months, "2026-Q4", sorong)
    assert verified.after > verified.before
    assert "Lama terbit sesuai target (3 hari)" in weakest.sentence
    assert (late.before, late.after) == (shown(complaints(1, 2)), shown(complaints(2, 2)))


def test_nothing_is_told_where_nothing_would_change_or_nothing_is_known(plaju):
    assert told(plaju, WORKED) == []
    assert told(plaju, Month()) == []
    assert told(plaju, Month(complaints=Complaints(solved=-1))) == [], "A would not apply at all"
    assert told(plaju, Month(targets={"s": SERVICES})) == [], "no report yet, no K"


def test_citizens_voices_are_never_told_otherwise(plaju):
    month = Month(votes=NO_VOTES.plus(D(1), 3), complaints=Complaints(handled=1))
    (sentence,) = told(plaju, month)
    assert sentence.startswith("Bila 1 pengaduan")
    assert ", A naik dari 72,73 ke 81,82, nilai menjadi " in sentence


def test_hours_alone_give_no_score_and_that_is_said(plaju):
    (sentence,) = told(plaju, Month(learning=Learning(offered=D(12), earned=D(8))))
    assert sentence.endswith("nilai akhir belum dihitung.")


def test_a_component_that_weighs_nothing_is_left_out(plaju):
    unweighed = replace(plaju, weights={**plaju.weights, "A": D(0), "K": plaju.weights["K"] + plaju.weights["A"]})
    assert told(unweighed, replace(WORKED, complaints=Complaints(handled=10, solved=7))) == []


def test_of_tallies_that_do_not_give_the_score_nothing_is_told(plaju):
    month = replace(WORKED, complaints=Complaints(handled=10, solved=7))
    score = evaluate_months({NOVEMBER: month}, NOVEMBER, plaju)
    assert counterfactuals(score, {}, NOVEMBER, plaju) == []
    fewer = replace(WORKED, complaints=Complaints(handled=10, solved=8))
    assert counterfactuals(score, {NOVEMBER: fewer}, NOVEMBER, plaju) == []


def test_a_closed_period_is_told_from_what_its_close_has_kept(say, blank, fold_all, close, policies):
    """Also where hours of the year were earned in a month closed before, and once the card has forgotten them."""
    october = [
        say(EnrolmentConfirmed, jp=20, starts_on=date(2026, 10, 2)),
        say(TrainingCompleted, jp=5, completed_on=date(2026, 10, 9)),
        say(FeedbackReceived, given_at=datetime(2026, 10, 9, tzinfo=UTC)),
    ]
    card, _ = fold_all(blank, *october, say(ComplaintOverdue))
    first, oct_closed, _ = close(card, "2026-10")
    before = evaluate_months(tallies_of(first, [oct_closed], NOVEMBER), NOVEMBER, policies.named("plaju@1"))
    assert before == first.scores[NOVEMBER]
    shut, nov_closed, _ = close(first, NOVEMBER)
    for card in (shut, replace(shut, months={})):
        for closed, parts in ((oct_closed, ["L"]), (nov_closed, ["A", "L"])):
            months = tallies_of(card, [oct_closed, nov_closed], closed.period)
            lines = counterfactuals(closed.score, months, closed.period, policies.named("plaju@1"))
            assert [line.component for line in lines] == parts


def test_a_quarter_is_told_from_what_its_own_close_has_kept(say, blank, fold_all, close):
    """Of a month in it that was closed by itself, before the employee moved, its close has kept what was left."""
    card, _ = fold_all(blank, say(ComplaintOverdue))
    shut, month, _ = close(card, NOVEMBER)
    left = {NOVEMBER: month.months[NOVEMBER].remains()}
    quarter = replace(month, id="q", period="2026-Q4", months=left)
    for closed in ([month, quarter], [quarter, month]):
        assert tallies_of(shut, closed, "2026-Q4")[NOVEMBER] == left[NOVEMBER]
        assert tallies_of(shut, closed, NOVEMBER)[NOVEMBER] == month.months[NOVEMBER]


def test_a_period_opened_again_is_told_from_the_card(say, blank, fold_all, close):
    card, _ = fold_all(blank, say(ComplaintOverdue))
    shut, closed, _ = close(card, NOVEMBER)
    assert tallies_of(card, [replace(closed, reopened_at=datetime(2026, 12, 9, tzinfo=UTC))], NOVEMBER) is card.months
    reopened = replace(closed, reopened_at=datetime(2026, 12, 9, tzinfo=UTC))
    assert tallies_of(shut, [reopened], NOVEMBER) == shut.months


counts = st.integers(0, 30)
amounts = st.decimals(0, 1000, places=1)


@st.composite
def tallies(draw: st.DrawFn) -> Month:
    """Anything that a month may hold, with the reports that wait among what is not verified."""
    targets, progress, pending = {}, {}, {}
    for code in draw(st.sets(st.sampled_from("abc"))):
        polarity = draw(st.sampled_from(["max", "min"]))
        target = draw(st.decimals(1, 1000, places=draw(st.integers(0, 1))))
        targets[code] = Target(f"Indikator {code}", "buah", polarity, target, draw(st.sampled_from([D("0.3"), D(1)])))
        reported = Progress()
        for n, amount in enumerate(draw(st.lists(amounts, max_size=3))):
            on, verified = date(2026, 11, draw(st.integers(1, 30))), draw(st.booleans())
            reported = reported.plus(amount, verified=verified, on=on)
            if not verified:
                pending[f"{code}{n}"] = Report(code, amount, on)
        if reported.reported_on:
            progress[code] = reported
    handled = draw(counts)
    return Month(
        complaints=Complaints(handled, draw(st.integers(0, handled))),
        learning=Learning(D(draw(counts)), D(draw(counts)), D(draw(st.integers(0, 8)))),
        targets=targets,
        progress=progress,
        pending=pending,
        ratings=draw(st.sampled_from([{}, {"boss": AS_EXPECTED}])),
        paced_on=draw(st.sampled_from([None, date(2026, 11, 15), DAY])),
    )


@given(tallies(), st.integers(0, 4))
def test_every_number_is_what_the_formulas_give_for_the_changed_tallies(policies, month, which):
    policy, months = list(policies)[which], {NOVEMBER: month}
    score = evaluate_months(months, NOVEMBER, policy)
    for line in counterfactuals(score, months, NOVEMBER, policy):
        assert line.component in "KAL"
        after = expected(line.condition, month, policy)
        assert (line.before, line.after) == (shown(score.components[line.component]), shown(after))
        assert line.before != line.after
        assert line.would_be == compose({**score.components, line.component: after}, policy)
        others = set(COMPONENTS) - {line.component}
        assert all(line.would_be.components[name] == score.components[name] for name in others)


def expected(condition: str, month: Month, policy) -> Decimal:
    """The mark by another way: from the tallies as the sentence says that they would be."""
    if "pengaduan" in condition:
        solved = replace(month, complaints=Complaints(month.complaints.handled, month.complaints.handled))
        assert condition.startswith(f"{month.complaints.handled - month.complaints.solved} ")
        return measure("A", {NOVEMBER: solved}, NOVEMBER, policy)
    if "JP" in condition:
        more = D(condition.split(maxsplit=1)[0])
        learnt = replace(month.learning, earned=month.learning.earned + more)
        assert shown(measure("L", {NOVEMBER: replace(month, learning=learnt)}, NOVEMBER, policy)) >= D("83.33")
        return measure("L", {NOVEMBER: replace(month, learning=learnt)}, NOVEMBER, policy)
    if "laporan" in condition:
        assert condition.startswith(f"{len(month.pending)} ")
        progress = {
            code: replace(
                one, verified=one.verified + one.unverified, verified_count=one.verified_count + one.unverified_count,
                unverified=D(0), unverified_count=0,
            )
            for code, one in month.progress.items()
        }  # fmt: skip
        return measure("K", {NOVEMBER: replace(month, progress=progress)}, NOVEMBER, policy)
    return with_weakest_on_target(condition, month)


def with_weakest_on_target(condition: str, month: Month) -> Decimal:
    """K from the achievements, with that of the weakest replaced."""
    judged = achievements({NOVEMBER: month}, NOVEMBER)
    code = condition.split()[1]
    weight, least = judged[code]
    assert least == min(c for _, c in judged.values()) < ONE
    c = ONE
    if "lagi" in condition:
        days = [one.reported_on for one in month.progress.values()] + [month.paced_on or date.min]
        more = D(condition.split("(")[1].split(maxsplit=1)[0].replace(",", "."))
        known = month.progress.get(code, Progress())
        had = known.verified + known.unverified / 2
        c = achievement(attainment_rising(had + more, month.targets[code].target, D(max(days).day) / 30))
    others = [(w, c) for other, (w, c) in judged.items() if other != code]
    return mark(
        100 * sum((w * c for w, c in [*others, (weight, c)]), D(0)) / D("1.2") / sum(w for w, _ in judged.values())
    )
