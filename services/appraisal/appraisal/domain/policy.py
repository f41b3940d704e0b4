"""Region policies: how a region weighs the components, within the bounds that hold for all.

A policy is data: versioned, in force from a date, attached to a node of the unit tree and inherited by all below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from appraisal.domain.components import COMPONENTS, ONE, ZERO, Component, complaints, mark, satisfaction
from appraisal.domain.periods import Cadence, first_day, month_on, period_of, quarter_of, written
from appraisal.domain.refusals import InvalidPolicy, NoPolicyInForce, PolicyAlreadyExists
from appraisal.domain.triggers import Award, Coaching, Goal, Standard

ROOT = "/"
"""The path that every unit lies below: a policy here is the national default."""

MOST = Decimal("0.60")
"""No component may weigh more."""
LEAST: dict[Component, Decimal] = {"K": Decimal("0.25"), "B": Decimal("0.15")}
"""Results and behaviour, the two axes of the law, always weigh something."""
MOST_OF: dict[Component, Decimal] = {"L": Decimal("0.30")}
"""Learning serves the work; it does not replace it."""

LATEST_CLOSE = 90
"""Days after which a period is closed at the latest, where a policy closes it by itself."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is presumed of satisfaction before anybody has voted."""

    mean: Decimal
    """Mean rating on 1-4."""
    strength: Decimal = Decimal(15)
    """How many votes the presumption is worth."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a region's policy."""

    code: str
    version: int
    name: str
    unit_path: str
    effective_from: date
    cadence: Cadence
    weights: Mapping[Component, Decimal]
    satisfaction: Prior
    awards: tuple[Award, ...] = ()
    coaching: tuple[Coaching, ...] = ()
    standards: tuple[Standard, ...] = ()
    """The least that is asked of everybody, one for each measure."""
    goals: tuple[Goal, ...] = ()
    """What it is to change, and why: it is evaluated by them."""
    closes_after_days: int | None = None
    """Days after the last day of a period after which it is closed by itself; None: only by hand."""
    audit_share: Decimal = Decimal("0.05")
    """Share of the verified self-reports that is drawn for audit."""
    shadow: bool = False
    """Scores are shown and have no consequences: nothing to confirm, no award, no case."""
    left: tuple[str, ...] = field(default=(), init=False)
    """Paths that its unit has borne before, the first of them first: it holds there too, for whoever served there."""
    ref: str = field(init=False)
    """Code and version, e.g. ``plaju@1``."""
    base: Mapping[Component, Decimal] = field(init=False)
    """What each component is worth before anything has happened; satisfaction and complaints start at a presumption."""

    def __post_init__(self) -> None:
        for flaw in _flaws_of(self):
            raise flaw
        object.__setattr__(self, "ref", f"{self.code}@{self.version}")
        priors = {"M": mark(satisfaction(self.satisfaction.mean)), "A": mark(complaints(0, 0))}
        object.__setattr__(self, "base", {name: priors.get(name, mark(ZERO)) for name in COMPONENTS})

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it is found: at the paths of its unit, the first of them first, today's last."""
        return tuple(dict.fromkeys((*self.left, self.unit_path)))

    def today(self, path: str) -> str:
        """Where its own unit, or one below, is found today."""
        before = next((one for one in self.left if f"{path}/".startswith(f"{one}/")), self.unit_path)
        return self.unit_path + path.removeprefix(before) if f"{path}/".startswith(f"{before}/") else path


def _refused(field_name: str, message: str, detail: str) -> InvalidPolicy:
    return InvalidPolicy(f"Kebijakan tidak sah: {message}.", detail=detail, field=field_name)


def _flaws_of(policy: Policy) -> Iterator[InvalidPolicy]:
    """Everything that is wrong with a policy, the first thing first."""
    yield from _flaws_of_weights(policy.weights)
    if policy.version < 1:
        yield _refused("version", "versi dimulai dari 1", f"version {policy.version} is below 1")
    if not 1 <= policy.satisfaction.mean <= 4:
        yield _refused("satisfaction.mean", "nilai awal kepuasan harus 1 sampai 4", "prior mean outside 1-4")
    if policy.satisfaction.strength <= 0:
        yield _refused("satisfaction.strength", "bobot nilai awal harus lebih dari 0", "prior strength is not positive")
    if not policy.unit_path.startswith("/") or (policy.unit_path != ROOT and policy.unit_path.endswith("/")):
        yield _refused("unit_path", "jalur unit ditulis seperti /16.71/plaju", f"{policy.unit_path!r} is no unit path")
    if policy.closes_after_days is not None and not 0 <= policy.closes_after_days <= LATEST_CLOSE:
        message = f"periode ditutup 0 sampai {LATEST_CLOSE} hari setelah berakhir"
        yield _refused("closes_after_days", message, f"closes after {policy.closes_after_days} days")
    if not 0 <= policy.audit_share <= 1:
        yield _refused("audit_share", "bagian laporan yang diaudit harus 0 sampai 1", "audit share outside 0-1")
    named: dict[str, list[str]] = {
        "awards": [a.code for a in policy.awards],
        "coaching": [c.words for c in policy.coaching],
        "standards": [str(s.measure) for s in policy.standards],
    }
    for field_name, names in named.items():
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            yield _refused(field_name, f"'{twice[0]}' tertulis dua kali", f"{twice[0]!r} is named twice")
    if policy.effective_from != first_day(period_of(month_on(policy.effective_from), policy.cadence)):
        yield _refused(
            "effective_from",
            "tanggal berlaku harus hari pertama suatu periode, agar tidak ada bobot yang berlaku surut",
            f"{policy.effective_from} is not the first day of a {policy.cadence} period",
        )


def _flaws_of_weights(weights: Mapping[Component, Decimal]) -> Iterator[InvalidPolicy]:
    for name in COMPONENTS:
        if name not in weights:
            yield _refused(f"weights.{name}", f"bobot {name} belum diisi", f"no weight for {name}")
            return
        least, most = LEAST.get(name, ZERO), MOST_OF.get(name, MOST)
        if not least <= weights[name] <= most:
            yield _refused(
                f"weights.{name}",
                f"bobot {name} harus antara {least} dan {most}, bukan {weights[name]}",
                f"weight {weights[name]} of {name} is outside [{least}, {most}]",
            )
    total = sum(weights.values())
    if total != ONE:
        yield _refused("weights", f"jumlah bobot harus tepat 1, bukan {total}", f"weights add up to {total}, not 1")


_POLICY = TypeAdapter(Policy)


def parse_policy(mapping: Mapping[str, object], left: tuple[str, ...] = ()) -> Policy:
    """A policy from the plain data of a YAML file or a request; refuses what it does not understand."""
    try:
        policy = _POLICY.validate_python(mapping)
        object.__setattr__(policy, "left", left)
        return policy
    except ValidationError as invalid:
        first = invalid.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise _refused(name, f"isian {name} tidak dapat dibaca", f"{name}: {first['msg']}") from invalid


def _first_day(policy: Policy) -> date:
    return policy.effective_from


class Policies:
    """All policies of all units, and which of them holds where and when."""

    __slots__ = ("_at", "_by_ref", "_found")

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._at: dict[str, tuple[Policy, ...]] = {}
        self._by_ref: dict[str, Policy] = {}
        self._found: dict[tuple[str, date], Policy | None] = {}
        for policy in policies:
            held = self._at.get(policy.unit_path, ())
            if policy.ref in self._by_ref or any(p.effective_from == policy.effective_from for p in held):
                raise PolicyAlreadyExists(
                    f"Kebijakan {policy.ref} untuk {policy.unit_path} per {written(policy.effective_from)} sudah ada. "
                    "Terbitkan versi baru dengan tanggal berlaku lain.",
                    detail=f"{policy.ref} exists, or {policy.unit_path} has a policy from {policy.effective_from}",
                    field="version",
                )
            self._by_ref[policy.ref] = policy
            latest_first = sorted((*held, policy), key=_first_day, reverse=True)
            self._at[policy.unit_path] = tuple(latest_first)
            for path in set(policy.left) - {policy.unit_path}:
                self._at[path] = tuple(sorted((*self._at.get(path, ()), policy), key=_first_day, reverse=True))
        for policy in self:
            self._refuse_split_quarter(policy)

    def _refuse_split_quarter(self, policy: Policy) -> None:
        """A unit that turns from quarterly to monthly appraisal does so between two quarters."""
        start = policy.effective_from
        before = self._nearest(policy.paths[0], start - timedelta(days=1))  # where it was activated
        if before and before.cadence != policy.cadence and start != first_day(quarter_of(month_on(start))):
            raise _refused(
                "effective_from",
                "peralihan dari penilaian triwulanan ke bulanan harus dimulai pada awal triwulan",
                f"{policy.ref} turns a quarterly unit monthly in mid-quarter, on {start}",
            )

    def __iter__(self) -> Iterator[Policy]:
        return iter(self._by_ref.values())

    def named(self, ref: str) -> Policy:
        """The policy of a code and version, e.g. ``plaju@1``."""
        return self._by_ref[ref]

    def for_unit(self, unit_path: str, day: date) -> Policy:
        """The policy of the nearest unit on the way up that has one in force on the day."""
        at = unit_path, day
        policy = self._found[at] if at in self._found else self._found.setdefault(at, self._nearest(unit_path, day))
        if policy is None:
            raise NoPolicyInForce(
                f"Belum ada kebijakan yang berlaku untuk unit {unit_path} pada {written(day)}. "
                "Aktifkan kebijakan dahulu.",
                detail=f"no policy reaches {unit_path} on {day}",
                field="unit_path",
            )
        return policy

    def _nearest(self, unit_path: str, day: date) -> Policy | None:
        path = unit_path
        while True:
            for policy in self._at.get(path or ROOT, ()):
                if policy.effective_from <= day:
                    return policy
            if path in ("", ROOT):
                return None
            path = path.rpartition("/")[0]
