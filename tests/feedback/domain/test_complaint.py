"""A complaint as it is lodged, and its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from feedback.domain import receipt, refusals
from feedback.domain.complaint import Complaint, lodge, refuse_wrong_key, run_out
from feedback.domain.service_levels import Clocks
from feedback.domain.subject import Subject

WEDNESDAY = datetime(2026, 11, 18, 17, tzinfo=UTC)
"""Midnight in Palembang, three working days after the Saturday."""


def test_it_waits_for_the_office_with_what_the_citizen_proposed(complaint: Complaint, unit: Subject) -> None:
    assert (complaint.state, complaint.level, complaint.topic) == ("received", "normal", "waktu")
    assert (complaint.unit_id, complaint.unit_path, complaint.due_at) == (unit.id, unit.unit_path, WEDNESDAY)
    assert complaint.receipt.startswith("AD-2611-")


def test_its_key_opens_it_and_no_other_does(complaint: Complaint) -> None:
    refuse_wrong_key(complaint, receipt.key_of(complaint.id, b"s"))
    with pytest.raises(refusals.WrongKey):
        refuse_wrong_key(complaint, receipt.key_of(complaint.id, b"t"))


@pytest.mark.parametrize(
    ("changed", "text", "level", "refused", "field"),
    [
        pytest.param({"active": False}, "Antre", None, refusals.SubjectInactive, "unit_id", id="a closed unit"),
        pytest.param({}, " \u200b\n", None, refusals.WordsMissing, "text", id="nothing that can be seen"),
        pytest.param({}, "a" * 2001, None, refusals.TextTooLong, "text", id="too many words"),
        pytest.param({}, "Antre", "kilat", refusals.InvalidClass, "sla_class", id="an unknown class"),
    ],
)
def test_what_cannot_be_handled_is_refused(
    unit: Subject, clocks: Clocks, changed: dict[str, bool], text: str, level: str | None, refused: type, field: str
) -> None:
    with pytest.raises(refused) as refusal:
        lodge(
            "c", replace(unit, **changed), text=text, level=level, topic=None, clocks=clocks, secret=b"s",
            at=WEDNESDAY,
        )  # fmt: skip
    assert refusal.value.field == field


def test_a_clock_runs_out_at_its_moment_and_that_is_said_once_about_the_unit(complaint: Complaint) -> None:
    assert run_out(complaint, WEDNESDAY - timedelta(milliseconds=1)) == (complaint, None)

    late, fact = run_out(complaint, WEDNESDAY)

    assert fact is not None
    assert (fact.subject.kind, fact.due_at, fact.clock, fact.topic) == ("unit", WEDNESDAY, "verification", "waktu")
    assert (late.late, late.late_with, late.running) == (True, None, False)
    assert run_out(late, WEDNESDAY + timedelta(days=9)) == (late, None)
