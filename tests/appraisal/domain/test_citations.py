"""Citations: what can be read as a reference, and what must have been published."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from appraisal.domain.citations import MOST, cited, refuse_unpublished, remembered
from appraisal.domain.policy import Policies, Policy
from appraisal.domain.refusals import CitationUnknown
from appraisal.domain.triggers import Goal
from kinara.kit.ids import new_id

ID = "3d5e8f10-7a4b-5c2d-9e6f-1a2b3c4d5e6f"


def citing(policies: Policies, *cites: str) -> Policy:
    goals = tuple(Goal(f"Tujuan {n}", "K", at_least=Decimal(80), cites=(one,)) for n, one in enumerate(cites))
    return replace(policies.named("plaju@1"), goals=goals)


def test_references_are_looked_up_once_and_topics_of_complaints_are_known(policies: Policies) -> None:
    policy = citing(policies, f"forum:{ID}", "topic:waktu", f"proposal:{ID}", f"forum:{ID}")
    assert cited(policy) == [f"forum:{ID}", f"proposal:{ID}"]
    assert cited(citing(policies)) == []


@pytest.mark.parametrize(
    "cite", ["Forum Plaju, Maret 2026", "topic:gosip", "forum:", f"ruang:{ID}", f"forum:{ID} ", f"FORUM:{ID}"]
)
def test_what_is_no_reference_is_refused(policies: Policies, cite: str) -> None:
    with pytest.raises(CitationUnknown) as refused:
        cited(citing(policies, cite))
    assert refused.value.field == "cites"


def test_what_nobody_published_is_refused_with_what_to_do() -> None:
    refuse_unpublished([f"forum:{ID}"], {f"forum:{ID}"})
    with pytest.raises(CitationUnknown, match="as far as is known") as refused:
        refuse_unpublished([f"forum:{ID}", f"proposal:{ID}"], {f"forum:{ID}"})
    assert refused.value.message == (
        f"Rujukan proposal:{ID} tidak dikenal di daerah ini. Periksa id-nya; bila baru saja diumumkan, coba lagi "
        "sebentar lagi."
    )


def test_a_unit_remembers_each_reference_once_and_so_many_at_most() -> None:
    many = tuple(f"proposal:{new_id()}" for _ in range(MOST["proposal"]))
    assert remembered((), many) == remembered(many, many[:3]) == many
    assert remembered(many, ("proposal:x",)) == (*many[1:], "proposal:x")


def test_no_kind_of_reference_makes_a_unit_forget_another() -> None:
    ikm = tuple(f"ikm:{ID}:{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(24))
    known = remembered(ikm, (f"commitment:{ID}",))
    for _ in range(3):
        known = remembered(known, (f"forum:{new_id()}", *(f"proposal:{new_id()}" for _ in range(200))))
    assert known[:25] == (*ikm, f"commitment:{ID}")
    assert len([one for one in known if one.startswith("proposal:")]) == MOST["proposal"]
