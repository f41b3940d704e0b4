"""A record's way to BKN: same matter same record, unknown before known, and what people add belongs to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from personnel.domain.correcting import added_cell, added_pak, retried
from personnel.domain.outgoing import (
    MATRIX,
    MOST_ATTEMPTS,
    Outgoing,
    accepted,
    already_there,
    leaving,
    not_taken,
    not_there,
    not_to_tell,
    ready,
    record_id,
    refused,
    skipped,
    taken_up,
    waits,
)
from personnel.domain.refusals import NotToRetry, PakIncomplete, UnfitCell
from personnel.domain.telling import Credit, Heard, Learning, Reopened, Result

AT = datetime(2026, 10, 2, 3, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
RANI, BOSS = (f"0e000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
QUARTER = Result(period="2026-Q3", predikat=2, hasil_kerja=2, perilaku_kerja=2, appraiser_id=BOSS)
CREDIT = Credit(year=2025, months=12, credit=Decimal("12.50"))
COURSE = Learning(
    completion_id="c1", title="Pelayanan prima", partner="Universitas", jp=8, course_kind="4",
    certificate_number="S-1", completed_on=date(2026, 3, 9),
)  # fmt: skip


def said(told: Any) -> Heard:
    return Heard(province="16", unit_path="/16.71", told=told)


def made(told: Any = QUARTER) -> Outgoing:
    record = taken_up(RANI, said(told), None, AT)
    assert record is not None
    return record


def on_its_way(told: Any = QUARTER) -> Outgoing:
    return leaving(made(told), {"tahun": 2026}, AT, MINUTE)


@pytest.mark.parametrize(
    ("told", "kind", "about"),
    [
        (QUARTER, "kinerjaperiodik", "2026-Q3"),
        (replace(QUARTER, period="2026-08"), "kinerjaperiodik", "2026-08"),
        (replace(QUARTER, period="2026"), "skp22", "2026"),
        (CREDIT, "angkakredit", "2025"),
        (COURSE, "kursus", "c1"),
    ],
)
def test_employee_kind_and_matter_decide_which_record_it_is(told: Any, kind: Any, about: str) -> None:
    record = made(told)
    assert (record.kind, record.about, record.state, record.due_at) == (kind, about, "pending", AT)
    assert record.id == record_id(RANI, kind, about) != record_id(BOSS, kind, about)


def test_the_same_again_changes_nothing_in_any_state() -> None:
    done = accepted(on_its_way(), "s-1", "success", AT)
    for record in (made(), on_its_way(), done, refused(on_its_way(), "x", AT), skipped(made(), "y", AT)):
        assert taken_up(RANI, said(QUARTER), record, LATER) is None


def test_other_content_is_due_again_under_siasns_id() -> None:
    changed = taken_up(RANI, said(replace(QUARTER, predikat=1)), accepted(on_its_way(), "s-1", "", AT), LATER)
    assert changed is not None
    assert (changed.state, changed.siasn_id, changed.due_at) == ("pending", "s-1", LATER)


def test_before_it_is_sent_its_fate_is_unknown_and_it_is_not_looked_at_for_a_while() -> None:
    record = on_its_way()
    assert (record.state, record.attempts, record.sent) == ("unknown", 1, {"tahun": 2026})
    assert record.due_at == AT + timedelta(seconds=75)


def test_other_content_leaves_an_unknown_fate_unknown_and_is_sent_after_it_is_known() -> None:
    changed = taken_up(RANI, said(replace(QUARTER, predikat=1)), on_its_way(), LATER)
    assert changed is not None
    assert (changed.state, changed.changed_since) == ("unknown", True)
    again = accepted(changed, "s-1", "", LATER)
    assert (again.state, again.siasn_id, again.changed_since) == ("pending", "s-1", False)
    assert refused(changed, "x", LATER).state == "pending"
    assert accepted(leaving(again, {}, LATER, MINUTE), "s-1", "", LATER).state == "accepted"


def test_what_is_not_there_is_sent_again_but_not_for_ever() -> None:
    record = on_its_way()
    for attempt in range(2, MOST_ATTEMPTS + 1):
        record = leaving(not_there(record, AT), {}, AT, MINUTE)
        assert record.attempts == attempt
    given_up = not_there(record, AT)
    assert (given_up.state, given_up.due_at) == ("refused", None)
    assert retried(given_up, LATER).attempts == 0


@pytest.mark.parametrize("record", [made(), on_its_way()], ids=["never sent", "of unknown fate"])
def test_what_cannot_be_told_apart_is_looked_at_for_some_time_and_then_left_to_a_person(record: Outgoing) -> None:
    state = record.state
    for _ in range(1, MOST_ATTEMPTS):
        record = not_to_tell(record, AT)
        assert (record.state, record.due_at is None) == (state, False)
    left = not_to_tell(record, AT)
    assert (left.state, left.due_at) == ("refused", None)
    assert "kirim ulang" in (left.reason or "")
    again = retried(left, LATER)
    assert (again.state, again.pauses, again.sent) == ("pending", 0, record.sent)
    assert not_to_tell(replace(record, reopened=True), AT).state == state, "nothing is decided at present"


def test_what_did_not_arrive_is_no_attempt() -> None:
    record = not_taken(on_its_way(), "Token SSO kedaluwarsa", AT)
    assert (record.state, record.attempts, record.sent, record.reason) == ("pending", 0, None, "Token SSO kedaluwarsa")


def test_pauses_grow_up_to_a_quarter_of_an_hour() -> None:
    record, pauses = on_its_way(), []
    for _ in range(8):
        record = waits(record, "tidak jelas", AT)
        assert record.due_at is not None
        pauses.append((record.due_at - AT).total_seconds())
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900]


def test_an_entry_with_other_values_is_replaced_if_it_is_ours_and_shown_to_a_person_if_not() -> None:
    ours = already_there(leaving(accepted(on_its_way(), "s-1", "", AT), {}, AT, MINUTE), "s-2", AT)
    assert (ours.state, ours.siasn_id) == ("pending", "s-1"), "by the id under which we know it, whatever else is there"
    for record in (made(), on_its_way(), ready(refused(on_its_way(), "x", AT), LATER)):
        foreign = already_there(record, "s-1", AT)
        assert (foreign.state, foreign.siasn_id, foreign.foreign_id) == ("refused", None, "s-1")
        again = retried(foreign, LATER)
        assert (again.state, again.siasn_id, again.foreign_id) == ("pending", "s-1", None)


def test_another_word_does_not_make_somebody_elses_entry_ours() -> None:
    foreign = already_there(made(), "s-1", AT)
    changed = taken_up(RANI, said(replace(QUARTER, predikat=1)), foreign, LATER)
    assert changed is not None
    assert (changed.state, changed.siasn_id, changed.foreign_id) == ("pending", None, None), "to be looked up anew"
    credit = already_there(made(CREDIT), "s-1", AT)
    assert added_pak(credit, "PAK/1", date(2026, 1, 15), date(2026, 10, 2), LATER).siasn_id is None
    axes = already_there(made(replace(QUARTER, hasil_kerja=None)), "s-1", AT)
    assert added_cell(axes, 2, 2, LATER).siasn_id is None


def test_what_is_open_again_takes_no_id_of_an_entry_with_other_values() -> None:
    held = already_there(replace(on_its_way(), reopened=True), "s-1", AT)
    assert (held.state, held.siasn_id) == ("skipped", None)


def test_a_retry_looks_up_what_is_of_unknown_fate_and_refuses_what_nothing_stands_in_the_way_of() -> None:
    looked_up = retried(waits(on_its_way(), "tidak jelas", AT), LATER)
    assert (looked_up.state, looked_up.due_at) == ("unknown", LATER)
    assert retried(on_its_way(), AT) == on_its_way(), "it may still be on its way"
    for record in (made(), accepted(on_its_way(), "s-1", "", AT)):
        with pytest.raises(NotToRetry):
            retried(record, LATER)


# periods that are opened again


def test_a_reopened_period_is_held_back_and_due_again_once_decided() -> None:
    held = taken_up(RANI, said(Reopened(period="2026-Q3")), made(), LATER)
    assert held is not None
    assert (held.state, held.reopened) == ("skipped", True)
    with pytest.raises(NotToRetry):
        retried(held, LATER)
    again = taken_up(RANI, said(QUARTER), held, LATER)
    assert again is not None
    assert (again.state, again.reopened) == ("pending", False)
    assert taken_up(RANI, said(Reopened(period="2026-Q3")), None, AT) is None


def test_what_siasn_has_stays_until_the_period_is_decided_again() -> None:
    done = accepted(on_its_way(), "s-1", "", AT)
    held = taken_up(RANI, said(Reopened(period="2026-Q3")), done, LATER)
    assert held is not None
    assert (held.state, held.reopened) == ("accepted", True)
    same = taken_up(RANI, said(QUARTER), held, LATER)
    assert same is not None
    assert (same.state, same.reopened) == ("accepted", False)


def test_what_never_arrived_of_a_reopened_period_is_not_sent() -> None:
    held = taken_up(RANI, said(Reopened(period="2026-Q3")), on_its_way(), LATER)
    assert held is not None
    assert held.state == "unknown"
    assert not_there(held, LATER).state == "skipped"
    assert already_there(held, "s-1", LATER).state == "skipped"


def test_what_changed_before_the_period_was_opened_again_is_sent_once_it_is_decided_again() -> None:
    better = said(replace(QUARTER, predikat=1))
    changed = taken_up(RANI, better, on_its_way(), LATER)
    assert changed is not None
    held = taken_up(RANI, said(Reopened(period="2026-Q3")), changed, LATER)
    assert held is not None
    arrived = accepted(held, "s-1", "", LATER)
    assert (arrived.state, arrived.reopened) == ("accepted", True)
    again = taken_up(RANI, better, arrived, LATER)
    assert again is not None
    assert (again.state, again.siasn_id, again.changed_since) == ("pending", "s-1", False)


def test_axes_stated_while_the_period_is_open_again_are_sent_once_it_is_decided_again() -> None:
    done = accepted(on_its_way(replace(QUARTER, hasil_kerja=1)), "s-1", "", AT)
    held = taken_up(RANI, said(Reopened(period="2026-Q3")), done, LATER)
    assert held is not None
    stated = added_cell(held, 2, 1, LATER)
    assert stated.state == "accepted"
    again = taken_up(RANI, said(stated.told), stated, LATER)
    assert again is not None
    assert again.state == "pending"


# what people add


def test_the_pak_is_dated_between_its_year_and_today() -> None:
    waiting, today = skipped(made(CREDIT), "PAK", AT), date(2026, 10, 2)
    for on in (date(2024, 12, 31), date(2026, 10, 3)):
        with pytest.raises(PakIncomplete):
            added_pak(waiting, "PAK/1", on, today, AT)
    for on in (date(2025, 1, 1), today):
        assert added_pak(waiting, "PAK/1", on, today, AT).state == "pending"
    with pytest.raises(PakIncomplete):
        added_pak(made(COURSE), "PAK/1", today, today, AT)


def test_the_same_credit_keeps_its_pak_and_another_one_does_not() -> None:
    told = added_pak(made(CREDIT), "PAK/1", date(2026, 1, 5), date(2026, 10, 2), AT)
    assert taken_up(RANI, said(CREDIT), told, LATER) is None
    other = taken_up(RANI, said(replace(CREDIT, credit=Decimal("18.75"))), told, LATER)
    assert other is not None
    assert isinstance(other.told, Credit)
    assert other.told.pak_number is None


def test_both_axes_must_give_the_predikat_that_was_decided() -> None:
    deviating = skipped(made(replace(QUARTER, predikat=4, hasil_kerja=None, perilaku_kerja=None)), "sumbu", AT)
    for cell, predikat in MATRIX.items():
        if predikat == 4:
            assert added_cell(deviating, *cell, AT).state == "pending"
        else:
            with pytest.raises(UnfitCell):
                added_cell(deviating, *cell, AT)
    with pytest.raises(UnfitCell):
        added_cell(made(COURSE), 1, 1, AT)
    stated = added_cell(deviating, 1, 3, AT)
    repeated = replace(QUARTER, predikat=4, hasil_kerja=None, perilaku_kerja=None)
    assert taken_up(RANI, said(repeated), stated, LATER) is None, "the fact knows no axes, the record does"
    open_again = taken_up(RANI, said(Reopened(period="2026-Q3")), deviating, LATER)
    assert open_again is not None
    assert added_cell(open_again, 1, 3, LATER).state == "skipped"
