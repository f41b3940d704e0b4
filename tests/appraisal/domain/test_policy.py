"""Region policies: bounds, inheritance down the unit tree, and versions by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from appraisal.domain.policy import Policies, parse_policy
from appraisal.domain.refusals import InvalidPolicy, NoPolicyInForce, PolicyAlreadyExists

D = Decimal
TEXT = {
    "code": "uji",
    "version": 1,
    "name": "Uji",
    "unit_path": "/31.71",
    "effective_from": "2026-01-01",
    "cadence": "quarterly",
    "weights": {"K": 0.4, "M": 0.2, "A": 0.1, "L": 0.1, "B": 0.2},
    "satisfaction": {"mean": 3.2},
}


def weighing(**weights: str) -> dict[str, object]:
    return TEXT | {"weights": TEXT["weights"] | {name: D(value) for name, value in weights.items()}}


@pytest.mark.parametrize(
    ("code", "path", "cadence", "weights"),
    [
        ("plaju", "/16.71/plaju", "monthly", ".45 .20 .05 .10 .20"),
        ("sorong", "/96.71", "quarterly", ".35 .10 .05 .25 .25"),
        ("palangkaraya", "/62.71", "quarterly", ".30 .20 .20 .15 .15"),
        ("bengkulu", "/17", "quarterly", ".40 .30 .05 .05 .20"),
        ("nasional", "/", "quarterly", ".40 .15 .05 .10 .30"),
    ],
)
def test_the_shipped_policies_weigh_as_published(policies, code, path, cadence, weights):
    policy = next(policy for policy in policies if policy.code == code)
    assert (policy.ref, policy.unit_path, policy.cadence) == (f"{code}@1", path, cadence)
    assert [policy.weights[name] for name in ("K", "M", "A", "L", "B")] == [D(weight) for weight in weights.split()]
    assert policy.satisfaction.strength == 15


def test_the_shipped_policies_carry_their_awards_and_coaching_as_data(policies):
    plaju = policies.for_unit("/16.71/plaju", date(2026, 11, 1))
    assert plaju.awards[0].every == "month"
    assert plaju.awards[0].top_share == D("0.05")
    assert [(c.measure, c.at_least) for c in plaju.awards[0].all_of] == [("S", D(88)), ("K", D("83.33"))]
    assert plaju.coaching[1].all_of[0].for_working_days == 5
    bengkulu = policies.for_unit("/17", date(2026, 11, 1))
    assert bengkulu.coaching[0].all_of[0].for_periods == 2
    palangkaraya = policies.for_unit("/62.71", date(2026, 11, 1))
    assert [award.grants for award in palangkaraya.awards] == ["training", "award", "award"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param(weighing(K="0.61", M="0.0", A="0.09"), "weights.K", id="K above 0.6"),
        pytest.param(weighing(K="0.24", M="0.36"), "weights.K", id="K below 0.25"),
        pytest.param(weighing(K="0.25", M="0.61", A="0.0", L="0.0", B="0.14"), "weights.M", id="M above 0.6"),
        pytest.param(weighing(A="-0.1", M="0.4"), "weights.A", id="A negative"),
        pytest.param(weighing(L="0.31", M="0.0", A="0.09"), "weights.L", id="L above 0.3"),
        pytest.param(weighing(B="0.14", A="0.16"), "weights.B", id="B below 0.15"),
        pytest.param(weighing(M="0.21"), "weights", id="sum above 1"),
        pytest.param(weighing(M="0.1999"), "weights", id="sum below 1"),
        pytest.param(TEXT | {"weights": {"K": 0.4, "M": 0.3, "A": 0.1, "B": 0.2}}, "weights.L", id="L missing"),
        pytest.param(TEXT | {"version": 0}, "version", id="version 0"),
        pytest.param(TEXT | {"satisfaction": {"mean": 4.5}}, "satisfaction.mean", id="prior above 4"),
        pytest.param(TEXT | {"satisfaction": {"mean": 3, "strength": 0}}, "satisfaction.strength", id="no strength"),
        pytest.param(TEXT | {"unit_path": "16.71"}, "unit_path", id="path without a slash"),
        pytest.param(TEXT | {"unit_path": "/16.71/"}, "unit_path", id="path with a slash at its end"),
        pytest.param(TEXT | {"effective_from": "2026-02-01"}, "effective_from", id="quarterly from mid-quarter"),
        pytest.param(TEXT | {"effective_from": "2026-01-02"}, "effective_from", id="from mid-month"),
        pytest.param(TEXT | {"cadence": "weekly"}, "cadence", id="unknown cadence"),
        pytest.param(TEXT | {"bonus": 1}, "bonus", id="unknown field"),
        pytest.param({k: v for k, v in TEXT.items() if k != "code"}, "code", id="field missing"),
        pytest.param(TEXT | {"weights": {"K": "banyak"}}, "weights.K", id="weight not a number"),
    ],
)
def test_a_policy_out_of_bounds_is_refused_by_the_name_of_the_field(text, field):
    with pytest.raises(InvalidPolicy) as refused:
        parse_policy(text)
    assert refused.value.field == field
    assert refused.value.message.startswith("Kebijakan tidak sah")


@pytest.mark.parametrize(
    "weights",
    [
        {"K": "0.60", "M": "0.10", "A": "0.05", "L": "0.10", "B": "0.15"},
        {"K": "0.25", "M": "0.60", "A": "0.00", "L": "0.00", "B": "0.15"},
        {"K": "0.25", "M": "0.00", "A": "0.00", "L": "0.30", "B": "0.45"},
    ],
    ids=["K most", "M most", "L most"],
)
def test_the_bounds_themselves_are_allowed(weights):
    assert sum(parse_policy(weighing(**weights)).weights.values()) == 1


def test_weights_written_as_numbers_are_exact():
    assert parse_policy(TEXT).weights["A"] == D("0.1")


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        pytest.param("/16.71/plaju", "plaju", id="the node itself"),
        pytest.param("/16.71/plaju/pelayanan/loket-1", "plaju", id="far below"),
        pytest.param("/16.71/plaju2", "nasional", id="sibling with the same beginning"),
        pytest.param("/16.71", "nasional", id="above"),
        pytest.param("/96.71", "sorong", id="a city"),
        pytest.param("/96.710", "nasional", id="another city with the same beginning"),
        pytest.param("/96.71.1", "nasional", id="a dotted name with the same beginning"),
        pytest.param("/17/dinkes", "bengkulu", id="a province"),
        pytest.param("/17.71", "nasional", id="a city of that province is another government"),
        pytest.param("/31.71", "nasional", id="no policy of its own"),
    ],
)
def test_a_unit_inherits_the_nearest_policy_above_it(policies, unit, code):
    assert policies.for_unit(unit, date(2026, 11, 1)).code == code


def test_a_later_version_holds_from_its_day_on(policies):
    second = replace(policies.for_unit("/96.71", date(2026, 11, 1)), version=2, effective_from=date(2027, 1, 1))
    both = Policies([*policies, second])
    assert both.for_unit("/96.71/dinkes", date(2026, 12, 31)).ref == "sorong@1"
    assert both.for_unit("/96.71/dinkes", date(2027, 1, 1)).ref == "sorong@2"
    assert policies.for_unit("/96.71/dinkes", date(2027, 1, 1)).ref == "sorong@1", "the others were left alone"


def test_before_its_first_day_a_policy_leaves_its_unit_to_the_one_above(policies):
    assert policies.for_unit("/96.71/dinkes", date(2025, 12, 31)).code == "nasional"


def test_a_unit_that_no_policy_reaches_is_refused():
    only = Policies([parse_policy(TEXT)])
    with pytest.raises(NoPolicyInForce) as refused:
        only.for_unit("/17", date(2026, 11, 1))
    assert refused.value.field == "unit_path"
    assert "pada 01-11-2026" in refused.value.message
    with pytest.raises(NoPolicyInForce):
        only.for_unit("/31.71", date(2025, 12, 31))


@pytest.mark.parametrize(
    "change",
    [{"unit_path": "/31.72"}, {"version": 2}],
    ids=["the same version elsewhere", "another version from the same day"],
)
def test_a_policy_is_added_once(policies, change):
    first = parse_policy(TEXT)
    with pytest.raises(PolicyAlreadyExists) as refused:
        Policies([*policies, first, replace(first, **change)])
    assert "per 01-01-2026 sudah ada" in refused.value.message


def test_a_monthly_policy_may_begin_with_any_month(policies):
    plaju = policies.for_unit("/16.71/plaju", date(2026, 11, 1))
    second = replace(plaju, version=2, effective_from=date(2026, 11, 1))
    assert Policies([*policies, second]).for_unit("/16.71/plaju", date(2026, 11, 1)).version == 2


def test_a_quarterly_unit_turns_monthly_between_two_quarters(policies):
    sorong = policies.for_unit("/96.71", date(2026, 11, 1))
    with pytest.raises(InvalidPolicy) as refused:
        Policies([*policies, replace(sorong, version=2, cadence="monthly", effective_from=date(2026, 11, 1))])
    assert refused.value.field == "effective_from"
    Policies([*policies, replace(sorong, version=2, cadence="monthly", effective_from=date(2026, 10, 1))])


def test_a_unit_without_a_policy_before_may_begin_in_any_month():
    assert len(list(Policies([parse_policy(TEXT | {"cadence": "monthly", "effective_from": "2026-02-01"})]))) == 1


def test_a_policy_is_found_by_its_code_and_version(policies):
    assert policies.named("sorong@1").unit_path == "/96.71"


def test_a_policy_knows_what_is_presumed_before_anything_has_happened(policies):
    base = policies.for_unit("/16.71/plaju", date(2026, 11, 1)).base
    assert base == {"K": D(0), "M": D("79.8300"), "A": D(80), "L": D(0), "B": D(0)}


MOVED = TEXT | {"unit_path": "/31.71/selatan/plaju", "effective_from": "2026-02-01", "cadence": "monthly"}
BEFORE = "/31.71/utara/plaju"


def test_a_policy_whose_unit_has_moved_holds_at_each_of_its_paths_and_below():
    policies = Policies([parse_policy(TEXT | {"code": "kota", "cadence": "monthly"}), parse_policy(MOVED, (BEFORE,))])
    for path in (BEFORE, f"{BEFORE}/loket", "/31.71/selatan/plaju", "/31.71/selatan/plaju/loket"):
        assert policies.for_unit(path, date(2026, 11, 1)).code == "uji"
    for path in ("/31.71/utara", "/31.71/utara/plaju-ilir", "/31.71/selatan"):
        assert policies.for_unit(path, date(2026, 11, 1)).code == "kota"


def test_a_unit_may_move_below_one_that_is_appraised_by_another_cadence():
    above = parse_policy(TEXT | {"code": "selatan", "unit_path": "/31.71/selatan"})
    policies = Policies([above, parse_policy(MOVED, (BEFORE,))])
    assert policies.for_unit(BEFORE, date(2026, 3, 1)).cadence == "monthly"
    with pytest.raises(InvalidPolicy):
        Policies([above, parse_policy(MOVED)])


def test_a_policy_knows_where_a_place_of_then_is_today():
    policy = parse_policy(MOVED, (BEFORE,))
    assert policy.paths == (BEFORE, "/31.71/selatan/plaju")
    assert policy.today(f"{BEFORE}/loket") == "/31.71/selatan/plaju/loket"
    assert policy.today(BEFORE) == policy.today("/31.71/selatan/plaju") == "/31.71/selatan/plaju"
    assert policy.today(f"{BEFORE}-ilir") == f"{BEFORE}-ilir"
