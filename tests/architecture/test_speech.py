"""Who may say what: each contract belongs to the service whose module it stands in, and nobody else says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from house import HOUSE, Module, module
from kinara.contracts import ROOTS, Event, events_said_by
from kinara.kit.topics import Registry

PUBLISHED = {f"{event.__module__}.{event.__name__}": event for service in ROOTS for event in events_said_by(service)}
WAYS_TO_MAKE = ("", ".model_validate", ".model_validate_json", ".model_construct")


def spoken(module: Module) -> Iterator[tuple[str, type[Event]]]:
    """Each event that a file makes, with the place."""
    makers = {name + way: event for name, event in PUBLISHED.items() for way in WAYS_TO_MAKE}
    for name, call in module.calls:
        if name in makers:
            yield module.at(call), makers[name]


def borrowed_voices(module: Module) -> Iterator[str]:
    """Events that a service makes in another's name."""
    service = module.path.parts[1]
    yield from (f"{at} says {e.__name__} of {e.service}" for at, e in spoken(module) if e.service != service)


def misplaced(service: str, events: Iterable[type[Event]]) -> Iterator[str]:
    """Contracts that do not carry the name of their speaker."""
    for event in events:
        if event.__module__ != f"kinara.contracts.{service}":
            yield f"{event.__name__} of {service} stands in {event.__module__}"
        if event.type().split(".")[:3] != ["id", "kinara", service]:
            yield f"{event.__name__} of {service} is called {event.type()}"


@pytest.mark.parametrize("service", ROOTS)
def test_a_contract_carries_the_name_of_its_speaker(service: str) -> None:
    assert list(misplaced(service, events_said_by(service))) == []


def test_a_service_says_only_its_own_events() -> None:
    assert [found for module in HOUSE.modules("services") for found in borrowed_voices(module)] == []


@pytest.mark.parametrize("service", ROOTS)
def test_a_service_speaks_on_one_topic(service: str, registry: Registry) -> None:
    topics = {registry.topic(registry.default_cell, event.service) for event in events_said_by(service)}
    assert topics == {f"asn.{registry.default_cell}.{service}.v1"}


@pytest.mark.parametrize(
    "bad",
    [
        "from kinara.contracts.feedback import FeedbackReceived as F\ndef f(): return F(rating=4)",
        "from kinara.contracts import feedback\ndef f(): return feedback.FeedbackReceived(rating=4)",
        "from kinara.contracts.personnel import UnitChanged\ndef f(d): return UnitChanged.model_validate(d)",
    ],
    ids=["by another name", "through its module", "from a document"],
)
def test_a_borrowed_voice_is_found(bad: str) -> None:
    assert list(borrowed_voices(module(bad, "services/training/training/domain/record.py"))) != []


def test_hearing_an_event_is_not_saying_it() -> None:
    text = "from kinara.contracts.feedback import FeedbackReceived\ndef f(e: FeedbackReceived): return e.rating"
    assert list(borrowed_voices(module(text, "services/training/training/domain/record.py"))) == []


def test_a_misplaced_contract_is_found() -> None:
    class _Odd(ROOTS["feedback"]):  # type: ignore[misc]
        """Says feedback's events from elsewhere."""

        service = "payroll"

    assert len(list(misplaced("feedback", [_Odd]))) == 2
