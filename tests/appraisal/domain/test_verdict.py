"""Verdicts: the proposal is confirmed or deviated from with a reason; a big step needs a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from appraisal.domain.refusals import (
    AlreadyDecided,
    DeviationNeedsReason,
    NothingProposed,
    NothingToSign,
    OwnSignature,
    StillInShadow,
)
from appraisal.domain.verdict import Verdict, confirm, name_appraiser, sign
from kinara.contracts.appraisal import Predikat

AT = datetime(2026, 12, 8, 3, tzinfo=UTC)
OFFICER, BOSS, CHIEF = (f"0e000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
PROPOSED = Verdict(
    id=f"{OFFICER}/2026-11", employee_id=OFFICER, province="16", unit_path="/16.71/plaju", period="2026-11",
    policy="plaju@1", proposed=Predikat.BAIK, appraiser_id=BOSS, superior_id=CHIEF,
)  # fmt: skip


def decided(predikat: Predikat | None = None, reason: str | None = None, verdict: Verdict = PROPOSED):
    return confirm(verdict, predikat=predikat, reason=reason, by=BOSS, at=AT)


def test_the_proposal_is_confirmed_without_a_reason():
    verdict, fact = decided()
    assert (verdict.state, verdict.predikat, verdict.decided_by) == ("confirmed", Predikat.BAIK, BOSS)
    assert fact is not None
    assert (fact.proposed, fact.confirmed, fact.reason, fact.confirmed_by) == (Predikat.BAIK, Predikat.BAIK, None, BOSS)


@pytest.mark.parametrize("chosen", [Predikat.SANGAT_BAIK, Predikat.BUTUH_PERBAIKAN])
def test_one_step_from_the_proposal_needs_a_reason_and_no_second_signer(chosen):
    for silence in (None, "", "   "):
        with pytest.raises(DeviationNeedsReason):
            decided(chosen, silence)
    verdict, fact = decided(chosen, "Menangani bencana banjir")
    assert (verdict.state, verdict.predikat) == ("confirmed", chosen)
    assert fact is not None
    assert fact.reason == "Menangani bencana banjir"


@pytest.mark.parametrize("chosen", [Predikat.KURANG, Predikat.SANGAT_KURANG])
def test_more_than_one_step_holds_only_when_somebody_else_has_signed(chosen):
    waiting, silent = decided(chosen, "Pelanggaran berat")
    assert (waiting.state, silent) == ("to_sign", None)
    with pytest.raises(OwnSignature):
        sign(waiting, agrees=True, reason=None, by=BOSS, at=AT)
    signed, fact = sign(waiting, agrees=True, reason=None, by=CHIEF, at=AT)
    assert (signed.state, signed.signed_by) == ("confirmed", CHIEF)
    assert fact is not None
    assert (fact.confirmed, fact.confirmed_by) == (chosen, BOSS)


def test_a_decision_that_is_given_back_needs_words_and_is_taken_anew():
    waiting, _ = decided(Predikat.SANGAT_KURANG, "Pelanggaran berat")
    with pytest.raises(DeviationNeedsReason):
        sign(waiting, agrees=False, reason=" ", by=CHIEF, at=AT)
    returned, silent = sign(waiting, agrees=False, reason="Bukti belum ada", by=CHIEF, at=AT)
    assert (returned.state, returned.predikat, returned.returned, silent) == ("proposed", None, "Bukti belum ada", None)
    again, fact = decided(None, None, returned)
    assert (again.state, again.returned) == ("confirmed", None)
    assert fact is not None


def test_what_waits_for_a_signature_can_still_be_decided_otherwise():
    waiting, _ = decided(Predikat.SANGAT_KURANG, "Pelanggaran berat")
    verdict, fact = decided(None, None, waiting)
    assert (verdict.state, verdict.predikat) == ("confirmed", Predikat.BAIK)
    assert fact is not None


@pytest.mark.parametrize("state", ["confirmed", "objected", "final", "reopened"])
def test_what_was_decided_is_not_decided_again(state):
    with pytest.raises(AlreadyDecided):
        decided(verdict=replace(PROPOSED, state=state))


@pytest.mark.parametrize("state", ["proposed", "confirmed", "objected", "final", "reopened"])
def test_only_what_waits_is_signed(state):
    with pytest.raises(NothingToSign):
        sign(replace(PROPOSED, state=state), agrees=True, reason=None, by=CHIEF, at=AT)


def test_a_period_without_a_proposal_or_in_shadow_mode_has_nothing_to_decide():
    with pytest.raises(NothingProposed):
        decided(Predikat.BAIK, "Tetap baik", replace(PROPOSED, proposed=None))
    with pytest.raises(StillInShadow):
        decided(verdict=replace(PROPOSED, shadow=True))


def test_nobody_decides_on_themselves():
    with pytest.raises(OwnSignature):
        confirm(PROPOSED, predikat=None, reason=None, by=OFFICER, at=AT)
    waiting, _ = decided(Predikat.SANGAT_KURANG, "Pelanggaran berat")
    with pytest.raises(OwnSignature):
        sign(waiting, agrees=True, reason=None, by=OFFICER, at=AT)


@pytest.mark.parametrize(("appraiser", "superior"), [(OFFICER, CHIEF), (BOSS, OFFICER), (BOSS, BOSS)])
def test_appraised_appraiser_and_superior_are_three_people(appraiser, superior):
    with pytest.raises(OwnSignature):
        name_appraiser(PROPOSED, appraiser, superior)


@pytest.mark.parametrize("state", ["confirmed", "objected"])
def test_once_decided_only_who_stands_above_the_appraiser_is_named_anew(state):
    held, other = replace(PROPOSED, state=state), "0e000000-0000-4000-8000-000000000004"
    assert name_appraiser(held, BOSS, other).superior_id == other
    with pytest.raises(AlreadyDecided):
        name_appraiser(held, other, CHIEF)
    with pytest.raises(AlreadyDecided):
        name_appraiser(replace(PROPOSED, state="final"), BOSS, other)


@pytest.mark.parametrize(
    ("chosen", "axes"), [(None, (2, 2)), (Predikat.SANGAT_BAIK, (1, 1)), (Predikat.BUTUH_PERBAIKAN, (None, None))]
)
def test_the_fact_tells_the_axes_behind_the_decision_where_no_machine_has_to_choose(chosen, axes):
    _, fact = decided(chosen, "Menangani bencana banjir", replace(PROPOSED, proposed_cell=(2, 2)))
    assert fact is not None
    assert (fact.hasil_kerja, fact.perilaku_kerja) == axes
