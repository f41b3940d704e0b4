"""A Kafka record as the inbox reads it: the CloudEvents headers, the fact, or the reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from kinara.contracts import Event, Subject


class Unreadable(ValueError):
    """A record that breaks the published language; names the header or field and what was expected."""


@dataclass(slots=True)  # not frozen, like Stamp: one is made of every record, and frozen ones cost twice as much
class Raw:
    """The record as it came; also what a dead letter or a waiting record keeps."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


@dataclass(slots=True)
class Stamp:
    """What the headers say of a fact."""

    id: str
    type: str
    service: str
    subject: Subject
    version: int
    time: datetime
    correlation: str
    province: str
    causation: str | None = None
    traceparent: str | None = None

    @property
    def name(self) -> str:
        """The event's class name, e.g. ``FeedbackReceived``."""
        return _parts(self.type)[3]


@dataclass(slots=True)
class Incoming:
    """A record, read as far as it can be."""

    raw: Raw
    stamp: Stamp | None = None
    event: Event | None = None
    problem: Exception | None = None
    redriven: int = 0
    """How often this record came back from the dead letters."""
    discarded: str | None = None
    """Why an operator lets it pass without effect."""


def read(raw: Raw, known: Mapping[str, type[Event]], services: frozenset[str]) -> Incoming:
    """Read a record: headers first, then the body if its type is one that the reader knows.

    A type of Kinara's that the reader does not know leaves ``event`` None and ``problem`` None: it is skipped, but
    its version counts.
    """
    incoming = Incoming(raw)
    try:
        incoming.stamp = stamp(raw, services)
        kind = known.get(incoming.stamp.type)
        if kind is not None:
            incoming.event = body(raw, kind, incoming.stamp.subject)
    except Exception as problem:  # noqa: BLE001  # whatever it breaks is broken for this record, not for its batch
        incoming.problem = problem
    return incoming


def stamp(raw: Raw, services: frozenset[str]) -> Stamp:
    """The headers of a record; ``Unreadable`` names the first one that is missing or wrong."""
    headers = dict(raw.headers)
    type_ = _text(headers, "ce_type", 200)
    service = _speaker(type_, raw.topic, services)
    subject, province, version = _place(raw, headers)
    return Stamp(
        _text(headers, "ce_id", 100),
        type_,
        service,
        subject,
        version,
        _time(_text(headers, "ce_time", 40)),
        _text(headers, "ce_correlationid", 100),
        province,
        _text(headers, "ce_causationid", 100) if "ce_causationid" in headers else None,
        _text(headers, "traceparent", 100) if "traceparent" in headers else None,
    )


@lru_cache(maxsize=1_024)
def _speaker(type_: str, topic: str, services: frozenset[str]) -> str:
    """The service that says a type, which must be the one that speaks on the topic; every record names both."""
    parts = _parts(type_)
    if len(parts) != 5 or parts[:2] != ["id", "kinara"] or parts[2] not in services:
        raise Unreadable(f"ce_type: expected id.kinara.<service>.<Event>.v<n>, got {type_!r}")
    if _parts(topic)[-2] != parts[2]:
        raise Unreadable(f"ce_type: {parts[2]} does not speak on {topic}")
    return parts[2]


def bare_stamp(raw: Raw, time: datetime) -> Stamp | None:
    """The stamp of an unreadable record that is to be passed over: its version counts, and nothing else of it.

    None if not even its place (subject, province and version) can be read.
    """
    try:
        subject, province, version = _place(raw, dict(raw.headers))
    except Unreadable:
        return None
    service, id_ = _parts(raw.topic)[-2], f"{raw.topic}/{raw.partition}/{raw.offset}"
    return Stamp(id_, f"id.kinara.{service}.Unreadable.v1", service, subject, version, time, id_, province)


def _place(raw: Raw, headers: Mapping[str, bytes | None]) -> tuple[Subject, str, int]:
    """Subject, province and version."""
    kind, _, id_ = _text(headers, "ce_subject", 60).partition("/")
    if kind not in ("employee", "unit") or raw.key is None or raw.key != id_.encode():
        raise Unreadable("ce_subject: expected employee/<id> or unit/<id> with the id as the record's key")
    province = _text(headers, "ce_province", 2)
    if not (province.isascii() and province.isdigit() and len(province) == 2):
        raise Unreadable(f"ce_province: expected two digits, got {province!r}")
    version = _text(headers, "ce_aggregateversion", 12)
    if not version.isascii() or not version.isdigit() or version == "0":
        raise Unreadable(f"ce_aggregateversion: expected a whole number from 1, got {version!r}")
    return Subject(kind, id_), province, int(version)  # type: ignore[arg-type]  # checked above


def body(raw: Raw, kind: type[Event], subject: Subject) -> Event:
    """The fact in the record's value; ``Unreadable`` names fields and expectations, never their content."""
    if raw.value is None:
        raise Unreadable("value: expected JSON, got a tombstone")
    try:
        event = kind.model_validate_json(raw.value)
    except ValidationError as error:
        raise Unreadable(complaint(error.errors(include_input=False, include_url=False))) from None
    if event.subject != subject:
        raise Unreadable(f"ce_subject: expected {event.subject}, got {subject}")
    return event


def complaint(errors: Any) -> str:
    """Validation errors in one line without the offending values, which may be personal."""
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'value'}: {e['msg']}" for e in list(errors)[:5])


@lru_cache(maxsize=1_024)
def _parts(name: str) -> list[str]:
    """The parts of a type or topic: there are few of them, and every record names two."""
    return name.split(".")


def _text(headers: Mapping[str, bytes | None], name: str, longest: int) -> str:
    value = headers.get(name)
    if value is None:
        raise Unreadable(f"{name}: missing")
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name}: expected UTF-8 text") from None
    if 0 < len(text) <= longest:
        return text
    raise Unreadable(f"{name}: expected 1 to {longest} characters, got {len(text)}")


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"ce_time: expected an RFC 3339 time, got {text!r}") from None
    if time.tzinfo is UTC:
        return time
    if time.tzinfo is None:
        raise Unreadable("ce_time: expected a time with its offset")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise Unreadable(f"ce_time: expected a time within the calendar, got {text!r}") from None
