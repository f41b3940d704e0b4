"""Competency codes and the topics that they serve."""

from __future__ import annotations

import pytest
from training.domain import competency
from training.domain.refusals import InvalidCompetency


def test_codes_are_kept_in_order_without_repeats() -> None:
    codes = ["teknis.arsip", "perilaku.motivasi", "teknis.arsip"]

    assert competency.checked(codes) == ("teknis.arsip", "perilaku.motivasi")


@pytest.mark.parametrize(
    "codes",
    [
        [],
        ["arsip"],
        ["lainnya.arsip"],
        ["teknis."],
        ["teknis.Arsip"],
        ["teknis.arsip-"],
        ["teknis.a", "x"],
        ["teknis.²"],
    ],
)
def test_what_is_no_code_is_refused(codes: list[str]) -> None:
    with pytest.raises(InvalidCompetency) as refusal:
        competency.checked(codes)
    assert refusal.value.field == "competencies"


@pytest.mark.parametrize(
    ("codes", "topic", "covered"),
    [
        (["teknis.arsip"], "teknis", True),
        (["teknis.arsip"], "pelayanan", False),
        (["perilaku.motivasi", "pelayanan.aduan"], "pelayanan", True),
        (["teknis.arsip"], "umum", True),
        (["umum.kinerja"], "teknis", False),
    ],
)
def test_learning_serves_its_own_topics_and_the_need_to_learn_at_all(
    codes: list[str], topic: competency.Topic, covered: bool
) -> None:
    assert competency.covers(codes, topic) is covered
