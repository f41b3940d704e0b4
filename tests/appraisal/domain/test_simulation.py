"""A draft tried out: the same code as the live score, nobody moved by what is in force, and who would be moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from appraisal.domain import simulation
from appraisal.domain.closing import close_period
from appraisal.domain.discipline import Measure
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.scorecard import Person, Scorecard, evaluate
from appraisal.domain.simulation import History, Trial, run
from appraisal.domain.tallies import NO_VOTES, BehaviourRating, Month, Progress, Target

D = Decimal
PERIOD, LAST = "2026-11", date(2026, 11, 30)
PLAJU = "/16.71/plaju/pelayanan"
DRAFT = {
    "code": "plaju", "version": 2, "name": "Plaju, rancangan", "unit_path": "/16.71/plaju",
    "effective_from": date(2027, 1, 1), "cadence": "monthly",
    "weights": {"K": "0.25", "M": "0.40", "A": "0.05", "L": "0.10", "B": "0.20"}, "satisfaction": {"mean": "3.2"},
    "awards": [{
        "code": "pegawai-bulan-ini", "title": "Pegawai berprestasi bulan ini", "grants": "training", "every": "month",
        "all_of": [{"measure": "S", "at_least": "80"}],
    }],
    "coaching": [{"words": "Nilai di bawah 75", "all_of": [{"measure": "S", "below": "75"}]}],
}  # fmt: skip


def month(done: int, rating: int, behaviour: int = 4) -> Month:
    votes = NO_VOTES
    for _ in range(30):
        votes = votes.plus(D(1), 3 * rating)
    return Month(
        votes=votes,
        targets={"berkas": Target("Berkas", "berkas", "max", D(100), D(1))},
        progress={"berkas": Progress().plus(D(done), verified=True, on=LAST)},
        ratings={"rater": BehaviourRating((behaviour,) * 7, D(0), datetime(2026, 11, 30, tzinfo=UTC))},
    )


def person(*, sex: str = "F", birth_year: int = 1990, kind: str = "PNS", separated_on: date | None = None) -> Person:
    return Person("1", "Rani", kind, sex, birth_year, "III/b", "Staf", "pelaksana", None, "u", None, separated_on)


def card(policies, id_: str = "a", path: str = PLAJU, given: Month | None = None, **who) -> Scorecard:
    """A card with one month, and its score as the folds keep it."""
    bare = Scorecard(id_, "16", path, person(**who), {"2026-01-01": path}, {PERIOD: given or month(70, 4)})
    return replace(bare, scores={PERIOD: evaluate(bare, PERIOD, policies)})


@pytest.fixture
def draft():
    return parse_policy(DRAFT)


def tried(policies, draft, *cards: Scorecard, closed=(), period: str = PERIOD, cost: Decimal | None = None):
    trial = Trial(draft, policies, period)
    return run(trial, [History.of(one, [c for c in closed if c.employee_id == one.employee_id]) for one in cards]).told(
        cost
    )


def test_the_active_policy_as_a_draft_moves_nobody_and_gives_the_live_scores(policies):
    active = policies.for_unit("/16.71/plaju", LAST)
    cards = [card(policies, str(n), given=month(40 + 7 * n, 1 + n % 4, 1 + n % 5)) for n in range(12)]
    trial = Trial(active, policies, PERIOD)
    for one in cards:
        line = trial.line(History.of(one))
        live = one.scores[PERIOD]
        assert line.before == line.after
        assert (line.after.score, line.after.predikat, line.after.borderline) == (
            live.s,
            live.predikat,
            live.borderline,
        )
    told = run(trial, map(History.of, cards)).told()
    assert (told["employees"], told["moved"], told["mean_change"]) == (12, 0, 0)
    assert told["awards"]["before"] == told["awards"]["after"]


def test_a_closed_period_is_tried_out_as_it_was_written_out(policies, draft):
    open_ = card(policies)
    shut, closed, _ = close_period(open_, PERIOD, today=date(2026, 12, 1), policies=policies)
    assert PERIOD not in shut.scores
    assert tried(policies, draft, shut, closed=[closed]) == tried(policies, draft, open_)
    assert tried(policies, draft, shut)["transition"]["none"]["none"] == 1, "without it nothing is made up"


def test_who_moves_is_told_from_and_to(policies, draft):
    strong, liked, fair = month(110, 2), month(60, 4), month(90, 3)
    told = tried(policies, draft, *(card(policies, n, given=g) for n, g in [("s", strong), ("l", liked), ("f", fair)]))
    moves = {(old, new): n for old, row in told["transition"].items() for new, n in row.items() if n}
    assert sum(moves.values()) == told["employees"] == 3
    assert told["moved"] == sum(n for (old, new), n in moves.items() if old != new)
    assert (told["better"], told["worse"]) == (1, 1), "the liked one gains, the strong one who is not liked loses"
    assert told["mean_change"] is not None


def test_awards_and_coaching_are_told_by_employee_and_training_has_its_price(policies, draft):
    good, low = card(policies, "good", given=month(115, 4)), card(policies, "low", given=month(30, 2))
    told = tried(policies, draft, good, low, cost=D(1_500_000))
    assert {
        side: [(a["code"], a["grants"], a["employees"]) for a in found] for side, found in told["awards"].items()
    } == {
        "before": [("pegawai-bulan-ini", "award", ["good"])],
        "after": [("pegawai-bulan-ini", "training", ["good"])],
    }
    assert told["coaching"] == {
        "before": [{"words": "Nilai bulan ini di bawah 60", "count": 1, "employees": ["low"]}],
        "after": [{"words": "Nilai di bawah 75", "count": 1, "employees": ["low"]}],
    }
    assert told["training_cost_change"] == 1_500_000, "one entitlement more, where there was an award"


def test_awards_before_follow_the_policy_in_force_whatever_others_are_called(policies, draft):
    cards = [card(policies, f"{n:02d}", given=month(115, 4)) for n in range(20)]
    alone = tried(policies, draft, *cards)["awards"]["before"]
    generous = {**DRAFT["awards"][0], "top_share": "0.5"}
    later = parse_policy(DRAFT | {"version": 3, "effective_from": date(2027, 6, 1), "awards": [generous]})
    elsewhere = parse_policy(DRAFT | {"code": "sorong", "version": 3, "unit_path": "/96.71/x", "awards": [generous]})
    crowded = Policies([*policies, later, elsewhere])
    assert tried(crowded, draft, *cards)["awards"]["before"] == alone
    assert [award["count"] for award in alone] == [1]


@pytest.mark.parametrize(
    ("since", "until", "best"),
    [
        pytest.param(date(2026, 11, 30), date(2027, 5, 29), "01", id="begun on the last day"),
        pytest.param(date(2026, 5, 1), date(2026, 11, 1), "01", id="over on the first day"),
        pytest.param(date(2026, 5, 1), date(2026, 10, 31), "00", id="over before it"),
        pytest.param(date(2026, 12, 1), date(2027, 5, 31), "00", id="begun after it"),
    ],
)
def test_who_is_disciplined_in_the_period_is_given_no_award_and_another_takes_the_place(
    policies, draft, since, until, best
):
    cards = [card(policies, f"{n:02d}", given=month(115, 4)) for n in range(12)]
    cards[0] = replace(cards[0], discipline={"d": Measure("sedang", since, until)})
    (told,) = tried(policies, draft, *cards)["awards"]["before"]
    assert (told["employees"], told["barred"]) == ([best], 1 if best == "01" else 0)


def test_an_award_that_costs_a_training_costs_nothing_where_discipline_bars_it(policies, draft):
    barred = replace(card(policies, given=month(115, 4)), discipline={"d": Measure("berat", LAST, date(2027, 11, 30))})
    assert tried(policies, draft, barred, cost=D(1_500_000))["training_cost_change"] == 0


def test_who_has_won_twice_running_lets_others_go_first(policies, draft):
    summary = run(
        Trial(draft, policies, PERIOD), [History.of(card(policies, f"{n}", given=month(115, 4))) for n in range(9)]
    )
    (award,) = summary.told(won={"pegawai-bulan-ini": [{"0"}, {"0"}]})["awards"]["before"]
    assert award["employees"] == ["1"]


def test_a_list_names_a_thousand_and_counts_all(policies, draft, monkeypatch):
    monkeypatch.setattr(simulation, "MOST_NAMED", 2)
    told = tried(policies, draft, *(card(policies, f"{n}", given=month(30, 2)) for n in range(5)))
    assert [(rule["count"], rule["employees"]) for rule in told["coaching"]["after"]] == [(5, ["0", "1"])]


def test_what_one_period_cannot_say_is_said(policies):
    quarterly = parse_policy(
        DRAFT | {"cadence": "quarterly", "coaching": [], "awards": [{**DRAFT["awards"][0], "every": "semester"}]}
    )
    told = tried(policies, quarterly, card(policies), period="2026-Q4")
    assert [sentence.partition(":")[0] for sentence in told["left_out"]] == [
        "Kebijakan yang berlaku menilai dengan periode lain; target yang disepakati untuk periode itu membuat nilai"
        " sebelum dan sesudah tidak sepenuhnya sebanding.",
        "plaju@1",
        "plaju@1",
        "plaju@2",
    ]
    assert told["awards"] == {"before": [], "after": []}


@pytest.mark.parametrize(
    ("path", "who", "counted"),
    [
        (PLAJU, {}, True),
        ("/16.71/plaju", {}, True),
        ("/16.71/plajuu", {}, False),
        ("/96.71/dinkes", {}, False),
        (PLAJU, {"separated_on": date(2026, 10, 31)}, False),
        (PLAJU, {"separated_on": date(2026, 11, 20)}, True),
    ],
    ids=["below", "the unit itself", "another of like name", "elsewhere", "left before", "left during"],
)
def test_only_whom_the_draft_would_weigh_is_tried(policies, draft, path, who, counted):
    assert tried(policies, draft, card(policies, path=path, **who))["employees"] == counted


def test_a_nearer_unit_with_a_policy_of_its_own_is_left_to_it(policies):
    city = parse_policy(DRAFT | {"code": "palembang", "version": 1, "unit_path": "/16.71"})
    assert tried(policies, city, card(policies, path=PLAJU))["employees"] == 0
    assert tried(policies, city, card(policies, path="/16.71/dinkes"), period="2026-11")["employees"] == 1


def test_a_nearer_policy_that_begins_with_the_draft_keeps_its_people(policies, draft):
    own = parse_policy(DRAFT | {"code": "pelayanan", "version": 1, "unit_path": PLAJU})
    assert tried(Policies([*policies, own]), draft, card(policies))["employees"] == 0


@pytest.mark.parametrize(
    ("periods", "period", "year"), [(1, "2026-11", 2026), (2, "2026-01", 2025), (8, "2026-03", 2025)]
)
def test_history_is_asked_for_as_far_back_as_a_rule_looks(policies, periods, period, year):
    rule = {"words": "Berulang", "all_of": [{"measure": "S", "below": "60", "for_periods": periods}]}
    assert Trial(parse_policy(DRAFT | {"coaching": [rule]}), policies, period).first_year == year


def test_a_rule_for_two_periods_looks_at_the_month_before_across_the_year(policies):
    rule = {"words": "Berulang", "all_of": [{"measure": "S", "below": "75", "for_periods": 2}]}
    twice = parse_policy(DRAFT | {"coaching": [rule]})
    poor = replace(month(30, 2), progress={"berkas": Progress().plus(D(30), verified=True, on=date(2026, 1, 31))})
    once, both = (
        replace(card(policies, name), months={"2026-01": poor, **before})
        for name, before in (("once", {}), ("both", {"2025-12": poor}))
    )
    told = tried(policies, twice, once, both, period="2026-01")
    assert [rule["employees"] for rule in told["coaching"]["after"]] == [["both"]]


def test_somebody_who_served_elsewhere_at_the_end_of_the_period_is_not_tried(policies, draft):
    moved = replace(card(policies), postings={"2026-01-01": "/96.71/dinkes", "2026-12-01": PLAJU})
    assert tried(policies, draft, moved)["employees"] == 0


def groups(policies, draft, women: tuple[int, int], men: tuple[int, int]):
    """So many women and men with a good month and a poor one each."""
    cards = [
        card(policies, f"{sex}{n}-{done}", given=month(done, 3), sex=sex)
        for sex, (good, poor) in {"F": women, "M": men}.items()
        for done, count in ((100, good), (20, poor))
        for n in range(count)
    ]
    return tried(policies, draft, *cards)["groups"]["sex"]


@pytest.mark.parametrize(
    ("women", "men", "alarm"),
    [((8, 2), (10, 0), False), ((7, 3), (10, 0), True), ((0, 9), (10, 0), False)],
    ids=["exactly four fifths", "less", "too few to tell"],
)
def test_a_group_below_four_fifths_of_another_raises_an_alarm(policies, draft, women, men, alarm):
    found = groups(policies, draft, women, men)
    assert (found["alarm_before"], found["alarm_after"]) == (alarm, alarm)
    assert found["of"]["M"] == {"employees": 10, "judged_before": 10, "judged_after": 10, "before": 10, "after": 10}


def test_who_is_not_judged_yet_is_no_reason_for_an_alarm(policies, draft):
    judged = [card(policies, f"{sex}{n}", given=month(100, 3), sex=sex) for sex in "FM" for n in range(10)]
    waiting = [card(policies, f"w{n}", given=replace(month(100, 3), ratings={}), sex="F") for n in range(10)]
    found = tried(policies, draft, *judged, *waiting)["groups"]["sex"]
    assert (found["alarm_before"], found["alarm_after"]) == (False, False)
    assert found["of"]["F"]["employees"] == 20


def test_ages_are_told_in_bands(policies, draft):
    years = {"di bawah 30": 1997, "30-39": 1996, "40-49": 1986, "50 ke atas": 1976}
    told = tried(policies, draft, *(card(policies, str(y), birth_year=y) for y in years.values()))
    assert {band: of["employees"] for band, of in told["groups"]["age"]["of"].items()} == dict.fromkeys(years, 1)
