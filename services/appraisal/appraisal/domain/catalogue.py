"""The catalogue of indicators by field (bidang): what is usually measured there, to choose a plan's indicators from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kinara.contracts import ROOTS, events_said_by
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from appraisal.domain.components import Polarity
from appraisal.domain.refusals import InvalidIndicator, UnknownField

Aspect = Literal["kuantitas", "kualitas", "waktu", "biaya"]
"""What of an outcome an indicator measures. Source: PermenPANRB 6/2022 (SKP kuantitatif)."""

SELF_REPORT = "self_report"
"""The source of an indicator that only the employee's own reports show."""
EVENTS = frozenset(event.type() for service in ROOTS for event in events_said_by(service))
"""CloudEvents types of everything that is published: the other sources there are."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Listed:
    """An indicator of the catalogue."""

    code: str
    name: str
    unit: str
    polarity: Polarity
    aspect: Aspect
    target: Decimal
    """What is usually asked of one person in a month; a plan sets its own."""
    source: str = SELF_REPORT
    """``self_report``, or the type of the events in which it shows."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Field:
    """A field of public service with its usual indicators."""

    name: str
    indicators: tuple[Listed, ...]


Catalogue = Mapping[str, Field]
"""Fields by code."""
_CATALOGUE = TypeAdapter(dict[str, Field])


def parse_catalogue(mapping: object) -> Catalogue:
    """The catalogue from the plain data of its file; refuses what it does not understand."""
    try:
        catalogue = _CATALOGUE.validate_python(mapping)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise _refused(".".join(str(part) for part in first["loc"]), first["msg"]) from invalid
    known: set[str] = set()
    for listed in (one for field in catalogue.values() for one in field.indicators):
        if listed.code in known:
            raise _refused("code", f"{listed.code} stands twice")
        if not listed.target.is_finite() or listed.target <= 0:
            raise _refused("target", f"the target of {listed.code} is {listed.target}")
        refuse_unknown_source(listed.code, listed.source)
        known.add(listed.code)
    return catalogue


def fields_named(catalogue: Catalogue, code: str | None) -> Catalogue:
    """One field of the catalogue, or all of it."""
    if code is None:
        return catalogue
    if code not in catalogue:
        raise UnknownField(
            f"Bidang {code} belum ada di katalog indikator. Pilih salah satu: {', '.join(catalogue)}.",
            detail=f"{code!r} is no field of the catalogue",
            field="field",
        )
    return {code: catalogue[code]}


def refuse_unknown_source(code: str, source: str) -> None:
    """Refuse a source that neither an employee's report nor any published event is."""
    if source != SELF_REPORT and source not in EVENTS:
        raise InvalidIndicator(
            f"Sumber indikator {code} tidak dikenal. Tulis {SELF_REPORT}, atau jenis peristiwa yang menunjukkannya.",
            detail=f"{source!r} is no event type",
            field="source",
        )


def _refused(field_name: str, detail: str) -> InvalidIndicator:
    return InvalidIndicator(
        f"Katalog indikator tidak dapat dibaca: periksa {field_name}.", detail=f"catalogue: {detail}", field=field_name
    )
