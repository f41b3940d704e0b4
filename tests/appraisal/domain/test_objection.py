"""Keberatan: fourteen days, both sides heard, one final word. Source: PP 30/2019 ps. 59."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from appraisal.domain.objection import decide, file_objection, hear, last_day_to_object
from appraisal.domain.refusals import (
    DayToCome,
    NoObjection,
    NotHeard,
    NotYetDecided,
    ObjectionMade,
    ObjectionTooLate,
    OwnSignature,
)
from appraisal.domain.verdict import Verdict
from kinara.contracts.appraisal import Predikat

OFFICER, BOSS, CHIEF, ID = (f"0e000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4))
DECIDED = datetime(2026, 12, 8, 3, tzinfo=UTC)
CONFIRMED = Verdict(
    id=f"{OFFICER}/2026-11", employee_id=OFFICER, province="16", unit_path="/16.71/plaju", period="2026-11",
    policy="plaju@1", proposed=Predikat.BUTUH_PERBAIKAN, appraiser_id=BOSS, superior_id=CHIEF, state="confirmed",
    predikat=Predikat.BUTUH_PERBAIKAN, decided_by=BOSS, decided_at=DECIDED,
)  # fmt: skip
HEARD = date(2026, 12, 15)


def filed(verdict: Verdict = CONFIRMED, at: datetime = DECIDED) -> Verdict:
    return file_objection(verdict, objection_id=ID, grounds="Dua laporan belum dihitung", at=at)


def test_the_last_day_is_the_fourteenth_on_the_clocks_of_the_region():
    assert last_day_to_object(CONFIRMED) == date(2026, 12, 22)
    in_time = datetime(2026, 12, 22, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert filed(at=in_time).state == "objected"
    with pytest.raises(ObjectionTooLate):
        filed(at=datetime(2026, 12, 22, 17, 0, tzinfo=UTC))  # 00.00 WIB of the 23rd
    in_sorong = replace(CONFIRMED, province="96")
    with pytest.raises(ObjectionTooLate):
        filed(in_sorong, at=in_time)  # already the 23rd in WIT


def test_the_days_count_from_the_second_signature_where_there_is_one():
    signed = replace(CONFIRMED, signed_by=CHIEF, signed_at=datetime(2026, 12, 10, 3, tzinfo=UTC))
    assert last_day_to_object(signed) == date(2026, 12, 24)


@pytest.mark.parametrize("state", ["proposed", "to_sign", "reopened"])
def test_nothing_decided_gives_nothing_to_object_to(state):
    with pytest.raises(NotYetDecided):
        filed(replace(CONFIRMED, state=state))


def test_one_objects_once():
    with pytest.raises(ObjectionMade):
        filed(filed())


@pytest.mark.parametrize("after", [Predikat.BAIK, Predikat.BUTUH_PERBAIKAN], ids=["changed", "kept"])
def test_the_superior_decides_for_good_after_hearing_both_sides(after):
    objected = filed()
    with pytest.raises(NotHeard):
        decide(objected, predikat=after, reason="Sesuai bukti", by=CHIEF, at=DECIDED)
    with pytest.raises(DayToCome):
        hear(objected, on=HEARD, words="Keduanya hadir", by=CHIEF, today=date(2026, 12, 14))
    with pytest.raises(DayToCome):
        hear(objected, on=date(2026, 12, 7), words="Sebelum diajukan", by=CHIEF, today=HEARD)
    heard = hear(objected, on=HEARD, words="Keduanya hadir", by=CHIEF, today=HEARD)
    for by in (OFFICER, BOSS):
        with pytest.raises(OwnSignature):
            decide(heard, predikat=after, reason="Sesuai bukti", by=by, at=DECIDED)
    with pytest.raises(OwnSignature):
        hear(objected, on=HEARD, words="Saya sendiri", by=OFFICER, today=HEARD)
    final, fact = decide(heard, predikat=after, reason="Sesuai bukti", by=CHIEF, at=DECIDED)
    assert (final.state, final.predikat) == ("final", after)
    assert (fact.before, fact.after, fact.objection_id, fact.decided_by) == (Predikat.BUTUH_PERBAIKAN, after, ID, CHIEF)
    for again in (
        lambda: decide(final, predikat=after, reason="Lagi", by=CHIEF, at=DECIDED),
        lambda: hear(final, on=HEARD, words="Lagi", by=CHIEF, today=HEARD),
    ):
        with pytest.raises(NoObjection):
            again()


def test_the_final_word_tells_who_appraised_and_the_axes_behind_it():
    verdict = replace(CONFIRMED, proposed_cell=(3, 2))
    heard = hear(filed(verdict), on=HEARD, words="Didengar", by=CHIEF, today=HEARD)
    told = {Predikat.BUTUH_PERBAIKAN: (3, 2), Predikat.SANGAT_BAIK: (1, 1), Predikat.BAIK: (None, None)}
    for predikat, axes in told.items():
        _, fact = decide(heard, predikat=predikat, reason="Terbukti", by=CHIEF, at=DECIDED)
        assert (fact.confirmed_by, fact.hasil_kerja, fact.perilaku_kerja) == (BOSS, *axes)
