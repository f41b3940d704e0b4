"""A large batch is stored in parts that have no subject in common."""

from __future__ import annotations

import random
from collections import Counter

from kinara.kit.batch import PART, PARTS, parts
from kinara.kit.envelope import Incoming, Raw, read
from kinara.kit.ids import new_id
from kinara.kit.testing import raw
from kinara.kit.topics import Registry
from toy import inbox, rated


def facts(count: int, registry: Registry, seed: int) -> list[Incoming]:
    """Facts about some people, each in the order of their versions, and two records that nobody can read."""
    rng, people, last = random.Random(seed), [new_id() for _ in range(40)], dict[str, int]()
    batch = [Incoming(Raw("asn.nasional.feedback.v1", 0, 0, None, b"?", ()))]
    for id_ in rng.choices(people, k=count - 2):
        last[id_] = last.get(id_, 0) + 1
        batch.append(read(raw(rated(id_), last[id_], registry), inbox.types, registry.services))
    return [*batch, Incoming(Raw("asn.nasional.feedback.v1", 0, 1, None, b"?", ()))]


def told(incoming: Incoming) -> str:
    """Whom it is about, as far as it tells."""
    return incoming.stamp.subject.id if incoming.stamp else ""


def test_a_small_batch_stays_whole(registry: Registry, seed: int) -> None:
    batch = facts(2 * PART - 1, registry, seed)
    assert parts(batch) == [batch]


def test_parts_of_a_large_batch_share_no_subject_keep_the_order_and_lose_nothing(registry: Registry, seed: int) -> None:
    batch = facts(PARTS * PART, registry, seed)
    found = parts(batch)
    assert 1 < len(found) <= PARTS
    assert sorted(map(id, batch)) == sorted(id(incoming) for part in found for incoming in part)
    about = [{i.stamp.subject.id for i in part if i.stamp} for part in found]
    assert sum(map(len, about)) == len(set().union(*about))
    places = {id(incoming): n for n, incoming in enumerate(batch)}
    for part in found:
        for id_ in {told(i) for i in part}:
            of = [places[id(i)] for i in part if told(i) == id_]
            assert of == sorted(of)


def test_parts_are_about_as_large_as_each_other_however_busy_some_subjects_are(registry: Registry, seed: int) -> None:
    batch = facts(PARTS * PART, registry, seed)
    most = max(Counter(i.stamp.subject.id for i in batch if i.stamp).values())
    sizes = [len(part) for part in parts(batch)]
    assert max(sizes) - min(sizes) <= most
    busy = next(i for i in batch if i.stamp)
    alone = [len(part) for part in parts([*batch, *[busy] * PARTS * PART]) if busy in part]
    assert len(alone) == 1, "one subject is never divided"
    assert PARTS * PART < alone[0] <= PARTS * PART + most, "and nobody joins it while others have less"
