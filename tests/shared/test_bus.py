"""A consumer beside a Kafka of the test's own: what it commits, where it begins to read, what it tells of itself."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaConnectionError
from kinara.contracts import Event
from kinara.kit import bus, figures, offsets
from kinara.kit.batch import PART, PARTS
from kinara.kit.broker import make_broker
from kinara.kit.bus import Consumer
from kinara.kit.envelope import Incoming
from kinara.kit.fold import Folder
from kinara.kit.ids import new_id, utc_now
from kinara.kit.incarnation import Incarnation
from kinara.kit.metrics import Metrics
from kinara.kit.mongo import Database
from kinara.kit.settings import ServiceSettings
from kinara.kit.testing import eventually, raw
from kinara.kit.topics import Registry
from kinara.kit.tracing import Tracing
from pymongo.errors import AutoReconnect
from toy import TALLIES, rated

EMPLOYEE = new_id()
FIRST, SECOND = TopicPartition("asn.nasional.feedback.v1", 0), TopicPartition("asn.nasional.feedback.v1", 1)


class Kafka:
    """Two partitions, and what a consumer did with them."""

    def __init__(self) -> None:
        self.ours = {FIRST, SECOND}
        self.ends = {FIRST: 0, SECOND: 0}
        self.read = {FIRST: 0, SECOND: 0}
        self.committed: list[dict[TopicPartition, int]] = []
        self.begun: list[set[TopicPartition]] = []
        self.away = False
        self._closed = False
        self._coordinator: Any = None

    def assignment(self) -> set[TopicPartition]:
        return self.ours

    def highwater(self, partition: TopicPartition) -> int | None:
        return self.ends[partition]

    async def position(self, partition: TopicPartition) -> int:
        return self.read[partition]

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.away:
            raise KafkaConnectionError
        self.committed.append(offsets)

    async def seek_to_beginning(self, *partitions: TopicPartition) -> None:
        self.begun.append(set(partitions))

    async def stop(self) -> None:
        self.ours, self._closed = set(), True


@dataclasses.dataclass
class Message:
    """What FastStream hands over."""

    raw_message: tuple[ConsumerRecord, ...]


class Bench:
    """A consumer, its Kafka and its figures."""

    def __init__(self, folder: Folder, database: Database, registry: Registry, **told: Any) -> None:
        settings = ServiceSettings(gap_patience_s=0.001, **told)
        self.kafka, self.metrics, self.folder = Kafka(), Metrics(), folder
        self._database, self._registry = database, registry
        self.taken = 0
        self.consumer = Consumer(
            make_broker(settings.kafka_url, "test"), folder, [FIRST.topic], settings, database=database,
            incarnation=Incarnation(settings.kafka_url, registry), metrics=self.metrics, tracing=Tracing("test"),
        )  # fmt: skip
        self.consumer._subscriber.consumer = self.kafka
        self.consumer.joined = True

    def another(self) -> Bench:
        """The same group in another process."""
        folder = Folder(self.folder.inbox, self._database, self.folder.group, self._registry.services, "life-1")
        return Bench(folder, self._database, self._registry)

    def records(self, *events: Event, partition: TopicPartition = FIRST) -> tuple[ConsumerRecord, ...]:
        """Records about one employee, from version and offset 1 on."""
        raws = [raw(event, n, self._registry, offset=n) for n, event in enumerate(events, 1)]
        return tuple(
            ConsumerRecord(partition.topic, partition.partition, r.offset, 0, 0, r.key, r.value, None, 0, 0, r.headers)
            for r in raws
        )

    async def poll(self, *records: ConsumerRecord) -> None:
        await self.consumer.handle(Message(records))  # type: ignore[arg-type]

    async def hear(self, *records: ConsumerRecord) -> None:
        await self.poll(*records)
        await self.consumer.stored()

    async def look_at_lag(self) -> None:
        await self.consumer.figures.look_at_lag(self.kafka, self.consumer.in_hand())

    def figure(self, name: str) -> float:
        """A figure of this group, over all its labels."""
        lines = self.metrics.text().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f'{name}{{group="'))


@pytest.fixture
def bench(folder: Folder, database: Database, registry: Registry) -> Bench:
    return Bench(folder, database, registry)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines of the log, with what is bound to them."""
    lines: list[dict[str, Any]] = []

    def keep(_logger: Any, _method: str, entry: Any) -> str:
        lines.append(dict(entry))
        return ""

    processors = [structlog.contextvars.merge_contextvars, keep]
    monkeypatch.setattr(figures, "_log", structlog.wrap_logger(structlog.ReturnLogger(), processors=processors))
    return lines


@pytest.mark.parametrize(
    ("kafka", "member"),
    [("kafka://a:1", "toy.tally.nasional.pod-1.life-1"), ("kafka://a:1?static_membership=false", None)],
    ids=["by default", "where the broker cannot settle them"],
)
async def test_members_are_static_but_where_the_broker_cannot_settle_them(
    folder: Folder, database: Database, registry: Registry, kafka: str, member: str | None
) -> None:
    bench = Bench(folder, database, registry, kafka=kafka, instance="pod-1")
    assert bench.consumer._subscriber._connection_args["group_instance_id"] == member


async def test_each_life_of_the_broker_knows_a_member_by_another_name(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives, names = asyncio.Queue[str](), []

    async def subscribe() -> None:
        names.append(bench.consumer._subscriber._connection_args["group_instance_id"])

    monkeypatch.setattr(bench.consumer._incarnation, "current", lives.get)
    monkeypatch.setattr(bench.consumer._incarnation, "other_than", lambda _: lives.get())
    monkeypatch.setattr(bench.consumer, "_subscribe", subscribe)
    for life in ("first", "second"):
        lives.put_nowait(life)
    running = asyncio.create_task(bench.consumer.run())
    await eventually(lambda: len(names) == 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [name.rpartition(".")[2] for name in names] == ["first", "second"]


async def test_a_consumer_whose_library_has_lost_the_group_by_an_error_joins_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = []

    async def subscribe() -> None:
        bench.kafka._coordinator = SimpleNamespace(_coordination_task=asyncio.create_task(lost(len(joined))))
        joined.append(bench.kafka)
        bench.consumer._subscriber.consumer = bench.kafka

    async def lost(times: int) -> None:
        if times == 0:
            raise RuntimeError("unexpected")
        await asyncio.Event().wait()

    async def never(_: str) -> str:
        await asyncio.Event().wait()
        return ""

    monkeypatch.setattr(bus, "GROUP_LOOK_S", 0.01)
    monkeypatch.setattr(bench.consumer._incarnation, "current", lambda: asyncio.sleep(0, "life-1"))
    monkeypatch.setattr(bench.consumer._incarnation, "other_than", never)
    monkeypatch.setattr(bench.consumer, "_subscribe", subscribe)
    running = asyncio.create_task(bench.consumer.run())
    await eventually(lambda: len(joined) == 2)
    await asyncio.wait([running], timeout=0.1)
    assert len(joined) == 2
    bench.kafka._coordinator._coordination_task.cancel()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_offsets_are_committed_for_each_partition_after_the_effects(bench: Bench, database: Database) -> None:
    await bench.hear(*bench.records(rated(new_id())), *bench.records(rated(new_id()), partition=SECOND))
    assert await database[TALLIES.name].count_documents({}) == 2
    assert bench.kafka.committed == [{FIRST: 2, SECOND: 2}]


async def test_offsets_of_partitions_that_went_to_others_are_not_committed(bench: Bench) -> None:
    bench.kafka.ours = {SECOND}
    await bench.hear(*bench.records(rated(new_id())), *bench.records(rated(new_id()), partition=SECOND))
    assert bench.kafka.committed == [{SECOND: 2}]


async def test_offsets_that_cannot_be_committed_cost_a_repeat_and_no_more(bench: Bench, database: Database) -> None:
    records = bench.records(rated(new_id(), 3))
    bench.kafka.away = True
    await bench.hear(*records)
    bench.kafka.away = False
    await bench.hear(*records)
    (tally,) = await database.find(TALLIES.name, {})
    assert tally["total"] == 3
    assert bench.figure("kinara_inbox_repeats_total") == 1


async def test_a_partition_is_read_from_the_beginning_once_in_each_life_of_the_broker(bench: Bench) -> None:
    await bench.consumer.on_partitions_assigned({FIRST, SECOND})
    await bench.hear(*bench.records(rated(new_id())))
    other = bench.another()
    await other.consumer.on_partitions_assigned({FIRST, SECOND})
    bench.folder.incarnation = "life-2"
    await bench.consumer.on_partitions_assigned({FIRST})
    assert [bench.kafka.begun, other.kafka.begun] == [[{FIRST, SECOND}, {FIRST}], [{SECOND}]]


async def test_a_partition_begun_by_another_process_is_not_read_again_when_it_comes_to_us(bench: Bench) -> None:
    other = bench.another()
    for consumer in (bench.consumer, other.consumer):
        await consumer.on_partitions_assigned(set())
    await bench.hear(*bench.records(rated(new_id())))
    await other.consumer.on_partitions_assigned({FIRST})
    assert other.kafka.begun == []


async def test_without_the_database_a_partition_is_read_from_the_beginning(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.hear(*bench.records(rated(new_id())))

    async def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("gone")

    monkeypatch.setattr(bench.consumer._database, "find_one", away)
    await bench.consumer.on_partitions_assigned({FIRST})
    assert bench.kafka.begun == [{FIRST}]


async def test_a_batch_that_cannot_be_stored_stays_until_it_can_or_its_partitions_go(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, take = AutoReconnect("gone"), bench.folder.take
    failures = iter([gone, RuntimeError("a bug"), None, gone])

    async def shaky(batch: Any, folded: Any) -> Any:
        if (failure := next(failures)) is not None:
            raise failure
        return await take(batch, folded)

    monkeypatch.setattr(bench.folder, "take", shaky)
    await bench.hear(*bench.records(rated(new_id())))
    assert bench.kafka.committed == [{FIRST: 2}]
    bench.kafka.ours = set()
    await bench.hear(*bench.records(rated(new_id())))
    assert len(bench.kafka.committed) == 1
    assert bench.consumer.problem(timedelta(0)) == ""


@pytest.mark.parametrize("leave", ["its partitions go", "the process ends"])
async def test_a_full_poll_that_is_given_up_holds_nobody(
    folder: Folder, database: Database, registry: Registry, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    bench = Bench(folder, database, registry, batch=1)

    async def away(*_: Any) -> None:
        raise AutoReconnect("gone")

    monkeypatch.setattr(bench.folder, "take", away)
    first, second = bench.records(rated(EMPLOYEE, 1), rated(EMPLOYEE, 1))
    polling = asyncio.create_task(bench.poll(first))
    await asyncio.wait([polling], timeout=0.05)
    assert not polling.done()
    if leave == "its partitions go":
        bench.kafka.ours = set()
    else:
        bench.consumer._stopping = True
    await asyncio.wait_for(polling, 10)
    await asyncio.wait_for(bench.hear(second), 10)
    assert bench.kafka.committed == []


def gated(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Nothing is stored before it opens; ``bench.taken`` counts what is taken up."""
    gate, take = asyncio.Event(), bench.folder.take

    async def wait_then_take(batch: Any, folded: Any) -> Any:
        bench.taken += 1
        await gate.wait()
        return await take(batch, folded)

    monkeypatch.setattr(bench.folder, "take", wait_then_take)
    return gate


@pytest.fixture
def gate(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    return gated(bench, monkeypatch)


async def test_polls_that_wait_while_one_is_being_stored_are_stored_together_after_it(
    bench: Bench, gate: asyncio.Event, database: Database
) -> None:
    first, second, third = bench.records(*(rated(EMPLOYEE, 1) for _ in range(3)))
    await bench.poll(first)
    await eventually(lambda: bench.taken == 1)
    await bench.poll(second)
    await bench.poll(third)
    assert bench.consumer.in_hand() == {FIRST: first.offset}
    gate.set()
    await bench.consumer.stored()
    assert (bench.taken, bench.kafka.committed[-1]) == (2, {FIRST: 4})
    (tally,) = await database.find(TALLIES.name, {})
    assert (tally["total"], bench.consumer.in_hand()) == (3, {})


async def test_no_more_is_polled_than_a_batch_while_one_is_being_stored(
    folder: Folder, database: Database, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(folder, database, registry, batch=2)
    gate = gated(bench, monkeypatch)
    first, *others = bench.records(*(rated(EMPLOYEE, 1) for _ in range(5)))
    await bench.poll(first)
    await eventually(lambda: bench.taken == 1)
    await bench.poll(others[0])
    full = asyncio.create_task(bench.poll(*others[1:]))
    await asyncio.wait([full], timeout=0.05)
    assert not full.done()
    gate.set()
    await full
    await bench.consumer.stored()
    assert (bench.taken, bench.kafka.committed[-1]) == (3, {FIRST: 6})


def two_parts(bench: Bench) -> list[ConsumerRecord]:
    """So many facts, about forty people, that they are folded in parts."""
    about = [[rated(id_, 1)] * (2 * PART // 40) for id_ in (new_id() for _ in range(40))]
    return [record for facts in about for record in bench.records(*facts)]


async def test_a_full_poll_is_followed_by_the_next_when_all_its_parts_are_folded_and_only_stored(
    folder: Folder, database: Database, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, storing, told = Bench(folder, database, registry, batch=2 * PART), asyncio.Event(), list[Any]()
    take = bench.folder.take

    async def in_steps(part: list[Incoming], folded: Any) -> Any:
        told.append(folded)
        await storing.wait()
        return await take(part, folded)

    monkeypatch.setattr(bench.folder, "take", in_steps)
    polling = asyncio.create_task(bench.poll(*two_parts(bench)))
    await eventually(lambda: len(told) == PARTS)
    told[0]()
    told[0]()  # a conflict: folded once more
    await asyncio.wait([polling], timeout=0.05)
    assert not polling.done(), "another part is still being folded"
    told[1]()
    await asyncio.wait_for(polling, 10)
    assert bench.kafka.committed == []
    storing.set()
    await bench.consumer.stored()
    assert len(bench.kafka.committed) == 1


async def test_a_poll_is_stored_while_the_offsets_of_the_one_before_are_being_committed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, commit = asyncio.Event(), bench.kafka.commit

    async def slowly(offsets: dict[TopicPartition, int]) -> None:
        await answer.wait()
        await commit(offsets)

    monkeypatch.setattr(bench.kafka, "commit", slowly)
    first, second, third = bench.records(*(rated(EMPLOYEE, 1) for _ in range(3)))
    for number, record in enumerate((first, second, third), 1):
        await bench.poll(record)
        await eventually(lambda n=number: bench.figure("kinara_events_folded_total") == n)
    assert (bench.kafka.committed, bench.consumer.in_hand()) == ([], {FIRST: first.offset})
    answer.set()
    await bench.consumer.stored()
    assert bench.kafka.committed == [{FIRST: 2}, {FIRST: 4}]


async def test_a_commit_that_never_ends_holds_nobody_up_for_ever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: dict[TopicPartition, int]) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(offsets, "COMMIT_S", 0.1)
    commit = bench.kafka.commit
    monkeypatch.setattr(bench.kafka, "commit", never)
    first, second = bench.records(rated(EMPLOYEE, 1), rated(EMPLOYEE, 1))
    await asyncio.wait_for(bench.hear(first), 10)
    assert (bench.kafka.committed, bench.consumer.in_hand()) == ([], {})
    monkeypatch.setattr(bench.kafka, "commit", commit)
    await bench.hear(second)
    assert bench.kafka.committed == [{FIRST: 3}]


@pytest.mark.parametrize("failure", ["refused", "silent"])
async def test_offsets_that_could_not_be_committed_are_committed_later_though_nothing_more_comes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    """Else they would count as lag until the group is next rebalanced: found by killing brokers for a few seconds."""
    commit, failed = bench.kafka.commit, asyncio.Event()

    async def away(_: dict[TopicPartition, int]) -> None:
        failed.set()
        if failure == "silent":
            await asyncio.Event().wait()
        raise KafkaConnectionError

    monkeypatch.setattr(offsets, "COMMIT_S", 0.1)
    monkeypatch.setattr(offsets, "AGAIN_S", 0.01)
    monkeypatch.setattr(bench.kafka, "commit", away)
    await bench.consumer.on_partitions_assigned({FIRST, SECOND})
    await bench.hear(*bench.records(rated(EMPLOYEE, 1)))
    await failed.wait()
    assert (bench.kafka.committed, bench.consumer.in_hand()) == ([], {}), "nobody waits for it"
    monkeypatch.setattr(bench.kafka, "commit", commit)
    await eventually(lambda: bench.kafka.committed == [{FIRST: 2}])


async def test_a_consumer_that_was_stopped_commits_nothing_any_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offsets, "AGAIN_S", 0.01)
    await bench.consumer.on_partitions_assigned({FIRST})
    bench.kafka.away = True
    await bench.hear(*bench.records(rated(EMPLOYEE, 1)))
    await bench.kafka.stop()
    committing = bench.consumer._offsets._committing
    assert committing is not None
    await eventually(committing.done)
    assert bench.kafka.committed == []


async def test_nothing_is_committed_or_begun_where_no_partition_is_ours_any_more(
    bench: Bench, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = bench.folder.take

    async def slowly(batch: Any, folded: Any) -> Any:
        taken = await take(batch, folded)
        bench.kafka.ours = set()
        return taken

    monkeypatch.setattr(bench.folder, "take", slowly)
    await bench.consumer.on_partitions_assigned({FIRST})
    await bench.hear(*bench.records(rated(EMPLOYEE, 1)))
    assert bench.kafka.committed == await database.find(offsets.POSITIONS, {}) == []


async def test_what_waits_when_partitions_go_is_left_to_whoever_reads_on(
    bench: Bench, gate: asyncio.Event, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "DRAIN_S", 0.05)
    first, second = bench.records(rated(EMPLOYEE, 1), rated(EMPLOYEE, 1))
    await bench.poll(first)
    await eventually(lambda: bench.taken == 1)
    await bench.poll(second)
    await bench.consumer.on_partitions_revoked({FIRST})
    gate.set()
    await bench.consumer.stored()
    (tally,) = await database.find(TALLIES.name, {})
    assert (bench.taken, tally["total"]) == (1, 1)


async def test_a_process_that_ends_stores_what_it_has_begun_and_leaves_what_waits(
    bench: Bench, gate: asyncio.Event
) -> None:
    first, second = bench.records(rated(EMPLOYEE, 1), rated(EMPLOYEE, 1))
    await bench.poll(first)
    await eventually(lambda: bench.taken == 1)
    await bench.poll(second)
    stopping = asyncio.create_task(bench.consumer.stop())
    await eventually(lambda: bench.consumer._stopping)
    gate.set()
    await stopping
    assert bench.kafka.committed == [{FIRST: 2}]


async def test_partitions_are_given_away_when_all_that_is_in_hand_is_committed(
    bench: Bench, gate: asyncio.Event
) -> None:
    first, second = bench.records(rated(EMPLOYEE, 1), rated(EMPLOYEE, 1))
    await bench.poll(first)
    await bench.poll(second)
    revoked = asyncio.create_task(bench.consumer.on_partitions_revoked({FIRST}))
    await asyncio.wait([revoked], timeout=0.05)
    assert not revoked.done()
    gate.set()
    await revoked
    assert bench.kafka.committed[-1] == {FIRST: 3}


async def test_offsets_of_a_large_batch_are_committed_when_its_last_part_is_stored(
    bench: Bench, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, take, failed = two_parts(bench), bench.folder.take, []

    async def shaky(part: list[Incoming], folded: Any) -> Any:
        assert len(part) < len(facts)
        if not failed:
            failed.append(part)
            raise AutoReconnect("gone")
        assert bench.kafka.committed == []
        return await take(part, folded)

    monkeypatch.setattr(bench.folder, "take", shaky)
    await bench.hear(*facts)
    assert len(failed) == len(bench.kafka.committed) == 1
    assert {tally["total"] for tally in await database.find(TALLIES.name, {})} == {2 * PART // 40}


async def test_a_stopping_process_does_not_wait_for_a_batch_that_cannot_be_stored(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        bench.consumer._stopping = True
        raise AutoReconnect("gone")

    monkeypatch.setattr(bench.folder, "take", away)
    await bench.hear(*bench.records(rated(new_id())))
    assert bench.kafka.committed == []


async def test_the_lag_counts_what_is_in_hand_and_what_is_not_read_yet(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = bench.records(rated(new_id()))
    await bench.hear(*records)
    bench.kafka.ends, bench.kafka.read = {FIRST: 2, SECOND: 7}, {FIRST: 2, SECOND: 5}
    take, figures = bench.folder.take, {}

    async def watched(batch: Any, folded: Any) -> Any:
        await bench.look_at_lag()
        figures["in hand"] = bench.figure("kinara_consumer_lag_events")
        return await take(batch, folded)

    monkeypatch.setattr(bench.folder, "take", watched)
    await bench.hear(*records)
    assert figures["in hand"] == 3
    await bench.look_at_lag()
    assert bench.figure("kinara_consumer_lag_events") == 2
    assert 0 < bench.figure("kinara_consumer_lag_seconds") < 60
    assert bench.figure("kinara_assigned_partitions") == 2
    bench.kafka.read = bench.kafka.ends
    await bench.look_at_lag()
    assert bench.figure("kinara_consumer_lag_events") == bench.figure("kinara_consumer_lag_seconds") == 0


async def test_the_lag_in_seconds_is_the_age_of_the_oldest_fact_that_is_not_folded(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (record,) = bench.records(rated(new_id()))
    said_at = (utc_now() - timedelta(hours=3)).isoformat().encode()
    headers = tuple((name, said_at if name == "ce_time" else value) for name, value in record.headers)
    take, figures = bench.folder.take, {}

    async def watched(batch: Any, folded: Any) -> Any:
        await bench.look_at_lag()
        figures["in hand"] = bench.figure("kinara_consumer_lag_seconds")
        return await take(batch, folded)

    monkeypatch.setattr(bench.folder, "take", watched)
    bench.kafka.ends, bench.kafka.read = {FIRST: 2, SECOND: 0}, {FIRST: 2, SECOND: 0}
    await bench.hear(dataclasses.replace(record, headers=headers))
    assert figures["in hand"] > 3 * 3600 - 1, "a process that begins far behind says so at once"
    await bench.look_at_lag()
    assert bench.figure("kinara_consumer_lag_seconds") == 0
    bench.kafka.ends = {FIRST: 3, SECOND: 0}
    await bench.look_at_lag()
    assert bench.figure("kinara_consumer_lag_seconds") < 60, (
        "the first record after quiet hours has not waited for them"
    )


async def test_records_that_wait_and_are_not_read_are_a_problem_after_a_while(bench: Bench) -> None:
    bench.kafka.ends = {FIRST: 3, SECOND: 0}
    for _ in range(2):
        await bench.look_at_lag()
        assert bench.consumer.problem(timedelta(minutes=1)) == ""
    assert "nothing read since" in bench.consumer.problem(timedelta(minutes=-1))
    bench.kafka.read = {FIRST: 1, SECOND: 0}
    await bench.look_at_lag()
    assert bench.consumer.problem(timedelta(minutes=-1)) == ""


async def test_a_dead_letter_is_counted_and_logged_with_its_correlation_and_cause(
    bench: Bench, said: list[dict[str, Any]]
) -> None:
    (record,) = bench.records(rated(new_id(), province="99"))
    await bench.hear(record)
    assert bench.figure("kinara_dead_letters_total") == 1
    (line,) = [entry for entry in said if entry["event"] == "dead letter"]
    headers = dict(record.headers)
    assert line["correlation"] == headers["ce_correlationid"].decode()
    assert line["causation"] == headers["ce_id"].decode()
    assert line["at"] == f"{FIRST.topic}/0/1"


async def test_a_gap_is_reported_once_and_its_age_is_a_figure(bench: Bench, said: list[dict[str, Any]]) -> None:
    await bench.hear(*bench.records(rated(new_id()), rated(new_id()))[1:])
    for _ in range(3):
        await bench.consumer.figures.look_at_waiting()
    assert bench.figure("kinara_held_events") == 1
    assert bench.figure("kinara_held_oldest_seconds") > 0
    assert [entry["waiting"] for entry in said if entry["event"] == "facts wait behind a gap"] == [1]


def test_the_library_still_names_what_is_watched() -> None:
    assert "self._coordination_task = " in inspect.getsource(GroupCoordinator.__init__)
    assert "self._coordinator = GroupCoordinator(" in inspect.getsource(AIOKafkaConsumer.start)
