"""Angka kredit: how much a functional post asks for in a rank and in its level, and what was collected in both.

Source: PermenPANRB 1/2023; reference §2.5 with its caution. The credit itself is the appraisal service's word, and of
the time before it a PAK's (``prior_credit``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from personnel.domain.dossier import PriorCredit
from personnel.domain.employee import Employee
from personnel.domain.finding import Judged
from personnel.domain.golongan import golongan_of
from personnel.domain.jabatan import JENJANG, Jenjang
from personnel.domain.merit import Credit
from personnel.domain.prior_credit import CENT, after


@dataclass(frozen=True, slots=True)
class Need:
    """What one functional level asks for."""

    in_rank: Decimal
    """To collect in a rank for the next one."""
    in_jenjang: Decimal | None
    """To collect in the level for the next one; None where there is no higher level."""
    highest: str
    """The highest golongan of the level; a rank above it belongs to the next level."""


def _need(in_rank: int, in_jenjang: int | None, highest: str) -> Need:
    return Need(Decimal(in_rank), None if in_jenjang is None else Decimal(in_jenjang), highest)


NEEDS: Mapping[Jenjang, Need] = {
    "PM": _need(15, 15, "II/a"),
    "TR": _need(20, 60, "II/d"),
    "MH": _need(50, 100, "III/b"),
    "PY": _need(100, None, "III/d"),
    "PT": _need(50, 100, "III/b"),
    "MU": _need(100, 200, "III/d"),
    "MA": _need(150, 450, "IV/c"),
    "UT": _need(200, None, "IV/e"),
}
LADDERS: tuple[tuple[Jenjang, ...], ...] = (("PM", "TR", "MH", "PY"), ("PT", "MU", "MA", "UT"))
"""Keterampilan and keahlian, each from the lowest level."""


def in_rank(credits: Mapping[str, Credit], since: date, before: date) -> Decimal:
    """Collected in a rank held from ``since``, in the years before that of ``before``.

    Of the year in which the rank began count the months from then on, since a year has one predikat and so one rate.
    Where nobody told which months were appraised they are taken for the last of that year. (proposal)
    """
    total = Decimal(0)
    for key, credit in credits.items():
        year = int(key[:4])
        if since.year < year < before.year:
            total += credit.credit
        elif year == since.year < before.year:
            held = min(credit.months, (credit.last_month or 12) + 1 - since.month)
            total += credit.credit * max(0, held) / credit.months
    return total.quantize(CENT, ROUND_HALF_UP)


def in_jenjang(credits: Mapping[str, Credit], jenjang: Jenjang, before: date) -> Decimal:
    """Collected in a level, in the years before that of ``before``."""
    counted = (one.credit for key, one in credits.items() if one.jenjang == jenjang and int(key[:4]) < before.year)
    return sum(counted, Decimal(0))


def years_without(credits: Mapping[str, Credit], since: date, before: date) -> tuple[int, ...]:
    """The years between two days of which no credit is known, the last one left out: it is not over."""
    told = {int(key[:4]) for key in credits}
    return tuple(year for year in range(since.year, before.year) if year not in told)


def had_in_rank(employee: Employee, credits: Mapping[str, Credit], since: date, before: date) -> Decimal:
    """Collected in the present rank, held from ``since``: what a PAK states of it, and what followed.

    A PAK of another rank states nothing of this one, and takes nothing from it.
    """
    prior = _stating_rank(employee, since)
    return (prior.in_rank if prior else Decimal(0)) + in_rank(after(credits, prior), since, before)


def had_in_jenjang(employee: Employee, credits: Mapping[str, Credit], jenjang: Jenjang, before: date) -> Decimal:
    """Collected in a level: what a PAK states of it, and what followed."""
    known = employee.dossier.prior_credit
    prior = known if known is not None and known.jenjang == jenjang else None
    return (prior.in_jenjang if prior else Decimal(0)) + in_jenjang(after(credits, prior), jenjang, before)


def untold_years(employee: Employee, credits: Mapping[str, Credit], since: date, before: date) -> tuple[int, ...]:
    """The years of a time of which neither a PAK nor appraisal has told any credit."""
    return _untold_by(employee.dossier.prior_credit, credits, since, before)


def level_of_rank(jenjang: Jenjang, golongan: str) -> Jenjang:
    """The level of the same ladder to which a rank belongs; a rank above them all belongs to the highest."""
    rank, ladder = golongan_of("PNS", golongan), _ladder(jenjang)
    fitting = (level for level in ladder if not rank.is_higher_than(golongan_of("PNS", NEEDS[level].highest)))
    return next(fitting, ladder[-1])


def within_reach(jenjang: Jenjang) -> tuple[Jenjang, ...]:
    """The level and the next one of its ladder, where there is one."""
    ladder = _ladder(jenjang)
    at = ladder.index(jenjang)
    return ladder[at : at + 2]


def judged(
    employee: Employee, credits: Mapping[str, Credit], to_golongan: str, to_jenjang: Jenjang | None, on: date
) -> Judged:
    """Whether somebody in a functional post has collected what the next rank asks for.

    A rank asks for what the level of the present rank does, whichever level is held (proposal); another level, or a
    rank above the level that is held, asks for the credit of that level too. Too little is unknown while a year of its
    time has not been told.
    """
    jenjang, since = employee.jenjang, employee.golongan_since
    if jenjang is None or since is None:
        return Judged("unknown", "Jenjang atau TMT golongan belum tercatat.", "Catat jenjang dan TMT golongan.")
    need = NEEDS[jenjang]
    collected = {
        "pangkat": (had_in_rank(employee, credits, since, on), NEEDS[level_of_rank(jenjang, employee.golongan)].in_rank)
    }
    above = golongan_of("PNS", to_golongan).is_higher_than(golongan_of("PNS", need.highest))
    if above or to_jenjang not in (None, jenjang):
        if need.in_jenjang is None:
            why = f"Jenjang {JENJANG[jenjang]} berakhir pada {need.highest}."
            return Judged("not_met", why, "Pindah ke jenjang yang lebih tinggi dahulu.")
        collected["jenjang"] = (had_in_jenjang(employee, credits, jenjang, on), need.in_jenjang)
    told = (f"{_comma(have)} dari {_comma(asked)} dalam {name}" for name, (have, asked) in collected.items())
    why = f"Angka kredit {JENJANG[jenjang]}: {', '.join(told)}."
    short = {name: asked - have for name, (have, asked) in collected.items() if have < asked}
    if not short:
        return Judged("met", why)
    untold = {
        "pangkat": _asked_for(_untold_by(_stating_rank(employee, since), credits, since, on)),
        "jenjang": _untold(employee, credits, employee.jabatan_since, since, on),
    }
    if all(untold[name] for name in short):
        return Judged("unknown", why, next(untold[name] for name in reversed(short)))
    lacking = ", ".join(f"{_comma(value)} untuk {name}" for name, value in short.items())
    return Judged("not_met", why, f"Angka kredit kurang {lacking}.")


def _stating_rank(employee: Employee, since: date) -> PriorCredit | None:
    """The PAK, where it is one of the present rank; the day on which that began may have been corrected since."""
    prior = employee.dossier.prior_credit
    return prior if prior and prior.golongan == employee.golongan and prior.counted_until >= since else None


def _ladder(jenjang: Jenjang) -> tuple[Jenjang, ...]:
    return next(ladder for ladder in LADDERS if jenjang in ladder)


def _untold(employee: Employee, credits: Mapping[str, Credit], begun: date | None, since: date, on: date) -> str | None:
    """What would have to be told of the time since a level or rank began, at the latest with the present rank."""
    if begun is None:
        return "Catat TMT jabatan."
    return _asked_for(untold_years(employee, credits, min(begun, since), on))


def _untold_by(prior: PriorCredit | None, credits: Mapping[str, Credit], since: date, before: date) -> tuple[int, ...]:
    begun = since if prior is None else max(since, prior.counted_until + timedelta(days=1))
    return years_without(credits, begun, before)


def _asked_for(years: tuple[int, ...]) -> str | None:
    return f"Angka kredit tahun {', '.join(map(str, years))} yang belum tercatat." if years else None


def _comma(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")
