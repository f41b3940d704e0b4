"""What may happen to an employee, and what is announced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import bson
import pytest
from personnel.domain.employee import (
    Employee,
    assign_supervisor,
    change,
    promote,
    register,
    separate,
    transfer,
)
from personnel.domain.posting import posting_on
from personnel.domain.profile import Decree, Placement, Profile
from personnel.domain.refusals import (
    AlreadySeparated,
    AlreadyThere,
    DateOutOfOrder,
    NotPromotable,
    OwnSupervisor,
    RankNotHigher,
)
from personnel.domain.unit import Unit
from pydantic import TypeAdapter

SK = Decree(number="823/2026/001", promotion_kind="101")
CAMAT, SEKDA = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"


def test_registration_tells_others_what_they_need_and_no_more(
    employee: Employee, profile: Profile, plaju: Unit
) -> None:
    again, event = register(employee.id, profile, Placement.at(plaju, CAMAT), date(2024, 1, 1), "hash-1")
    assert again == employee
    assert (event.unit_path, event.supervisor_id, event.birth_year) == ("/16.71/plaju", CAMAT, 1986)
    assert (event.golongan, event.jenjang, event.effective_on) == ("III/c", "MU", date(2024, 1, 1))
    assert "1986-09-26" not in event.model_dump_json()


def test_an_unchanged_record_announces_nothing(employee: Employee, profile: Profile) -> None:
    assert change(employee, profile, date(2024, 6, 1), "hash-1") == (employee, None)


def test_a_change_names_what_differs(employee: Employee, profile: Profile) -> None:
    told = replace(profile, name="Rizki Saputra Jaya", back_title="S.Kom., M.T.")
    changed, event = change(employee, told, date(2024, 6, 1), "hash-2")
    assert event is not None
    assert event.changed == ("name", "back_title")
    assert (changed.name, changed.content_hash, changed.postings) == ("Rizki Saputra Jaya", "hash-2", employee.postings)


def test_a_new_nip_keeps_the_former_one(employee: Employee, profile: Profile) -> None:
    pppk = replace(profile, nip="198609262025211001", kind="PPPK", golongan="IX")
    changed, _ = change(employee, pppk, date(2025, 3, 1))
    assert [(f.nip, f.until) for f in changed.previous_nips] == [("198609262015051001", date(2025, 3, 1))]
    back, _ = change(changed, replace(pppk, nip="198609262026211001"), date(2026, 3, 1))
    assert [f.nip for f in back.previous_nips] == ["198609262015051001", "198609262025211001"]


def test_another_post_begins_another_posting(employee: Employee, profile: Profile) -> None:
    changed, _ = change(employee, replace(profile, jabatan="Lurah Plaju Ulu"), date(2024, 6, 1))
    assert [(p.since, p.jabatan) for p in changed.postings] == [
        (date(2024, 1, 1), "Pranata Komputer Ahli Muda"),
        (date(2024, 6, 1), "Lurah Plaju Ulu"),
    ]


def test_promotion_raises_the_rank_from_its_tmt(employee: Employee) -> None:
    promoted, event = promote(
        employee, "III/d", date(2026, 4, 1), SK, jabatan="Pranata Komputer Ahli Madya", jenjang="MA"
    )
    assert (promoted.golongan, promoted.golongan_since, promoted.jenjang) == ("III/d", date(2026, 4, 1), "MA")
    assert (event.from_golongan, event.to_golongan, event.decree_number) == ("III/c", "III/d", "823/2026/001")
    assert (event.jabatan, event.jenjang, event.promotion_kind) == ("Pranata Komputer Ahli Madya", "MA", "101")
    assert promoted.postings[-1].since == promoted.jabatan_since == date(2026, 4, 1)


def test_promotion_without_a_new_post_leaves_the_posting(employee: Employee) -> None:
    promoted, event = promote(employee, "III/d", date(2026, 4, 1), SK)
    assert (promoted.postings, event.jabatan, event.jenjang) == (employee.postings, employee.jabatan, "MU")


@pytest.mark.parametrize("golongan", ["III/c", "III/b", "I/a"])
def test_promotion_never_leads_to_an_equal_or_lower_rank(employee: Employee, golongan: str) -> None:
    with pytest.raises(RankNotHigher):
        promote(employee, golongan, date(2026, 4, 1), SK)


def test_promotion_cannot_begin_before_the_present_rank_did(employee: Employee) -> None:
    with pytest.raises(DateOutOfOrder):
        promote(employee, "III/d", date(2022, 3, 31), SK)
    assert promote(employee, "III/d", date(2022, 4, 1), SK)[0].golongan == "III/d"


def test_pppk_are_not_promoted(employee: Employee) -> None:
    with pytest.raises(NotPromotable):
        promote(replace(employee, kind="PPPK", golongan="IX"), "X", date(2026, 4, 1), SK)


def test_a_transfer_tells_from_where_to_where(employee: Employee, palembang: Unit) -> None:
    moved, event = transfer(employee, Placement.at(palembang, SEKDA), date(2025, 1, 1), "Analis Kebijakan")
    assert (event.from_unit_path, event.unit_path, event.to_unit_id) == ("/16.71/plaju", "/16.71", palembang.id)
    assert (moved.unit_path, moved.jabatan, moved.supervisor_id) == ("/16.71", "Analis Kebijakan", SEKDA)
    assert (event.supervisor_id, moved.jabatan_since) == (SEKDA, date(2025, 1, 1))


def test_a_transfer_in_the_same_post_keeps_its_tmt(employee: Employee, palembang: Unit) -> None:
    moved, _ = transfer(employee, Placement.at(palembang, SEKDA), date(2025, 1, 1))
    assert (moved.jabatan, moved.jabatan_since) == (employee.jabatan, date(2023, 1, 1))


def test_a_transfer_leads_elsewhere(employee: Employee, plaju: Unit) -> None:
    with pytest.raises(AlreadyThere):
        transfer(employee, Placement.at(plaju, SEKDA), date(2025, 1, 1))


def test_the_superior_is_known_as_of_a_day(employee: Employee, palembang: Unit) -> None:
    moved, _ = transfer(employee, Placement.at(palembang, SEKDA), date(2025, 1, 1))
    led, event = assign_supervisor(moved, CAMAT, date(2025, 7, 1))
    assert event is not None
    assert event.changed == ("supervisor_id",)
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 1)]
    held = [posting_on(led.postings, day) for day in days]
    assert [posting and posting.supervisor_id for posting in held] == [CAMAT, SEKDA, CAMAT]


def test_assigning_the_same_superior_announces_nothing(employee: Employee) -> None:
    assert assign_supervisor(employee, CAMAT, date(2025, 1, 1)) == (employee, None)


def test_nobody_is_their_own_superior(employee: Employee, profile: Profile, plaju: Unit, palembang: Unit) -> None:
    own = employee.id
    attempts: list[Callable[[], object]] = [
        lambda: register(own, profile, Placement.at(plaju, own), date(2024, 1, 1)),
        lambda: assign_supervisor(employee, own, date(2025, 1, 1)),
        lambda: transfer(employee, Placement.at(palembang, own), date(2025, 1, 1)),
    ]
    for attempt in attempts:
        with pytest.raises(OwnSupervisor):
            attempt()


def test_separation_ends_everything(employee: Employee, profile: Profile, palembang: Unit) -> None:
    gone, event = separate(employee, "retired", date(2044, 10, 1))
    assert (gone.status, event.reason, event.effective_on) == ("separated", "retired", date(2044, 10, 1))
    later = date(2045, 1, 1)
    attempts: list[Callable[[], object]] = [
        lambda: change(gone, replace(profile, name="X"), later),
        lambda: promote(gone, "IV/a", later, SK),
        lambda: transfer(gone, Placement.at(palembang, SEKDA), later),
        lambda: assign_supervisor(gone, SEKDA, later),
        lambda: separate(gone, "deceased", later),
    ]
    for attempt in attempts:
        with pytest.raises(AlreadySeparated):
            attempt()


def test_separation_cannot_precede_the_present_posting(employee: Employee) -> None:
    with pytest.raises(DateOutOfOrder):
        separate(employee, "resigned", date(2023, 12, 31))
    assert separate(employee, "resigned", date(2024, 1, 1))[0].status == "separated"


def test_an_employee_survives_the_database(employee: Employee, profile: Profile, palembang: Unit) -> None:
    adapter = TypeAdapter(Employee)
    rich, _ = transfer(employee, Placement.at(palembang, None), date(2025, 1, 1))
    rich, _ = change(rich, replace(profile, nip="198609262025211001", kind="PPPK", golongan="IX"), date(2025, 3, 1))
    rich, _ = separate(rich, "contract_ended", date(2026, 1, 1))
    for state in (employee, rich):
        stored = bson.decode(bson.encode(adapter.dump_python(state)))
        assert adapter.validate_python(stored) == state


def test_stored_dates_sort_as_text(employee: Employee) -> None:
    stored = TypeAdapter(Employee).dump_python(employee)
    assert (stored["birth_date"], stored["postings"][0]["since"]) == ("1986-09-26", "2024-01-01")
