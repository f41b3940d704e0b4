"""Figures that are counted a batch at a time."""

from __future__ import annotations

from kinara.kit.metrics import Ages, Metrics
from prometheus_client import CollectorRegistry, Histogram, generate_latest

AGES = [0.0, 0.01, 0.011, 0.3, 1.0, 3_600.0, 90_000.0]


def told(registry: CollectorRegistry) -> list[str]:
    """What is exposed, without when the library's own histogram was made."""
    return [line for line in generate_latest(registry).decode().splitlines() if "_created" not in line]


def test_ages_counted_by_the_batch_are_exposed_as_the_library_s_own_histogram_would() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    ages = Ages()
    ours.register(ages)
    bounds = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600)
    one_by_one = Histogram(
        "kinara_event_age_seconds", "From the fact to its effect", ["group"], buckets=bounds, registry=theirs
    )
    ages.observe("a", AGES[:3])
    ages.observe("a", AGES[3:])
    ages.observe("b", [])
    one_by_one.labels("b")
    for age in AGES:
        one_by_one.labels("a").observe(age)
    assert sorted(told(ours)) == sorted(told(theirs))


def test_a_process_that_has_folded_nothing_names_the_histogram() -> None:
    assert "# TYPE kinara_event_age_seconds histogram" in Metrics().text().decode()
