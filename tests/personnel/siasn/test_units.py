"""ref-unor records to unit rows, parents first."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinara.contracts import Province
from personnel.domain.unit import Unit, create
from personnel.siasn.rows import Government, Governments
from personnel.siasn.units import arrange
from siasn_stub.places import PALEMBANG, SORONG, UNITS
from siasn_stub.records import ref_unor

GOVERNMENTS = {g.id: Government.of(g.code) for g in (PALEMBANG, SORONG)}


def _unor(source_id: str, above: str | None, **more: Any) -> dict[str, Any]:
    plain = {"Id": source_id, "InstansiId": PALEMBANG.id, "DiatasanId": above, "NamaUnor": f"UNIT {source_id}"}
    return plain | {"CepatKode": source_id.lower(), "PemimpinPnsId": None} | more


def test_the_stubs_units_become_paths_that_people_can_read(governments: Governments) -> None:
    records = [ref_unor(unit) for unit in UNITS]
    random.Random(1).shuffle(records)
    arranged = arrange(records, governments)
    assert arranged.rejected == ()
    built: dict[str, Unit] = {}
    for number, row in enumerate(arranged.units):
        parent = built[row.parent_source_id] if row.parent_source_id else None
        unit_id = f"00000000-0000-4000-8000-{number:012}"
        province = None if parent else row.government.province
        built[row.source_id], _ = create(unit_id, code=row.code, name=row.name, parent=parent, province=province)
    paths = {unit.unit_path: unit for unit in built.values()}
    assert len(paths) == len(UNITS)
    assert {"/16.71/plaju/plaju-ulu", "/16.71/plaju/plaju-darat", "/16.71/plaju/plaju-ilir"} <= set(paths)
    assert {"/16.71", "/96.71", "/62.71", "/17"} == {path for path in paths if path.count("/") == 1}
    assert paths["/16.71/plaju"].name == "Kecamatan Plaju"
    assert paths["/96.71/sorong-manoi"].province == Province(code="96")
    assert all(row.leader_source_id for row in arranged.units)


@pytest.mark.parametrize(
    ("broken", "field", "detail"),
    [
        pytest.param([_unor("B", "gone")], "DiatasanId", "orphan", id="no such parent"),
        pytest.param([_unor("B", "B")], "DiatasanId", "cycle", id="its own parent"),
        pytest.param([_unor("B", "A", NamaUnor="")], "NamaUnor", "required field is empty", id="no name"),
        pytest.param([_unor("B", "A", InstansiId="X")], "InstansiId", "unknown government", id="stranger"),
        pytest.param([_unor("A", None)], "Id", "duplicate unit id", id="repeated"),
        pytest.param(
            [_unor("B", "A", InstansiId=SORONG.id)],
            "DiatasanId",
            "parent in another government",
            id="across governments",
        ),
    ],
)
def test_a_unit_that_fits_nowhere_is_rejected_with_the_reason(
    broken: list[dict[str, Any]], field: str, detail: str
) -> None:
    arranged = arrange([_unor("A", None), *broken], GOVERNMENTS)
    assert [row.source_id for row in arranged.units] == ["A"]
    assert [(r.field, r.detail) for r in arranged.rejected] == [(field, detail)]
    assert arranged.rejected[0].reason.startswith(f"{field}: ")
    assert arranged.rejected[0].raw["Id"] in ("A", "B")


def test_a_ring_of_units_is_rejected_with_everything_below_it() -> None:
    ring = [_unor("B", "D"), _unor("C", "B"), _unor("D", "C"), _unor("E", "D")]
    arranged = arrange([*ring, _unor("A", None)], GOVERNMENTS)
    assert [row.source_id for row in arranged.units] == ["A"]
    assert {r.raw["Id"]: r.detail for r in arranged.rejected} == dict.fromkeys("BCDE", "cycle")


def test_what_stands_below_a_rejected_unit_is_rejected_too() -> None:
    arranged = arrange([_unor("A", None), _unor("B", "A", NamaUnor=""), _unor("C", "B")], GOVERNMENTS)
    assert [(r.raw["Id"], r.field) for r in arranged.rejected] == [("B", "NamaUnor"), ("C", "DiatasanId")]


def test_of_several_roots_the_one_with_most_below_it_stays_and_the_others_are_rejected_with_all_below_them() -> None:
    lost = [_unor("0", None), _unor("1", "0"), _unor("2", None)]
    arranged = arrange([*lost, _unor("A", None), _unor("B", "A"), _unor("C", "B")], GOVERNMENTS)
    assert [row.source_id for row in arranged.units] == ["A", "B", "C"]
    assert {(r.raw["Id"], r.field, r.detail) for r in arranged.rejected} == {
        (id_, "DiatasanId", "second root") for id_ in "012"
    }
    reasons = {r.raw["Id"]: r.reason for r in arranged.rejected}
    assert reasons["0"] == "DiatasanId: kosong, padahal instansi ini sudah berinduk pada 'A'"
    assert reasons["1"].startswith("DiatasanId: unit teratasnya '0' ditolak: ")


def test_each_government_has_its_own_root() -> None:
    arranged = arrange([_unor("A", None), _unor("Z", None, InstansiId=SORONG.id)], GOVERNMENTS)
    assert {row.source_id: row.code for row in arranged.units} == {"A": "16.71", "Z": "96.71"}


def test_siblings_alike_are_told_apart_the_same_way_in_any_order() -> None:
    alike = [_unor("11AA", "A", CepatKode="plaju"), _unor("22BB", "A", CepatKode="PLAJU"), _unor("A", None)]
    codes = {row.source_id: row.code for row in arrange(alike, GOVERNMENTS).units}
    assert codes == {"A": "16.71", "11AA": "plaju", "22BB": "plaju-22bb"}
    assert {row.source_id: row.code for row in arrange(alike[::-1], GOVERNMENTS).units} == codes


def test_long_codes_told_apart_still_fit_into_a_path() -> None:
    long = "x" * 60
    alike = [_unor("A", None), _unor("ID-FIRST", "A", CepatKode=long), _unor("ID-SECOND-UNIT", "A", CepatKode=long)]
    codes = [row.code for row in arrange(alike, GOVERNMENTS).units]
    assert codes == ["16.71", "x" * 40, f"{'x' * 31}-ond-unit"]


def test_a_unit_with_no_usable_name_is_called_by_its_id() -> None:
    arranged = arrange([_unor("A", None), _unor("B" * 50, "A", CepatKode="", NamaUnor="///")], GOVERNMENTS)
    assert arranged.units[1].code == "b" * 40


def test_a_unit_without_kode_cepat_is_called_by_its_name() -> None:
    arranged = arrange([_unor("A", None), _unor("B", "A", CepatKode="", NamaUnor="SEKSI PELAYANAN UMUM")], GOVERNMENTS)
    assert (arranged.units[1].code, arranged.units[1].name) == ("seksi-pelayanan-umum", "Seksi Pelayanan Umum")


@given(st.lists(st.integers(-1, 12), min_size=1, max_size=13), st.randoms(use_true_random=False))
def test_every_unit_is_placed_after_its_parent_or_rejected(parents: list[int], order: random.Random) -> None:
    records = [_unor(f"U{n}", None if above < 0 else f"U{above}") for n, above in enumerate(parents)]
    order.shuffle(records)
    arranged = arrange(records, GOVERNMENTS)
    placed: set[str] = set()
    for row in arranged.units:
        assert row.parent_source_id is None or row.parent_source_id in placed
        placed.add(row.source_id)
    assert len(arranged.units) + len(arranged.rejected) == len(records)
