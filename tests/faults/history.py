"""What was asked of the services and what they answered, written down as it happens; and what was done to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Self

from pydantic_core import to_json

Outcome = Literal["ok", "refused", "unknown"]
"""2xx; 4xx; anything else, no answer among it."""

Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""


def outcome_of(status: int | None) -> Outcome:
    """What an HTTP status says of the operation."""
    if status is None or status >= 500:
        return "unknown"
    return "ok" if status < 300 else "refused"


@dataclass(slots=True)
class Operation:
    """One request. Its id is also its Idempotency-Key and its correlation, which its facts carry on."""

    id: str
    service: str
    kind: str
    subjects: tuple[str, ...]
    began: float
    ended: float = 0.0
    outcome: Outcome = "unknown"
    status: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    """The plain values of the answer: ids, names, numbers."""
    told: dict[str, Any] = field(default_factory=dict)
    """What the checker has to know of the request."""
    keyed: bool = False
    """Whether asking again under the same key finds out what became of it."""
    asked: int = 0
    """How often."""


_NAMES = tuple(field.name for field in fields(Operation))


@dataclass
class History:
    """Operations by id, in memory and in a file that a killed run leaves behind; the latest word on each counts."""

    path: Path | None = None
    operations: dict[str, Operation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._file = self.path.open("ab", buffering=0) if self.path is not None else None

    def note(self, operation: Operation) -> None:
        """Keep what is known of an operation now."""
        self.operations[operation.id] = operation
        if self._file is not None:
            self._file.write(to_json({name: getattr(operation, name) for name in _NAMES}) + b"\n")

    def of(self, *kinds: str, outcome: Outcome | None = None) -> Iterator[Operation]:
        """The operations of these kinds (of all, where none is named) with an outcome."""
        for operation in self.operations.values():
            if (not kinds or operation.kind in kinds) and outcome in (None, operation.outcome):
                yield operation

    @classmethod
    def read(cls, path: Path) -> Self:
        """The history in a file."""
        history = cls()
        for line in path.read_bytes().splitlines():
            known = json.loads(line)
            history.note(Operation(**known | {"subjects": tuple(known["subjects"])}))
        return history


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long it took until a new command showed its effect again."""

    fault: str
    seconds: float


@dataclass
class Injected:
    """What the faults themselves have put into the system."""

    poison: set[Place] = field(default_factory=set)
    """Records that nobody can fold: each has to become a dead letter of every group that hears its topic."""
    parked: set[Place] = field(default_factory=set)
    """Good records that must wait behind such a one for ever."""
    legible: set[Place] = field(default_factory=set)
    """Of both, those whose headers are sound: a group that does not fold their type never looks into them."""
    noise: set[Place] = field(default_factory=set)
    """Records that no outbox holds and that must have no effect at all: types of the future."""
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Good facts that a service has not said, as rows of its outbox, by its name."""
    emptied: int = 0
    """How often the broker has lost everything: then topics were refilled while new facts came."""
    recoveries: list[Recovery] = field(default_factory=list)
