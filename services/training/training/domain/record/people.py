"""Who the employee is, as personnel says."""

from __future__ import annotations

from dataclasses import replace

from kinara.contracts.personnel import EmployeeChanged, EmployeeRegistered, EmployeeSeparated, EmployeeTransferred

from training.domain.record.state import Effect, Record
from training.domain.seniority import appointed_in


def follow_registration(record: Record, event: EmployeeRegistered) -> tuple[Record, Effect]:
    """The employee can be trained from now on; what was known before, such as a need, stays."""
    return replace(_with_facts(record, event), active=True), {"did": "registered", "unit_path": event.unit_path}


def follow_change(record: Record, event: EmployeeChanged) -> tuple[Record, Effect]:
    """The record says what personnel says now; whether they serve is not a matter of this event."""
    return _with_facts(record, event), {"did": "changed", "fields": list(event.changed)}


def follow_transfer(record: Record, event: EmployeeTransferred) -> tuple[Record, Effect]:
    """The employee takes offers, hours and needs along."""
    moved = replace(
        record,
        unit_id=event.to_unit_id,
        unit_path=event.unit_path,
        province=event.province,
        supervisor_id=event.supervisor_id,
        to_follow=True,
    )
    return moved, {"did": "transferred", "from": event.from_unit_path, "to": event.unit_path}


def follow_separation(record: Record, event: EmployeeSeparated) -> tuple[Record, Effect]:
    """No more seats for this employee; the record stays."""
    return replace(record, active=False, to_follow=True), {"did": "separated", "reason": event.reason}


def followed(record: Record) -> Record:
    """Places and certificates are where the employee is."""
    return replace(record, to_follow=False)


def with_facts_of(record: Record, other: Record) -> Record:
    """The record with whom it is about taken from another one of theirs, unless that knows of a score only."""
    if not other.known:
        return record
    return replace(
        other,
        offers=record.offers,
        completions=record.completions,
        needs=record.needs,
        entitlements=record.entitlements,
        mentoring=record.mentoring,
        to_follow=record.to_follow or (record.active, record.unit_path) != (other.active, other.unit_path),
    )


def _with_facts(record: Record, event: EmployeeRegistered | EmployeeChanged) -> Record:
    return replace(
        record,
        name=event.name,
        kind=event.kind,
        province=event.province,
        unit_id=event.unit_id,
        unit_path=event.unit_path,
        supervisor_id=event.supervisor_id,
        jabatan_kind=event.jabatan_kind,
        jenjang=event.jenjang,
        golongan=event.golongan,
        in_service_since=appointed_in(event.nip),
        to_follow=record.to_follow or (record.known and record.unit_path != event.unit_path),
    )
