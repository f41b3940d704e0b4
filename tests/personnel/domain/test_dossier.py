"""Education by BKPSDM and by SIASN: whose word counts, and when."""

from __future__ import annotations

import pytest
from personnel.domain.dossier import Dossier, Education


@pytest.mark.parametrize(
    ("recorded", "said_before", "says", "counts"),
    [
        (None, None, "S1", "S1"),
        ("S2", None, "S1", "S2"),
        ("S2", "S1", "S1", "S2"),
        ("S2", "S1", "S3", "S3"),
        ("S1", "S1", "D3", "D3"),
        ("S1", "S1", None, "S1"),
    ],
)
def test_the_word_of_siasn_counts_where_it_is_news(
    recorded: Education | None, said_before: Education | None, says: Education | None, counts: Education
) -> None:
    dossier = Dossier(education=recorded, education_at_siasn=said_before).with_siasn_education(says)
    assert dossier.education == counts
    assert dossier.education_at_siasn == (says or said_before)
