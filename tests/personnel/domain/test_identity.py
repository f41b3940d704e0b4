"""Ids that follow from a source's ids."""

from __future__ import annotations

from kinara.contracts import Id
from personnel.domain.identity import employee_id_of, unit_id_of
from pydantic import TypeAdapter


def test_the_same_source_id_is_the_same_person_however_it_is_written() -> None:
    assert employee_id_of("A8ACA7CD3C7F3912E040640A04026900") == employee_id_of("a8aca7cd3c7f3912e040640a04026900")


def test_people_and_units_do_not_share_ids() -> None:
    assert len({employee_id_of("1"), employee_id_of("2"), unit_id_of("1"), unit_id_of("2")}) == 4


def test_they_are_ids_of_the_published_language() -> None:
    shape: TypeAdapter[str] = TypeAdapter(Id)
    assert shape.validate_python(employee_id_of("X")) == employee_id_of("X")
    assert shape.validate_python(unit_id_of("X")) == unit_id_of("X")
