"""I5: whoever was told that something is done sees it from then on, and nothing that was seen is unseen again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from faults.evidence import Evidence
from faults.history import Operation
from faults.verdict import Violation

REVISES = frozenset({
    "change", "promotion", "transfer",
    "target", "report", "verification", "behaviour",
    "enrolment", "completion", "cancellation",
})  # fmt: skip
"""Kinds after which the document of their first subject has a higher revision."""


def monotonic(evidence: Evidence) -> Iterator[Violation]:
    """A document's revision never goes back, and is higher after a change that was accepted."""
    by_document: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    for operation in evidence.history.of(outcome="ok"):
        if operation.subjects and operation.asked < 2 and (operation.kind in REVISES or "rev" in operation.answer):
            by_document[operation.service, operation.subjects[0]].append(operation)
    for (service, subject), operations in by_document.items():
        floors: list[tuple[float, int]] = []
        for operation in sorted(operations, key=lambda operation: operation.began):
            floor = max((rev for ended, rev in floors if ended < operation.began), default=0)
            if operation.kind in REVISES:
                floors.append((operation.ended, floor + 1))
            elif operation.answer["rev"] < floor:
                told = f"revision {operation.answer['rev']} was read when it was {floor} at least"
                yield Violation("I5", f"{service} {subject}: {told}")
            else:
                floors.append((operation.ended, operation.answer["rev"]))


def own_writes(evidence: Evidence) -> Iterator[Violation]:
    """What was created is found, what was withdrawn is shown as withdrawn."""
    created = {
        (op.service, op.answer["id"]): op.ended
        for op in evidence.history.of("registration", "feedback", outcome="ok")
        if "id" in op.answer
    }
    withdrawn = {
        op.told["feedback"]: op.ended for op in evidence.history.of("withdrawal", outcome="ok") if "feedback" in op.told
    }
    for read in evidence.history.of("read"):
        id_ = read.told.get("document", "")
        if read.status == 404 and created.get((read.service, id_), read.began) < read.began:
            yield Violation("I5", f"{read.service} {id_} was not found after it was accepted")
        gone = withdrawn.get(id_, read.began) < read.began
        if gone and read.outcome == "ok" and read.answer.get("status") != "withdrawn":
            yield Violation("I5", f"feedback {id_} is {read.answer.get('status')} after it was withdrawn")
