"""What a seal is: one finished day of a service's outbox in one hash, chained to the day before.

A fact's leaf is the canonical JSON of its row, with the SHA-256 of its body in place of the body: who checks it needs
no personal data. The leaves of a bucket make a tree, the buckets of a day another. Everything here is pure, so that the
oversight team can check a copy without any server.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kinara.kit import merkle
from kinara.kit.stored import Document

Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BEGINNING = "0" * 64
"""What stands before the first seal."""
SEALED_WITHIN = timedelta(days=2)
"""The day before yesterday is sealed, whatever the hour."""
_BODIES: Mapping[str, type] = {"data": str, "value": bytes}
"""What stands in a row as its hash: of a fact a text, of a dead letter bytes."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Seal(_Said):
    """One finished day (UTC) of one service."""

    service: str = Field(max_length=40)
    day: date
    buckets: int = Field(ge=0, description="Transactions that said something.")
    facts: int = Field(ge=0, description="What they said, with dead letters.")
    late: int = Field(ge=0, description="Those of the buckets that were written on an earlier day, after its seal.")
    root: Sha = Field(description="Merkle root (RFC 6962) over the buckets.")
    previous: Sha = Field(description="The hash of the day before; zeros before the first day.")
    hash: Sha = Field(description="SHA-256 over the previous hash and the canonical JSON of all else.")

    def expected(self) -> str:
        """The hash that it should have."""
        told = self.model_dump(mode="json", exclude={"previous", "hash"})
        return hashlib.sha256(bytes.fromhex(self.previous) + canonical(told)).hexdigest()


class Beside(_Said):
    """A neighbour on the way up a tree."""

    side: Literal["left", "right"]
    hash: Sha


class Proof(_Said):
    """That one fact stands in a sealed day: the fact without its body, its bucket, and the way up to the day's root."""

    service: str = Field(max_length=40)
    day: date
    fact: dict[str, Any] = Field(description="The row, with the SHA-256 of its body in place of it.")
    fact_path: list[Beside] = Field(max_length=64)
    bucket: dict[str, Any] = Field(description="The transaction that said it.")
    bucket_path: list[Beside] = Field(max_length=64)
    root: Sha


class Found(NamedTuple):
    """Something that is not as it was sealed."""

    day: str
    bucket: str | None
    what: str


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, without blanks, in UTF-8; times as RFC 3339 with milliseconds, bytes in base64.

    What no fact has is told with its kind, so that it is not taken for its text; refused, it would stop the sealing.
    """
    return _JSON.encode(value).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str | dict[str, str]:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return base64.b64encode(value).decode() if isinstance(value, bytes) else {f"${type(value).__name__}": str(value)}


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def plain(value: Document) -> dict[str, Any]:
    """A document as its canonical JSON says it."""
    return json.loads(canonical(value))  # type: ignore[no-any-return]


def fact(row: Any) -> Any:
    """What is hashed of a row."""
    if not isinstance(row, Mapping):
        return row
    return {k: _digest(v, _BODIES[k]) if k in _BODIES and v is not None else v for k, v in row.items()}


def _digest(body: Any, kind: type) -> str | dict[str, str]:
    """The hash of a body; of another kind than it should be, with its kind."""
    told = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass") if isinstance(body, str) else None
    found = hashlib.sha256(canonical(body) if told is None else told).hexdigest()
    return found if isinstance(body, kind) else {f"${type(body).__name__}": found}


def facts(bucket: Document) -> list[Any]:
    """The rows of a bucket; whatever somebody has made of it, it has a hash."""
    rows = bucket.get("rows")
    return rows if isinstance(rows, list) else [rows]


def leaves(bucket: Document) -> list[bytes]:
    """The hashes of a bucket's facts."""
    return [merkle.leaf(canonical(fact(row))) for row in facts(bucket)]


def header(bucket: Document) -> Document:
    """What is hashed of a bucket."""
    return {
        "bucket": bucket["_id"],
        "at": bucket.get("at"),
        "facts": len(facts(bucket)),
        "root": merkle.root(leaves(bucket)).hex(),
    }


def digest(bucket: Document) -> bytes:
    """The hash of a bucket with all of its facts."""
    return merkle.leaf(canonical(header(bucket)))


def floor(day: date) -> str:
    """Where the ids of a day begin: an id is a UUIDv7, so it tells when its bucket was written."""
    text = f"{int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000):012x}"
    return f"{text[:8]}-{text[8:]}"


def within(day: date) -> Document:
    """The ids of a day, as a condition."""
    return {"$gte": floor(day), "$lt": floor(day + timedelta(days=1))}


def day_of_id(id_: str) -> date:
    """The day on which an id was made."""
    millis = int(id_[:8] + id_[9:13], 16)
    return datetime.fromtimestamp(millis / 1000, UTC).date()


def steps(beside: Sequence[merkle.Step]) -> list[Beside]:
    """A path as it is told."""
    return [Beside(side=side, hash=hash_.hex()) for side, hash_ in beside]


def chain(seals: Sequence[Seal]) -> Iterator[Found]:
    """What is wrong with the seals of a service, of which none before the first is known."""
    before: Seal | None = None
    for seal in seals:
        day = seal.day.isoformat()
        if seal.hash != seal.expected():
            yield Found(day, None, "the seal was changed: its hash is not that of what it says")
        if before is None and seal.previous != BEGINNING:
            yield Found(day, None, "a gap before it: the seals before it are gone, or were not given")
        elif before is not None and seal.service != before.service:
            yield Found(day, None, f"a seal of {seal.service} follows one of {before.service}")
        elif before is not None and seal.day != before.day + timedelta(days=1):
            yield Found(day, None, f"a gap before it: it does not follow the day {before.day}")
        elif before is not None and seal.previous != before.hash:
            yield Found(day, None, "it is not chained to the seal of the day before")
        before = seal


def by_service(seals: Iterable[Seal]) -> dict[str, list[Seal]]:
    """The seals of each service, oldest first."""
    found: dict[str, list[Seal]] = {}
    for seal in sorted(seals, key=lambda one: (one.service, one.day)):
        found.setdefault(seal.service, []).append(seal)
    return found


def continued(known: Sequence[Seal], seals: Sequence[Seal]) -> Iterator[Found]:
    """What is wrong with seals that continue a copy that was kept: they are one chain with what it has before them."""
    kept = by_service(known)
    for service, given in by_service(seals).items():
        older = [seal for seal in kept.get(service, ()) if seal.day < given[0].day]
        yield from chain([*older, *given])


def against(known: Sequence[Seal], seals: Sequence[Seal], *, whole: bool) -> Iterator[Found]:
    """What is not as in a copy that was kept: a history that was written anew holds together by itself.

    What only continues the copy may leave out the days before its own; a ``whole`` history leaves out none.
    """
    now = {(seal.service, seal.day): seal.hash for seal in seals}
    given = by_service(seals)
    for service, kept in by_service(known).items():
        if service not in given:
            yield Found(kept[-1].day.isoformat(), None, f"of {service} seals were published, and none is there")
            continue
        for seal in kept:
            found = now.get((service, seal.day))
            if found is None and (whole or seal.day > given[service][0].day):
                yield Found(seal.day.isoformat(), None, "a seal that was published is gone")
            elif found not in (None, seal.hash):
                yield Found(seal.day.isoformat(), None, "it is not the seal that was published")


def compared(known: Sequence[Seal], seals: Sequence[Seal]) -> int:
    """How many seals of a copy that was kept have one to be compared with."""
    now = {(seal.service, seal.day) for seal in seals}
    return sum((seal.service, seal.day) in now for seal in known)


def stopped(seals: Iterable[Seal], today: date) -> Iterator[Found]:
    """Services that have not sealed the day before yesterday, though by then they should have."""
    for service, given in by_service(seals).items():
        if (last := given[-1].day) < today - SEALED_WITHIN:
            yield Found(last.isoformat(), None, f"{service} has sealed nothing since: sealing stands still")


def proven(proof: Proof, seals: Sequence[Seal]) -> Iterator[Found]:
    """What is wrong with a proof."""
    day, bucket = proof.day.isoformat(), str(proof.bucket.get("bucket"))
    sealed = next((s for s in seals if (s.service, s.day) == (proof.service, proof.day)), None)
    if _climbed(proof.fact, proof.fact_path) != proof.bucket.get("root"):
        yield Found(day, bucket, "the fact is not in its bucket")
    if _climbed(proof.bucket, proof.bucket_path) != proof.root:
        yield Found(day, bucket, "the bucket is not in its day")
    if sealed is None:
        yield Found(day, bucket, "there is no seal of that day to check the proof against")
    elif sealed.root != proof.root:
        yield Found(day, bucket, "the proof leads to another root than the seal's")


def _climbed(said: Mapping[str, Any], way: Sequence[Beside]) -> str:
    start = merkle.leaf(canonical(said))
    return merkle.climbed(start, [(beside.side, bytes.fromhex(beside.hash)) for beside in way]).hex()
