"""A credit that holds no longer: not sent where it never left, deleted where SIASN has it, whatever happens between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from personnel.domain.correcting import added_pak, retried
from personnel.domain.dropping import deleted, deleting, kept
from personnel.domain.outgoing import MOST_ATTEMPTS, Outgoing, accepted, drop, leaving, refused, skipped, taken_up
from personnel.domain.refusals import NotToRetry
from personnel.domain.telling import Credit, Dropped, Heard, Reopened
from personnel.siasn.writing import ours_among

AT = datetime(2026, 10, 2, 3, tzinfo=UTC)
LATER, MINUTE = AT + timedelta(hours=1), timedelta(minutes=1)
RANI = "0e000000-0000-4000-8000-000000000001"
CREDIT = Credit(year=2025, months=6, credit=Decimal("6.25"), jenjang="PT", pak_number="P", pak_date=date(2026, 1, 1))
SENT = {"tahunMulaiPenailan": "2025", "bulanMulaiPenailan": "1", "tahunSelesaiPenailan": "2025",
        "bulanSelesaiPenailan": "6", "isKonversi": "1", "kreditBaruTotal": "6.25", "nomorSk": "P"}  # fmt: skip


def said(told: Credit | Dropped | Reopened) -> Heard:
    return Heard(province="16", unit_path="/16.71", told=told)


def heard(told: Credit | Dropped | Reopened, known: Outgoing | None) -> Outgoing | None:
    return taken_up(RANI, said(told), known, LATER)


def sure(record: Outgoing | None) -> Outgoing:
    assert record is not None
    return record


GONE = Dropped(year=2025, jenjang="PT")
MADE = sure(taken_up(RANI, said(CREDIT), None, AT))
ON_ITS_WAY = leaving(MADE, SENT, AT, MINUTE)
THERE = accepted(ON_ITS_WAY, "s1", "", AT)


def test_nobody_drops_what_was_never_known() -> None:
    assert heard(GONE, None) is None


@pytest.mark.parametrize("never_left", [MADE, skipped(MADE, "PAK belum diisi", AT)])
def test_what_never_left_is_not_sent_any_more(never_left: Outgoing) -> None:
    void = sure(heard(GONE, never_left))
    assert (void.state, void.dropped, void.due_at) == ("skipped", True, None)
    assert heard(GONE, void) is None
    with pytest.raises(NotToRetry):
        retried(void, LATER)


@pytest.mark.parametrize("known", [THERE, refused(ON_ITS_WAY, "x", AT), replace(THERE, reopened=True)])
def test_what_siasn_has_or_may_have_is_to_be_deleted(known: Outgoing) -> None:
    void = sure(heard(GONE, known))
    assert (void.state, void.dropped, void.reopened, void.due_at) == ("pending", True, False, LATER)
    assert heard(GONE, void) is None
    assert heard(Reopened(period="2025", credit=True, jenjang="PT"), void) is None, "it stays void"


def test_what_is_on_its_way_is_deleted_once_its_fate_is_known() -> None:
    void = sure(drop(ON_ITS_WAY, LATER))
    assert (void.state, void.due_at) == ("unknown", ON_ITS_WAY.due_at)
    arrived = accepted(void, "s1", "", LATER)
    assert (arrived.state, arrived.siasn_id, arrived.due_at) == ("pending", "s1", LATER)
    assert refused(void, "x", LATER).state == "pending", "an earlier content of it may be there"


def test_a_deletion_is_of_unknown_fate_until_it_was_answered_or_looked_up_and_not_asked_for_ever() -> None:
    void = sure(drop(THERE, AT))
    asked = deleting(void, "s1", LATER, MINUTE)
    assert (asked.state, asked.attempts, asked.siasn_id) == ("unknown", 1, "s1")
    assert sure(asked.due_at) > LATER + MINUTE  # type: ignore[arg-type]
    gone = deleted(asked, "success", LATER)
    assert (gone.state, gone.siasn_id, gone.sent, gone.due_at) == ("deleted", None, None, None)
    assert deleting(replace(void, attempts=MOST_ATTEMPTS), "s1", LATER, MINUTE).state == "refused"


def test_a_declined_deletion_is_asked_again_by_a_person_only() -> None:
    declined = kept(deleting(sure(drop(THERE, AT)), "s1", AT, MINUTE), "tidak dapat dihapus", AT)
    assert (declined.state, declined.answer, declined.due_at) == ("refused", "tidak dapat dihapus", None)
    assert (retried(declined, LATER).state, retried(declined, LATER).dropped) == ("pending", True)


def test_a_pak_that_is_added_to_what_is_void_sends_nothing() -> None:
    void = sure(drop(MADE, AT))
    assert added_pak(void, "PAK/2", date(2026, 2, 1), date(2026, 10, 2), LATER).state == "skipped"


def test_a_level_that_counts_again_is_due_again() -> None:
    waiting = sure(drop(THERE, AT))
    again = sure(heard(CREDIT, waiting))
    assert (again.state, again.dropped, again.siasn_id) == ("pending", False, "s1"), "replaced under its id"
    asked = deleting(waiting, "s1", AT, MINUTE)
    returned = sure(heard(CREDIT, asked))
    assert (returned.state, returned.dropped, returned.siasn_id) == ("unknown", False, None)
    assert (deleted(returned, "", LATER).state, deleted(returned, "", LATER).sent) == ("pending", None)
    assert kept(returned, "x", LATER).state == "pending"
    gone = deleted(asked, "", AT)
    assert (sure(heard(CREDIT, gone)).state, sure(heard(CREDIT, gone)).siasn_id) == ("pending", None)


def test_only_the_entry_that_is_ours_is_deleted() -> None:
    entry = {**SENT, "id": "s1"}
    assert ours_among(THERE, [entry]) == "s1"
    assert ours_among(THERE, [{**entry, "id": "s2"}]) is None
    unsure = replace(THERE, siasn_id=None)
    assert ours_among(unsure, [{**entry, "id": "s2"}]) == "s2"
    assert ours_among(unsure, [{**entry, "kreditBaruTotal": "7"}]) is None, "other values: somebody else's"
    assert ours_among(MADE, [entry]) is None
