"""What is remembered about the voices on one subject, so that many of one source do not outvote the others.

It lies on the subject's own record, which every voice reads and writes anyway: weighing one costs no query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.regions import day_of, kemendagri_code

from feedback.domain.pace import NO_VOICES, Pace, faster, hour_of

Proof = Literal["ticket", "account", "none"]
"""What a voice can show: that its citizen was served, that a real person stands behind it, or nothing."""

TICKET = Decimal("1.0")
"""Linked to a service ticket (or invited by a code): the citizen was served."""
VERIFIED = Decimal("0.5")
"""A real person by the word of the government's identity provider, who need not have been served."""
ANONYMOUS = Decimal("0.2")
"""From anyone: heard, but a hundred of them must not outvote the served."""

CLUSTER = Decimal(2)
"""Weight that the voices of one cluster have together at least, however few were served."""
SHARE = Decimal("0.1")
"""And beyond that, of the weight of those served in the month."""
CLUSTERS = 200
"""Clusters told apart in an hour; those that come later are one, so that a flood does not swell the record."""

_ZERO = Decimal(0)
_LATE = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One subject's clusters of the hour, weight of the served in the month, and pace of both kinds of voices."""

    hour: str = ""
    clusters: Mapping[str, Decimal] = field(default_factory=dict)
    """Weight given in this hour, by cluster: keyed hashes that mean nothing in any other hour."""
    month: str = ""
    """On the region's own calendar."""
    verified: Decimal = _ZERO
    """Weight of the voices with a ticket, or of verified people, in this month."""
    served: Pace = NO_VOICES
    """Of voices with a ticket."""
    people: Pace = NO_VOICES
    """Of verified people: so many who agreed to speak must not hold up the served either."""
    others: Pace = NO_VOICES
    """Of voices that prove nothing: a flood of these must hold up nobody else."""
    complaints: Pace = NO_VOICES
    """Of complaints about a unit."""

    def pace(self, proof: Proof) -> Pace:
        """How fast voices of one kind come."""
        return {"ticket": self.served, "account": self.people, "none": self.others}[proof]


NOTHING_HEARD = Guard()


def month_of(at: datetime, province: Province) -> str:
    """The month of a moment on the region's own calendar; the period of which the cap takes its share."""
    return f"{day_of(at, kemendagri_code(province)):%Y-%m}"


def weight_left(guard: Guard, cluster: str, at: datetime, month: str) -> Decimal:
    """What the voices of a cluster may still weigh together in this hour: max(2, 10 % of the verified weight) in all.

    Source: reference §5.5. Who proves something is outside: citizens who were served share the office's address, and of
    a verified person one voice counts, whatever the address.
    """
    cap = max(CLUSTER, SHARE * (guard.verified if month == guard.month else _ZERO))
    given = _clusters(guard, at)
    return max(_ZERO, cap - given.get(_known(given, cluster), _ZERO))


def with_cluster(guard: Guard, cluster: str | None, weight: Decimal, at: datetime) -> Guard:
    """The guard once a voice of a cluster has been given its weight."""
    if cluster is None:
        return guard
    given = _clusters(guard, at)
    name = _known(given, cluster)
    return replace(guard, hour=max(hour_of(at), guard.hour), clusters={**given, name: given.get(name, _ZERO) + weight})


def with_voice(guard: Guard, at: datetime, *, proof: Proof, held: bool) -> Guard:
    """The guard once a rating or an answer has come in, counted or held."""
    pace = faster(guard.pace(proof), at, held=held)
    if proof == "none":
        return replace(guard, others=pace)
    return replace(guard, people=pace) if proof == "account" else replace(guard, served=pace)


def proof_of(*, served: bool, trust: Decimal) -> Proof:
    """What a voice could show, from what is kept of it: who shows nothing never weighs as much as a person."""
    if served:
        return "ticket"
    return "account" if trust >= VERIFIED else "none"


def with_verified(guard: Guard, weight: Decimal, month: str) -> Guard:
    """The guard with more weight of those who prove something in a month, or less; months that are over are none."""
    if abs(weight) < VERIFIED or month < guard.month:
        return guard
    return replace(guard, month=month, verified=weight + (guard.verified if month == guard.month else _ZERO))


def _clusters(guard: Guard, at: datetime) -> Mapping[str, Decimal]:
    """Those of this hour; a clock that is late does not open them anew."""
    return guard.clusters if hour_of(at) <= guard.hour else {}


def _known(given: Mapping[str, Decimal], cluster: str) -> str:
    return cluster if cluster in given or len(given) < CLUSTERS else _LATE
