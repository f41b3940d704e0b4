"""Every subscriber of every service follows the one recipe, looked up in the running broker object.

FastStream's defaults lose data in five ways; what is asked here is what kept it in the trials.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber
from house import HOUSE, Run
from kinara.kit import bus
from kinara.kit.bus import Consumer


def faults(subscriber: Any) -> Iterator[str]:
    """Where a subscriber leaves the recipe."""
    options, call = subscriber._connection_args, subscriber._call_options
    recipe = {
        "acknowledges by hand": subscriber.ack_policy is AckPolicy.MANUAL,
        "commits no offset by itself": options.get("enable_auto_commit") is False,
        "reads from the earliest": options.get("auto_offset_reset") == "earliest",
        "reads committed records only": options.get("isolation_level") == "read_committed",
        "is a static member": bool(options.get("group_instance_id")),
        "belongs to a group": bool(subscriber.group_id),
        "takes batches": isinstance(subscriber, BatchSubscriber),
        "drains when partitions go": isinstance(subscriber._listener, Consumer),
        "leaves headers alone": call.parser is bus.unparsed,
        "leaves values alone": call.decoder is bus.untouched,
        "names its topics": bool(subscriber.topic_names) and subscriber.pattern is None,
    }
    yield from (what for what, kept in recipe.items() if not kept)


@pytest.mark.parametrize("service", HOUSE.services)
async def test_every_subscriber_follows_the_recipe(service: str, run: Run) -> None:
    async with run(service) as app:
        parts = app.state.parts
        assert len(parts.broker.subscribers) == len(parts.consumers) > 0
        assert [(s.group_id, list(faults(s))) for s in parts.broker.subscribers if list(faults(s))] == []


@pytest.mark.parametrize("service", HOUSE.services)
async def test_a_broker_object_creates_no_topic_and_waits_for_its_handlers(service: str, run: Run) -> None:
    async with run(service) as app:
        config = app.state.parts.broker.config.broker_config
        assert (config.consumer_only, config.allow_auto_create_topics) == (True, False)
        assert config.graceful_timeout > 0


@pytest.fixture
async def recipe(run: Run) -> dict[str, Any]:
    """The arguments of a subscriber that follows the recipe; a test spoils one."""
    async with run("feedback") as app:
        listener = app.state.parts.consumers[0]
    return {
        "group_id": "toy.tally.nasional",
        "group_instance_id": "toy.tally.nasional.here",
        "ack_policy": AckPolicy.MANUAL,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "batch": True,
        "listener": listener,
        "parser": bus.unparsed,
        "decoder": bus.untouched,
    }


def subscribed(options: dict[str, Any]) -> Any:
    """A subscriber that was never started."""
    subscriber = KafkaBroker("127.0.0.1:1").subscriber("asn.nasional.toy.v1", **options)

    async def handle(message: KafkaMessage) -> None:
        """Nothing."""

    subscriber(handle)
    return subscriber


async def test_the_recipe_has_no_fault(recipe: dict[str, Any]) -> None:
    assert list(faults(subscribed(recipe))) == []


@pytest.mark.parametrize(
    ("spoiled", "fault"),
    [
        ({"ack_policy": AckPolicy.NACK_ON_ERROR}, "acknowledges by hand"),
        ({"ack_policy": AckPolicy.ACK_FIRST}, "commits no offset by itself"),
        ({"auto_offset_reset": "latest"}, "reads from the earliest"),
        ({"isolation_level": "read_uncommitted"}, "reads committed records only"),
        ({"group_instance_id": None}, "is a static member"),
        ({"group_id": None}, "belongs to a group"),
        ({"batch": False}, "takes batches"),
        ({"listener": None}, "drains when partitions go"),
        ({"parser": None}, "leaves headers alone"),
        ({"decoder": None}, "leaves values alone"),
    ],
    ids=lambda value: value if isinstance(value, str) else "not",
)
async def test_a_spoiled_recipe_is_found(recipe: dict[str, Any], spoiled: dict[str, Any], fault: str) -> None:
    assert fault in faults(subscribed(recipe | spoiled))
