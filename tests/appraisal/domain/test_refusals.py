"""Every refusal stands in the tree that its module draws, and speaks to people and developers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from appraisal.domain import refusals
from appraisal.domain.refusals import PeriodClosed, Refusal


def test_the_tree_in_the_docstring_is_the_tree_in_the_code():
    drawn = re.findall(r"^(.*)[├└]── (\w+)", refusals.__doc__ or "", re.MULTILINE)
    assert drawn == list(_tree(Refusal))


def _tree(root: type[Refusal], margin: str = "") -> Iterator[tuple[str, str]]:
    for refusal in root.__subclasses__():
        yield margin, refusal.__name__
        yield from _tree(refusal, margin + "│   ")


def test_a_refusal_has_words_for_people_a_detail_for_developers_and_the_field():
    refusal = PeriodClosed("Bulan sudah ditutup.", detail="closed", field="period")
    assert (refusal.message, refusal.detail, refusal.field) == ("Bulan sudah ditutup.", "closed", "period")
    assert str(refusal) == "closed"
