"""Ranks of PNS and grades of PPPK."""

from __future__ import annotations

from itertools import pairwise

import pytest
from personnel.domain.golongan import PNS, PPPK, golongan_by_siasn_id, golongan_of
from personnel.domain.refusals import UnknownGolongan

RANKS = """
11 I/a Juru Muda
12 I/b Juru Muda Tingkat I
13 I/c Juru
14 I/d Juru Tingkat I
21 II/a Pengatur Muda
22 II/b Pengatur Muda Tingkat I
23 II/c Pengatur
24 II/d Pengatur Tingkat I
31 III/a Penata Muda
32 III/b Penata Muda Tingkat I
33 III/c Penata
34 III/d Penata Tingkat I
41 IV/a Pembina
42 IV/b Pembina Tingkat I
43 IV/c Pembina Utama Muda
44 IV/d Pembina Utama Madya
45 IV/e Pembina Utama
"""
TABLE = [tuple(line.split(" ", 2)) for line in RANKS.strip().splitlines()]


@pytest.mark.parametrize(("siasn_id", "code", "pangkat"), TABLE, ids=[row[1] for row in TABLE])
def test_every_pns_rank_has_siasns_id_and_its_pangkat(siasn_id: str, code: str, pangkat: str) -> None:
    rank = golongan_of("PNS", code)
    assert (rank.siasn_id, rank.pangkat) == (siasn_id, pangkat)
    assert golongan_by_siasn_id(siasn_id) == rank


def test_there_are_seventeen_of_each_kind() -> None:
    assert len(PNS) == len(PPPK) == 17
    assert (PPPK[0].code, PPPK[8].code, PPPK[16].code) == ("I", "IX", "XVII")


@pytest.mark.parametrize("text", ["III/c", "iii/C", " III / c "])
def test_capitals_and_blanks_do_not_count(text: str) -> None:
    assert golongan_of("PNS", text).code == "III/c"


@pytest.mark.parametrize(
    ("kind", "text"),
    [("PNS", "IX"), ("PPPK", "III/c"), ("PNS", "V/a"), ("PPPK", "XVIII"), ("PNS", "IV/f"), ("PNS", "")],
)
def test_a_golongan_of_the_other_kind_or_of_none_is_refused(kind: str, text: str) -> None:
    with pytest.raises(UnknownGolongan, match="I/a sampai IV/e" if kind == "PNS" else "I sampai XVII"):
        golongan_of(kind, text)  # type: ignore[arg-type]


def test_ranks_are_ordered_from_ia_to_ive() -> None:
    assert all(higher.is_higher_than(lower) for lower, higher in pairwise(PNS))
    assert not PNS[3].is_higher_than(PNS[3])


def test_a_rank_and_a_grade_do_not_compare() -> None:
    assert not PNS[16].is_higher_than(PPPK[0])
    assert not PPPK[16].is_higher_than(PNS[0])
