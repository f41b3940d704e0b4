"""One address, one unit, one hour: so many complaints and no more."""

from __future__ import annotations

import pytest
from feedback.domain.lodging import Lodging, one_more
from feedback.domain.refusals import TooManyComplaints


def test_the_last_that_is_allowed_is_taken_and_the_next_is_told_what_to_do() -> None:
    full = one_more(Lodging(id="c", count=4), 5)
    assert full == Lodging(id="c", count=5)
    with pytest.raises(TooManyComplaints, match=r"satu jam kemudian.*SP4N") as refusal:
        one_more(full, 5)
    assert refusal.value.field == "unit_id"
