"""Angka kredit from before Kinara: what a PAK states of the level and the rank held then, and what is counted after it.

Source: the penetapan angka kredit (PAK) of PermenPANRB 1/2023. That a PAK takes the place of the years that it covers,
and of a part of the year in which it ends, is a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from personnel.domain.appointment import appointed_on, refuse_before_appointment
from personnel.domain.day import refuse_not_yet_in_force, written
from personnel.domain.dossier import PriorCredit
from personnel.domain.employee import Employee, refuse_separated
from personnel.domain.golongan import Golongan, golongan_of
from personnel.domain.merit import Credit
from personnel.domain.promotion import refuse_pppk
from personnel.domain.refusals import InvalidCredit

MOST_CORRECTIONS = 20
CENT = Decimal("0.01")


def record_prior_credit(employee: Employee, stated: PriorCredit, today: date) -> Employee:
    """What the PAK states; a later word corrects the earlier, which is kept. The same again changes nothing."""
    refuse_separated(employee)
    refuse_pppk(employee)
    _refuse_other_posts(employee)
    _refuse_days(employee, stated, today)
    rank = golongan_of("PNS", stated.golongan)
    _refuse_other_rank(employee, rank, stated.counted_until)
    words, known = replace(stated, golongan=rank.code), employee.dossier.prior_credits
    if known and replace(words, by=known[-1].by, at=known[-1].at) == known[-1]:
        return employee
    if len(known) > MOST_CORRECTIONS:
        raise InvalidCredit(
            f"Angka kredit awal sudah diperbaiki {MOST_CORRECTIONS} kali. Periksa dahulu dokumennya.",
            field="reason",
            detail="corrected too often",
        )
    return replace(employee, dossier=replace(employee.dossier, prior_credits=(*known, words)))


def after(credits: Mapping[str, Credit], prior: PriorCredit | None) -> Mapping[str, Credit]:
    """The credit of the months that the PAK does not cover: of the year in which it ends, the part that follows."""
    if prior is None:
        return credits
    until = prior.counted_until
    ours = {key: one for key, one in credits.items() if int(key[:4]) > until.year}
    ending = {key: _following(one, until.month) for key, one in credits.items() if int(key[:4]) == until.year}
    return ours | {key: one for key, one in ending.items() if one is not None}


def _following(credit: Credit, month: int) -> Credit | None:
    """The part of a year's credit after a month; months that nobody told are taken for the last of the year."""
    last = credit.last_month or 12
    months = min(credit.months, last - month)
    if months <= 0:
        return None
    part = (credit.credit * months / credit.months).quantize(CENT, ROUND_HALF_UP)
    return replace(credit, months=months, credit=part, first_month=last + 1 - months, last_month=last)


def _refuse_other_posts(employee: Employee) -> None:
    if employee.jabatan_kind != "fungsional":
        raise InvalidCredit(
            "Angka kredit hanya untuk jabatan fungsional. Periksa jenis jabatan pegawai.",
            field="employee_id",
            detail="the post is not functional",
        )


def _refuse_other_rank(employee: Employee, rank: Golongan, until: date) -> None:
    """The rank of the PAK is the one held on the last day that it counts."""
    present, since = golongan_of("PNS", employee.golongan), employee.golongan_since
    if rank.is_higher_than(present):
        raise InvalidCredit(
            f"Golongan {rank.code} pada PAK lebih tinggi dari golongan sekarang ({employee.golongan}).",
            field="golongan",
            detail="the rank of the PAK is above the one held",
        )
    if since is not None and (until >= since) != (rank == present):
        raise InvalidCredit(
            f"Pada {written(until)} pegawai {'sudah' if until >= since else 'belum'} bergolongan {present.code} "
            f"(sejak {written(since)}). Isi golongan yang dipegang pada akhir masa penilaian PAK.",
            field="golongan",
            detail=f"expected the rank held on {until.isoformat()}",
        )


def _refuse_days(employee: Employee, stated: PriorCredit, today: date) -> None:
    refuse_before_appointment(stated.counted_until, appointed_on(employee.nips), "counted_until")
    refuse_not_yet_in_force(stated.pak_date, today, "pak_date")
    if stated.counted_until > stated.pak_date:
        raise InvalidCredit(
            f"PAK tanggal {written(stated.pak_date)} tidak dapat menilai sampai {written(stated.counted_until)}.",
            field="counted_until",
            detail="the PAK is dated before the last day that it counts",
        )
