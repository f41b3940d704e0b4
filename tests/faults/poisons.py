"""Records that nobody should send: thirty-odd kinds of poison, each with what must become of it.

Each is a good fact about an employee whom nobody else speaks of, spoiled in one way; so its fate, and that of the facts
after it, can be told from its employee alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from kinara.contracts import Province
from kinara.contracts.feedback import FeedbackReceived
from kinara.kit.envelope import Raw
from kinara.kit.ids import new_id
from kinara.kit.testing import raw
from kinara.kit.topics import Registry

Spoil = Callable[[Raw], Raw]
LARGEST = 1_000_000
"""Bytes of a value that a topic just takes, with key and headers."""


class Fate(StrEnum):
    """What must become of a record."""

    DEAD = "dead"
    """A dead letter, exactly once; what follows it waits."""
    SKIPPED = "skipped"
    """No effect, but its version counts, so what follows it goes on."""
    WAITS = "waits"
    """It is kept until the gap before it is filled."""
    COUNTS = "counts"
    """It looks odd, but says clearly what it means."""


@dataclass(frozen=True, slots=True)
class Poison:
    """A way to spoil a good record, and its fate."""

    spoil: Spoil
    fate: Fate = Fate.DEAD


def header(name: str, value: bytes | None) -> Spoil:
    """Another value of a header; None is Kafka's null."""
    return lambda r: replace(r, headers=(*(h for h in r.headers if h[0] != name), (name, value)))


def value(of: bytes | None) -> Spoil:
    """Another value altogether."""
    return lambda r: replace(r, value=of)


def instead(old: bytes, new: bytes) -> Spoil:
    """Other words at one place of the value."""

    def spoil(r: Raw) -> Raw:
        if r.value is None or r.value.count(old) != 1:
            raise LookupError(f"{old!r} should stand once in {r.value!r}")
        return replace(r, value=r.value.replace(old, new))

    return spoil


def _type(name: str) -> Spoil:
    return header("ce_type", f"id.kinara.{name}".encode())


def around(prefix: bytes, suffix: bytes = b"") -> Spoil:
    """The value with something before and after it."""
    return lambda r: replace(r, value=prefix + (r.value or b"") + suffix)


POISONS: Mapping[str, Poison] = {
    # the value
    "bytes that are no text": Poison(value(b"\xff\xfe\x00{")),
    "a tombstone": Poison(value(None)),
    "an empty value": Poison(value(b"")),
    "a value as large as a topic takes": Poison(value(b"{" * LARGEST)),
    "JSON cut short": Poison(lambda r: replace(r, value=(r.value or b"")[:-9])),
    "an array for an object": Poison(around(b"[", b"]")),
    "nesting without end": Poison(value(b'{"a":' * 100_000)),
    "a byte order mark": Poison(around(b"\xef\xbb\xbf")),
    "a bare control character": Poison(instead(b'"/16.71/', b'"/16.71\x07/')),
    "half a character": Poison(instead(b'"/16.71/', b'"\\ud800/16.71/')),
    "another event's words": Poison(value(b'{"pegawai":"198609262015051001","predikat":"Baik"}')),
    "text for a number": Poison(instead(b'"rating":4', b'"rating":"banyak"')),
    "a rating off the scale": Poison(instead(b'"rating":4', b'"rating":5')),
    "no number": Poison(instead(b'"trust":"1"', b'"trust":NaN')),
    "infinity": Poison(instead(b'"trust":"1"', b'"trust":Infinity')),
    "a day that no calendar has": Poison(instead(b'"given_at":"', b'"given_at":"2026-02-30T00:00:00Z","was":"')),
    "a fact about somebody else": Poison(lambda r: replace(r, value=_rating(new_id()).model_dump_json().encode())),
    # key and headers
    "no headers": Poison(lambda r: replace(r, headers=())),
    "no key": Poison(lambda r: replace(r, key=None)),
    "somebody else's key": Poison(lambda r: replace(r, key=new_id().encode())),
    "a subject of an unknown kind": Poison(lambda r: header("ce_subject", b"citizen/" + (r.key or b""))(r)),
    "a header without a value": Poison(header("ce_correlationid", None)),
    "a header that is no text": Poison(header("ce_id", b"\xff\xfe")),
    "a header beyond measure": Poison(header("ce_id", b"1" * 5_000)),
    "a header twice, the last one wrong": Poison(
        lambda r: replace(r, headers=(*r.headers, ("ce_aggregateversion", b"satu")))
    ),
    "a type that is no name": Poison(header("ce_type", b"umpan balik")),
    "a service that does not exist": Poison(_type("keuangan.GajiDibayar.v1")),
    "a service that speaks elsewhere": Poison(_type("training.TrainingCompleted.v1")),
    "version nought": Poison(header("ce_aggregateversion", b"0")),
    "a version below nought": Poison(header("ce_aggregateversion", b"-1")),
    "a version beyond counting": Poison(header("ce_aggregateversion", b"9" * 13)),
    "a province that is no code": Poison(header("ce_province", b"Su")),
    "a time without its offset": Poison(header("ce_time", b"2026-11-22T01:02:03")),
    "a time that is none": Poison(header("ce_time", b"kemarin")),
    # what only looks like poison
    "a type from the future": Poison(_type("feedback.FeedbackTranslated.v1"), Fate.SKIPPED),
    "a version of a type from the future": Poison(_type("feedback.FeedbackReceived.v2"), Fate.SKIPPED),
    "a gap that never closes": Poison(header("ce_aggregateversion", b"7"), Fate.WAITS),
    "a field that nobody knows": Poison(instead(b'"rating":4', b'"rating":4,"suasana":["hujan"]'), Fate.COUNTS),
    "a key twice in an object": Poison(instead(b'"rating":4', b'"rating":1,"rating":4'), Fate.COUNTS),
    "a number of fifty digits": Poison(instead(b'"trust":"1"', b'"trust":"0.' + b"3" * 50 + b'"'), Fate.COUNTS),
}


def poisoned(registry: Registry) -> dict[str, Raw]:
    """One record of each kind, about an employee each; offsets are for whoever sends them to say."""
    return {name: poison.spoil(good(new_id(), registry)) for name, poison in POISONS.items()}


def legible(spoiled: Raw, before: Raw) -> bool:
    """Whether key and headers are sound still: then only a group that folds the type looks into it."""
    return (spoiled.key, spoiled.headers) == (before.key, before.headers)


def good(employee: str, registry: Registry, version: int = 1) -> Raw:
    """A fact as it should be: a citizen's rating of an employee."""
    return raw(_rating(employee), version, registry)


def _rating(employee: str) -> FeedbackReceived:
    return FeedbackReceived(
        province=Province(code="16"), unit_path="/16.71/plaju", feedback_id=new_id(), employee_id=employee,
        unit_id=new_id(), rating=4, trust=Decimal(1), given_at=datetime.now(UTC),
    )  # fmt: skip
