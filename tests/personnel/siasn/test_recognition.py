"""Records that are written as they were: recognised without being read, and never taken for another's."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from personnel.siasn import files
from personnel.siasn.files import read
from personnel.siasn.recognition import Recognition
from personnel.siasn.rows import Government, Governments, Rejected, Row, Same
from siasn_stub.exports import write_csv, write_ndjson, write_xlsx
from siasn_stub.people import people

PEOPLE = list(islice((person for person in people(50) if person.flaw is None), 4))
WRITERS = {"ndjson": write_ndjson, "csv": write_csv, "xlsx": write_xlsx}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_record_written_as_before_is_not_read_and_any_other_is(
    tmp_path: Path, governments: Governments, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real, understood = tmp_path / f"x.{kind}", files.employee_row, []
    WRITERS[kind](path, PEOPLE)
    rows = [row for _, row in read(path, governments)]
    known = {row.digest: row.profile.nip for row in rows[1:] if isinstance(row, Row) and row.digest}
    monkeypatch.setattr(files, "employee_row", lambda *told: understood.append(told) or real(*told))
    again = [row for _, row in read(path, governments, recognition=Recognition.of(governments, nip_of=known.get))]
    assert again == [rows[0], Same(), Same(), Same()]
    assert len(understood) == 1


def test_of_two_records_written_alike_the_second_is_rejected_as_ever(tmp_path: Path, governments: Governments) -> None:
    path = tmp_path / "x.ndjson"
    write_ndjson(path, [*PEOPLE, PEOPLE[1]])
    known = {row.digest: row.profile.nip for _, row in read(path, governments) if isinstance(row, Row) and row.digest}
    rows = list(read(path, governments, recognition=Recognition.of(governments, nip_of=known.get)))
    number, last = rows[-1]
    assert [row for _, row in rows[:-1]] == [Same()] * 4
    assert isinstance(last, Rejected)
    assert (number, last.reason) == (5, "nipBaru: NIP ini sudah ada pada baris 2; hapus salah satu")


def test_a_digest_means_nothing_to_who_reads_records_otherwise(governments: Governments) -> None:
    record, elsewhere = '{"nipBaru": "1"}', {**governments, "another": Government.of("31.71")}
    found = {
        Recognition.of(governments, ["/16.71"]).digest(record),
        Recognition.of(governments, ["/96.71"]).digest(record),
        Recognition.of(elsewhere, ["/16.71"]).digest(record),
        Recognition.of(governments, ["/16.71"]).digest(record + " "),
    }
    assert len(found) == 4
    assert Recognition.of(governments, ["/16.71"]).digest(record) in found
