"""What personnel's facts do to a scorecard: who it is about, and by which unit's policy it is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kinara.contracts import Event
from kinara.contracts.personnel import (
    DisciplineImposed,
    DisciplineLifted,
    EmployeeChanged,
    EmployeePromoted,
    EmployeeRegistered,
    EmployeeSeparated,
    EmployeeTransferred,
)

from appraisal.domain.discipline import Measure
from appraisal.domain.effects import Entry, Folded, note, settle
from appraisal.domain.periods import month_on, province_code, written
from appraisal.domain.policy import Policies
from appraisal.domain.scorecard import Person, Scorecard

_BEGINNING = "0001-01-01"
_FACTS = {
    "nip": "NIP",
    "siasn_id": "nomor SIASN",
    "name": "nama",
    "front_title": "gelar depan",
    "back_title": "gelar belakang",
    "kind": "jenis kepegawaian",
    "sex": "jenis kelamin",
    "birth_date": "tanggal lahir",
    "birth_year": "tahun lahir",
    "golongan": "golongan",
    "golongan_since": "TMT golongan",
    "jabatan": "jabatan",
    "jabatan_kind": "jenis jabatan",
    "jabatan_since": "TMT jabatan",
    "jenjang": "jenjang",
    "unit_id": "unit kerja",
    "unit_path": "unit kerja",
    "supervisor_id": "atasan langsung",
    "contract_ends_on": "masa perjanjian kerja",
}
"""Personnel's fields as people call them."""


def register(card: Scorecard, event: EmployeeRegistered, policies: Policies) -> Folded:
    """The employee is known from now on."""
    changed = _posted(replace(card, person=_person(event)), event, event.effective_on)
    note = f"Terdaftar sebagai {event.jabatan} sejak {written(event.effective_on)}."
    return _settled(card, changed, event, event.effective_on, {"unit_path": event.unit_path}, note, policies)


def take_over_change(card: Scorecard, event: EmployeeChanged, policies: Policies) -> Folded:
    """Facts about the employee changed; another unit may mean another policy."""
    person = _person(event)
    if card.person is not None:
        person = replace(person, separated_on=card.person.separated_on)
    levelled = _levelled(card, event.jenjang, event.effective_on) if _dates_level(card, event) else card
    changed = replace(levelled, person=person)
    if event.unit_path != card.unit_on(event.effective_on) or not card.postings:
        changed = _posted(changed, event, event.effective_on)
    inputs = {"changed": list(event.changed), "unit_path": event.unit_path}
    names = dict.fromkeys(_FACTS.get(name, "data lain") for name in event.changed)
    note = f"Data pegawai diperbarui: {', '.join(names)}."
    return _settled(card, changed, event, event.effective_on, inputs, note, policies)


def promote(card: Scorecard, event: EmployeePromoted, policies: Policies) -> Folded:
    """A raised rank changes golongan, post and level; not what has been achieved."""
    person = card.person and replace(
        card.person, golongan=event.to_golongan, jabatan=event.jabatan, jenjang=event.jenjang
    )
    inputs = {
        "from_golongan": event.from_golongan,
        "to_golongan": event.to_golongan,
        "jenjang": event.jenjang,
    }
    note = f"Naik pangkat dari {event.from_golongan} ke {event.to_golongan} (SK {event.decree_number})."
    changed = replace(_levelled(card, event.jenjang, event.effective_on), person=person)
    return _settled(card, changed, event, event.effective_on, inputs, note, policies)


def transfer(card: Scorecard, event: EmployeeTransferred, policies: Policies) -> Folded:
    """Another unit from a day on; periods that end after it are weighed by the new unit's policy."""
    person = card.person and replace(
        card.person, unit_id=event.to_unit_id, jabatan=event.jabatan, supervisor_id=event.supervisor_id
    )
    before = card.postings or {_BEGINNING: event.from_unit_path}
    changed = _posted(replace(card, person=person, postings=before), event, event.effective_on)
    inputs = {"from": event.from_unit_path, "to": event.unit_path}
    note = f"Pindah ke unit lain sebagai {event.jabatan} sejak {written(event.effective_on)}."
    return _settled(card, changed, event, event.effective_on, inputs, note, policies)


def separate(card: Scorecard, event: EmployeeSeparated, policies: Policies) -> Folded:
    """Service ended; what was achieved stays."""
    person = card.person and replace(card.person, separated_on=event.effective_on)
    inputs = {"reason": event.reason}
    note = f"Masa kerja berakhir pada {written(event.effective_on)}."
    return _settled(card, replace(card, person=person), event, event.effective_on, inputs, note, policies)


def impose(card: Scorecard, event: DisciplineImposed, policies: Policies) -> Folded:
    """A disciplinary measure runs: no score moves by it, and no award is given meanwhile."""
    measure = Measure(event.level, event.effective_on, event.ends_on)
    disciplined = replace(card, discipline={**card.discipline, event.measure_id: measure})
    days = f"{written(event.effective_on)} sampai {written(event.ends_on)}"
    return _noted(disciplined, event, event.measure_id, f"Hukuman disiplin berlaku {days}.", policies)


def lift(card: Scorecard, event: DisciplineLifted, policies: Policies) -> Folded:
    """A measure was withdrawn, as if it had never been imposed."""
    left = {id_: measure for id_, measure in card.discipline.items() if id_ != event.measure_id}
    note = f"Hukuman disiplin dicabut pada {written(event.effective_on)}."
    return _noted(replace(card, discipline=left), event, event.measure_id, note, policies)


def _noted(
    card: Scorecard, event: DisciplineImposed | DisciplineLifted, ref: str, words: str, policies: Policies
) -> Folded:
    entry = Entry(ref=ref, inputs={"effective_on": event.effective_on.isoformat()}, note=words)
    return card, note(card, month_on(event.effective_on), "context", entry, policies)


def _person(event: EmployeeRegistered | EmployeeChanged) -> Person:
    return Person(
        nip=event.nip,
        name=event.name,
        kind=event.kind,
        sex=event.sex,
        birth_year=event.birth_year,
        golongan=event.golongan,
        jabatan=event.jabatan,
        jabatan_kind=event.jabatan_kind,
        jenjang=event.jenjang,
        unit_id=event.unit_id,
        supervisor_id=event.supervisor_id,
    )


def _posted(card: Scorecard, event: Event, since: date) -> Scorecard:
    """The card with the event's unit as posting from a day on; a later word about the same day replaces the earlier."""
    postings: Mapping[str, str] = {**card.postings, since.isoformat(): event.unit_path}
    if since.isoformat() < max(postings):
        return replace(card, postings=postings)
    return replace(card, province=province_code(event.province), unit_path=event.unit_path, postings=postings)


def _dates_level(card: Scorecard, event: EmployeeChanged) -> bool:
    """Whether a level is held from that day on; one that was only filled in late has been held in the same post."""
    known = card.levels or (card.person and card.person.jenjang)
    return "jenjang" in event.changed and bool(known or "jabatan" in event.changed)


def _levelled(card: Scorecard, jenjang: str | None, since: date) -> Scorecard:
    """The card with a functional level from a day on; as long as nothing changes, the person's own says it all."""
    if card.person is None or jenjang == card.level_on(since):
        return card
    before = card.levels or {_BEGINNING: card.person.jenjang}
    return replace(card, levels={**before, since.isoformat(): jenjang})


def _settled(
    card: Scorecard,
    changed: Scorecard,
    event: Event,
    day: date,
    inputs: dict[str, Any],
    note: str,
    policies: Policies,
) -> Folded:
    entry = Entry(ref=event.subject.id, inputs={**inputs, "effective_on": day.isoformat()}, note=note)
    return settle(card, changed, month_on(day), entry, policies)
