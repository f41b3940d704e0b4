"""The highest education of a record: by its id, else by its name; what cannot be read keeps nobody out."""

from __future__ import annotations

import pytest
from personnel.siasn.education import education_of
from personnel.siasn.fields import Record
from personnel.siasn.mapping import employee_row
from personnel.siasn.rows import Governments, Row
from siasn_stub.people import people

SOMEBODY = next(person.record for person in people(200) if person.flaw is None)


@pytest.mark.parametrize(
    ("code", "name", "education"),
    [
        ("05", "", "SD"), (5, "", "SD"), ("12", "", "SMP kejuruan"), ("18", "SLTA Keguruan", "SMA"), ("20", "", "D1"),
        ("30", "", "D3"), ("35", "", "D4"), ("40", "S-1/Sarjana", "S1"), ("42", "", "profesi"), ("45", "", "S2"),
        ("47", "", "S2"), ("50", "", "S3"), ("", "s-1/SARJANA", "S1"), ("", "Diploma III/Sarjana Muda", "D3"),
        ("", "S2", "S2"), ("A5EB03E2", "SLTA", "SMA"), ("", "", None), ("-", None, None),
    ],
)  # fmt: skip
def test_education_is_read_by_its_id_or_its_name(code: object, name: object, education: str | None) -> None:
    assert education_of(Record({"tkPendidikanTerakhirId": code, "tkPendidikanTerakhir": name})) == education


@pytest.mark.parametrize("value", ["99", {"$ne": None}])
def test_an_education_that_cannot_be_read_is_told_beside_a_good_row(governments: Governments, value: object) -> None:
    row = employee_row(SOMEBODY | {"tkPendidikanTerakhirId": value, "tkPendidikanTerakhir": ""}, governments)
    assert isinstance(row, Row)
    assert row.education is None
    assert [one.field for one in row.unusable] == ["tkPendidikanTerakhirId"]


def test_another_education_is_another_record(governments: Governments) -> None:
    rows = [employee_row(SOMEBODY | {"tkPendidikanTerakhirId": code}, governments) for code in ("40", "45", "45")]
    assert all(isinstance(row, Row) for row in rows)
    first, second, third = (row.content_hash for row in rows if isinstance(row, Row))
    assert first != second == third
