"""I3: the facts of a service about a subject are numbered without a gap, come out in that order, and count in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from faults.evidence import OURS, Evidence, Sent
from faults.observed import inbox_of
from faults.verdict import Violation

SPEAKS = {
    "personnel": {"employee": "employees", "unit": "units"},
    "appraisal": {"employee": "scorecards"},
    "training": {"employee": "records"},
    "feedback": {"employee": "subjects", "unit": "subjects"},
}
"""Where each service keeps the version of the last fact that it has said about a subject."""


def versions(evidence: Evidence) -> Iterator[Violation]:
    """Versions are 1, 2, 3, …, and the speaker's own document names the last."""
    said: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    by_hand = {(fact.service, fact.subject) for fact in evidence.said if fact.by_hand}
    for fact in evidence.said:
        said[fact.service, fact.kind, fact.subject].append(fact.version)
    for (service, kind, subject), found in said.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield Violation("I3", f"{service} has said versions {sorted(found)[:50]} of {kind}/{subject}")
    for service, kinds in SPEAKS.items():
        last = {subject: max(found) for (speaker, _, subject), found in said.items() if speaker == service}
        for collection in set(kinds.values()):
            for id_, document in evidence.documents(service, collection).items():
                if document["said"] != last.get(id_, 0) and (service, id_) not in by_hand:
                    told = f"counts {document['said']} facts, its outbox holds {last.get(id_, 0)}"
                    yield Violation("I3", f"{service}.{collection}/{id_} {told}")


def effects(evidence: Evidence) -> Iterator[Violation]:
    """A subject's effects stand in the order of versions, of each speaker; and the last one seen is the last said."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    for fact in evidence.said:
        last[fact.service, fact.subject] = max(last[fact.service, fact.subject], fact.version)
    for hearing in evidence.hearings.values():
        order: dict[str, list[int]] = defaultdict(list)
        for row in hearing.rows:
            fact = evidence.by_id.get(row["id"]) if row["type"] not in OURS else None
            if fact is not None:
                order[fact.service].append(fact.version)
        for speaker, found in order.items():
            if any(later < earlier for earlier, later in pairwise(found)):
                yield Violation("I3", f"{hearing} has effects of {speaker} in the order {found[:50]}")
    for service in evidence.seen.databases:
        for store in inbox_of(service).stores:
            for id_, document in evidence.documents(service, store.name).items():
                for speaker, version in (document.get("seen") or {}).items():
                    if version != last[speaker, id_] and id_ not in evidence.strangers:
                        told = f"has seen {speaker}'s version {version} of {last[speaker, id_]}"
                        yield Violation(
                            "I3" if version > last[speaker, id_] else "I1", f"{service}.{store.name}/{id_} {told}"
                        )


def topics(evidence: Evidence) -> Iterator[Violation]:
    """On a topic the versions of a subject appear in their order for the first time; repeats may come at any time.

    A new fact may come before the old ones on a topic that is being refilled; then they all come in order after it.
    """
    by_hand = {(fact.service, fact.subject) for fact in evidence.said if fact.by_hand}
    told: dict[tuple[str, str], dict[str, list[Sent]]] = defaultdict(lambda: defaultdict(list))
    for record in evidence.sent:
        if (record.service, record.subject) not in by_hand:
            told[record.service, record.subject][record.place[0]].append(record)
    for by_topic in told.values():
        for topic, records in by_topic.items():
            others = {record.version for t, found in by_topic.items() if t != topic for record in found}
            yield from _in_order_at_last(records) if evidence.injected.emptied else _in_order(evidence, records, others)


def _in_order(evidence: Evidence, records: list[Sent], elsewhere: set[int]) -> Iterator[Violation]:
    """Each version for the first time after the one before it; a subject that changes cells goes on elsewhere.

    What was sent to another cell's topic is a repeat here: when that cell is gone, an operator has it said again.
    """
    highest, cells, known = 0, len(evidence.seen.registry.cells), set(elsewhere)
    for record in records:
        if record.version not in known:
            known.add(record.version)
            if record.version < highest or (cells == 1 and record.version != highest + 1):
                yield Violation("I3", f"{record} comes after version {highest}")
            highest = max(highest, record.version)


def _in_order_at_last(records: list[Sent]) -> Iterator[Violation]:
    """Whoever passes over what comes too early reads all versions in their order."""
    following, last = 1, max(record.version for record in records)
    for record in records:
        following += record.version == following
    if following <= last:
        yield Violation("I3", f"no order: version {following} does not come after those before it, {records[-1]}")
