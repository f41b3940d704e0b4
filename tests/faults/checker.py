"""The checker: from what was asked, what is there and what was done on purpose, to the promises that were broken.

Pure, so that a history can be judged again, and so that it can be proved to see what it looks for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from faults import accounts, convergence, order, reading
from faults.evidence import OURS, Evidence
from faults.history import History, Injected
from faults.kinds import BACKGROUND, KINDS
from faults.observed import Observed, readers
from faults.verdict import Violation

PATIENCE_S = 60
"""No recovery may take longer, whatever the fault; how fast it must be is for the figures."""


def violations(history: History, observed: Observed, injected: Injected) -> list[Violation]:
    """Every promise that does not hold."""
    evidence = Evidence(history, observed, injected)
    return [found for check in CHECKS for found in check(evidence)]


def answered(evidence: Evidence) -> Iterator[Violation]:
    """I1, I2, I4: an accepted request has said its facts once and kept its document; a refused one left nothing; one
    whose outcome nobody knows did all or nothing."""
    documents = {
        (kind.service, kind.keeps[0]): evidence.documents(kind.service, kind.keeps[0])
        for kind in KINDS.values()
        if kind.keeps
    }
    for operation in evidence.history.operations.values():
        kind = KINDS.get(operation.kind)
        if kind is None:
            continue
        facts = Counter(fact.name for fact in evidence.facts_of(operation))
        if operation.outcome == "refused" or (operation.outcome == "unknown" and not facts):
            for name in facts:
                yield Violation("I4", f"{operation.kind} {operation.id} was refused and has said {name}")
            continue
        for name in kind.says:
            if facts[name] != 1:
                invariant = "I2" if facts[name] else "I1" if operation.outcome == "ok" else "I4"
                yield Violation(invariant, f"{operation.kind} {operation.id} has said {name} {facts[name]} times")
        for name in facts.keys() - kind.may - set(kind.says):
            yield Violation("I4", f"{operation.kind} {operation.id} has said {name} too")
        if operation.outcome == "ok" and kind.keeps is not None:
            collection, field = kind.keeps
            if operation.answer.get(field) not in documents[kind.service, collection]:
                yield Violation("I1", f"{operation.kind} {operation.id}: {operation.answer} is not in {collection}")


def nothing_unasked(evidence: Evidence) -> Iterator[Violation]:
    """I4: no fact that nobody asked for, no record that no outbox holds, no effect of what was never said."""
    for fact in evidence.said:
        asked = fact.correlation in evidence.history.operations
        background = fact.service == "personnel" and fact.name in BACKGROUND
        scheduled = (fact.service, fact.subject, fact.correlation) in evidence.scheduled
        if not (fact.by_hand or fact.causation or asked or background or scheduled):
            yield Violation("I4", f"nobody asked for {fact}")
        if fact.causation is not None and fact.causation not in evidence.by_id:
            yield Violation("I4", f"{fact} follows from {fact.causation}, which was never said")
    for record in evidence.sent:
        fact = evidence.by_id.get(record.id)
        if fact is None or (fact.service, fact.subject, fact.version) != (
            record.service, record.subject, record.version,
        ):  # fmt: skip
            yield Violation("I4", f"{record} is in no outbox")
    for hearing in evidence.hearings.values():
        for row in hearing.rows:
            if row["type"] not in OURS and row["id"] not in evidence.by_id:
                yield Violation("I4", f"{hearing} has an effect of {row['id']}, which was never said")


def heard_once(evidence: Evidence) -> Iterator[Violation]:
    """I1, I2: every fact is on its topic, and has had its effect in every projection that hears it, once."""
    on_topic = {record.id for record in evidence.sent}
    times = {
        at: Counter(row["id"] for row in hearing.rows if row["type"] not in OURS)
        for at, hearing in evidence.hearings.items()
    }
    for fact in evidence.said:
        if fact.id not in on_topic:
            yield Violation("I1", f"{fact} is not on its topic")
        for listener, collection in evidence.hears(fact):
            count = times.get((listener, collection, fact.subject), Counter())[fact.id]
            if count != 1:
                yield Violation("I1" if count == 0 else "I2", f"{fact} has {count} effects in {listener}.{collection}")


def nothing_waits(evidence: Evidence) -> Iterator[Violation]:
    """I1: what waits behind a gap in the end waits behind poison."""
    parked = evidence.injected.parked
    for service, database in evidence.seen.databases.items():
        kept = {(d["topic"], d["partition"], d["offset"]) for d in database.get("held", [])}
        for place in kept - parked:
            yield Violation("I1", f"{place} waits in {service} for ever")
        for place in parked - kept:
            if service in readers(evidence.seen.registry, evidence.injected, place):
                yield Violation("I3", f"{place} does not wait in {service} behind the poison before it")


def dead_letters(evidence: Evidence) -> Iterator[Violation]:
    """I11: exactly the poison is dead, once for each group that reads it, in the database and on the topic."""
    wanted = {
        (f"{group}.{place[0].split('.')[1]}", place)
        for place in evidence.injected.poison
        for group in readers(evidence.seen.registry, evidence.injected, place).values()
    }
    found: Counter[tuple[str, tuple[str, int, int]]] = Counter()
    stored: set[str] = set()
    for database in evidence.seen.databases.values():
        for letter in database.get("dead_letters", []):
            found[letter["group"], (letter["topic"], letter["partition"], letter["offset"])] += 1
            stored.add(letter["_id"])
    for at, count in found.items():
        if at not in wanted or count > 1:
            yield Violation("I11", f"{at} is a dead letter {count} times, though no poison of ours")
    for at in wanted - found.keys():
        yield Violation("I11", f"poison {at} is no dead letter")
    told = {
        dict(raw.headers).get("x-dead-letter-id", b"").decode()
        for raw in evidence.seen.topics
        if raw.topic.endswith(".dlq")
    }
    for id_ in stored ^ told:
        yield Violation("I11", f"dead letter {id_} is not both in the database and on its topic")


def letters_said(evidence: Evidence) -> Iterator[Violation]:
    """I11: a letter is put into the outbox once for each time that its record failed, however often that was read."""
    said: Counter[tuple[bytes, bytes]] = Counter()
    for database in evidence.seen.databases.values():
        for bucket in database.get("outbox", []):
            for headers in (dict(row["headers"]) for row in bucket["rows"] if "type" not in row):
                said[bytes(headers["x-dead-letter-id"]), bytes(headers["x-redrive-count"])] += 1
    for (id_, _), count in said.items():
        if count > 1:
            yield Violation("I11", f"dead letter {id_.decode()} is in the outbox {count} times")


def recovered(evidence: Evidence) -> Iterator[Violation]:
    """I9: after every fault the town lived again in time."""
    for recovery in evidence.injected.recoveries:
        if recovery.seconds > PATIENCE_S:
            yield Violation("I9", f"{recovery.fault}: {recovery.seconds:.1f} s until a command showed its effect")


CHECKS: tuple[Callable[[Evidence], Iterator[Violation]], ...] = (
    answered,
    nothing_unasked,
    heard_once,
    nothing_waits,
    dead_letters,
    letters_said,
    recovered,
    order.versions,
    order.effects,
    order.topics,
    accounts.commands_counted,
    accounts.rounds_once,
    accounts.counters,
    accounts.satisfaction,
    accounts.imports,
    reading.monotonic,
    reading.own_writes,
    convergence.projections,
)


def tallied(found: list[Violation]) -> dict[str, int]:
    """Violations by what people ask first: lost, doubled, out of order, and the rest."""
    names = {"I1": "lost", "I2": "doubled", "I3": "out_of_order"}
    counted: dict[str, int] = defaultdict(int, dict.fromkeys(("lost", "doubled", "out_of_order", "other"), 0))
    for violation in found:
        counted[names.get(violation.invariant, "other")] += 1
    return dict(counted)
