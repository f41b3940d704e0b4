"""Whether a PNS may be promoted: each rule that holds on the day of the rank (TMT), with its legal source.

Rules are dated: one that has ended is named as such, and judges nobody any more. Sources: reference §2.12 and §2.5.
From memory, and for a person to check: one step at a time, two years for functional posts, the six periods of 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from kinara.contracts.appraisal import Predikat

from personnel.domain import credit, prior_predikat
from personnel.domain.day import written, years_after
from personnel.domain.dossier import Education
from personnel.domain.employee import Employee, refuse_separated
from personnel.domain.finding import Finding, Judged, found
from personnel.domain.golongan import golongan_of
from personnel.domain.jabatan import JENJANG, Jenjang
from personnel.domain.merit import Merit
from personnel.domain.promotion import following_rank, refuse_pppk
from personnel.domain.refusals import DateOutOfOrder

REGULER, FUNGSIONAL = "101", "202"
YEARS_IN_RANK: Mapping[str, int] = {REGULER: 4, FUNGSIONAL: 2}
"""By SIASN's jenisKP; other kinds have rules of their own."""
CEILINGS: Mapping[Education, str] = {
    "SD": "II/a", "SMP": "II/c", "SMP kejuruan": "II/d", "SMA": "III/b", "D1": "III/b", "D2": "III/b", "D3": "III/c",
    "D4": "III/d", "S1": "III/d", "profesi": "IV/a", "S2": "IV/a", "S3": "IV/b",
}  # fmt: skip
"""The highest golongan of a kenaikan pangkat reguler by education."""
PREDIKAT: Mapping[Predikat, str] = {predikat: predikat.name.replace("_", " ").title() for predikat in Predikat}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A promotion in question, and what is known of whom it is about."""

    employee: Employee
    merit: Merit
    to_golongan: str
    kind: str
    """SIASN's jenisKP."""
    on: date
    """TMT."""
    today: date
    superior: Employee | None = None
    jenjang: Jenjang | None = None
    """The functional level that is proposed with the rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One condition, from a day on and until another, for some kinds of promotion or all."""

    code: str
    title: str
    source: str
    judge: Callable[[Case], Judged]
    since: date = date.min
    until: date = date.max
    """The first day on which it holds no longer."""
    asked: Callable[[Case], bool] = lambda _: True


def usual_kind(employee: Employee) -> str:
    """The kind of promotion that somebody in this kind of post is usually up for."""
    return FUNGSIONAL if employee.jabatan_kind == "fungsional" else REGULER


def refuse_unpromotable(employee: Employee) -> None:
    """Only a PNS in service is promoted."""
    refuse_separated(employee)
    refuse_pppk(employee)


def refuse_far_ahead(on: date, today: date) -> None:
    """What the rules find today says little of a rank that begins in more than a year."""
    if on > years_after(today, 1):
        raise DateOutOfOrder(
            f"TMT {written(on)} lebih dari setahun lagi. Ajukan usulan mendekati periodenya.",
            field="effective_on",
            detail="the rank begins in more than a year",
        )


def eligibility(case: Case) -> tuple[Finding, ...]:
    """What every rule in force on the day of the rank finds."""
    refuse_unpromotable(case.employee)
    return tuple(found(rule.code, rule.title, rule.source, rule.judge(case)) for rule in RULES if _holds(rule, case))


def ended(case: Case) -> tuple[Rule, ...]:
    """The rules that old systems still ask for, and that held no longer on that day."""
    codes = {rule.code for rule in RULES if _holds(rule, case)}
    return tuple(rule for rule in RULES if rule.until <= case.on and rule.code not in codes)


def next_period(after: date) -> date:
    """The first day from ``after`` on that begins a promotion period."""
    return next(day for day in _firsts(after) if day.month in _months(day))


def _holds(rule: Rule, case: Case) -> bool:
    return rule.since <= case.on < rule.until and rule.asked(case)


def _one_step(case: Case) -> Judged:
    following = following_rank(case.employee)
    if golongan_of("PNS", case.to_golongan) == following:
        return Judged("met", f"{case.to_golongan} satu tingkat di atas {case.employee.golongan}.")
    why = f"{case.to_golongan} bukan satu tingkat di atas {case.employee.golongan}."
    return Judged("not_met", why, f"Usulkan {following.code}.")


def _period(case: Case) -> Judged:
    months = _months(case.on)
    if case.on.day == 1 and case.on.month in months:
        return Judged("met", f"{written(case.on)} adalah periode kenaikan pangkat.")
    following = written(next_period(case.on))
    return Judged("not_met", f"{written(case.on)} bukan periode kenaikan pangkat.", f"Usulkan TMT {following}.")


def _years_in_rank(case: Case) -> Judged:
    since, years = case.employee.golongan_since, YEARS_IN_RANK.get(case.kind)
    if years is None:
        why = f"Masa dalam pangkat untuk jenis kenaikan pangkat {case.kind} mempunyai syarat tersendiri."
        return Judged("unknown", why, "Periksa syarat khusus jenis kenaikan pangkat ini.")
    if since is None:
        return Judged("unknown", "TMT golongan sekarang belum tercatat.", "Catat TMT golongan sekarang.")
    reached = years_after(since, years)
    why = f"Dalam {case.employee.golongan} sejak {written(since)}; {years} tahun genap pada {written(reached)}."
    if reached <= case.on:
        return Judged("met", why)
    return Judged("not_met", why, f"Masa {years} tahun dalam pangkat, pada {written(reached)}.")


def _predikat(case: Case) -> Judged:
    years = (case.on.year - 2, case.on.year - 1)
    known = {year: one for year in years if (one := prior_predikat.decided(case.employee, case.merit, year))}
    told = "; ".join(
        f"{year}: {PREDIKAT[predikat]}{' (sebelum Kinara)' if before else ''}"
        for year, (predikat, before) in known.items()
    )
    if any(predikat > Predikat.BAIK for predikat, _ in known.values()):
        return Judged("not_met", f"Predikat {told}.", "Predikat paling rendah Baik dalam dua tahun terakhir.")
    missing = [str(year) for year in years if year not in known]
    if missing:
        why = f"Predikat tahun {' dan '.join(missing)} belum ditetapkan."
        return Judged("unknown", why, f"Predikat tahun {' dan '.join(missing)} yang ditetapkan pejabat penilai.")
    return Judged("met", f"Predikat {told}.")


def _no_discipline(case: Case) -> Judged:
    """Whoever reads this may be the superior, who learns whether a measure runs, and no more."""
    if case.employee.dossier.is_disciplined(case.on, max(case.on, case.today)):
        return Judged("not_met", "Hukuman disiplin sedang berjalan.", "Tunggu sampai hukuman disiplin berakhir.")
    return Judged("met", "Tidak ada hukuman disiplin yang berjalan.")


def _education(case: Case) -> Judged:
    education = case.employee.dossier.education
    if education is None:
        return Judged("unknown", "Pendidikan belum tercatat.", "Catat pendidikan terakhir yang diakui.")
    ceiling = CEILINGS[education]
    why = f"Pendidikan {education} membuka jalan sampai {ceiling}."
    if golongan_of("PNS", case.to_golongan).is_higher_than(golongan_of("PNS", ceiling)):
        return Judged("not_met", why, "Ijazah yang lebih tinggi, atau kenaikan pangkat pilihan.")
    return Judged("met", why)


def _credit(case: Case) -> Judged:
    if case.employee.jabatan_kind != "fungsional":
        why = "Jabatan sekarang bukan jabatan fungsional, sehingga tidak ada angka kredit yang dihitung."
        return Judged("not_met", why, "Usulkan jenis kenaikan pangkat menurut jabatannya.")
    return credit.judged(case.employee, case.merit.credits, case.to_golongan, case.jenjang, case.on)


def _jenjang(case: Case) -> Judged:
    held, proposed = case.employee.jenjang, case.jenjang
    if case.employee.jabatan_kind != "fungsional":
        return Judged("not_met", "Jabatan sekarang bukan jabatan fungsional.", "Usulkan tanpa jenjang.")
    if held is None or proposed is None:
        return Judged("unknown", "Jenjang sekarang belum tercatat.", "Catat jenjang sekarang.")
    why = f"Jenjang {JENJANG[proposed]} diusulkan; sekarang {JENJANG[held]}."
    if proposed in credit.within_reach(held):
        return Judged("met", why)
    reach = " atau ".join(JENJANG[one] for one in credit.within_reach(held))
    return Judged("not_met", why, f"Usulkan jenjang {reach}.")


def _superior_rank(case: Case) -> Judged:
    superior = case.superior
    if superior is None or superior.kind != "PNS" or not (superior.golongan_since or date.max) <= case.on:
        return Judged("unknown", "Golongan atasan langsung pada hari itu tidak diketahui.", "Periksa golongan atasan.")
    why = f"Golongan atasan langsung: {superior.golongan}."
    if golongan_of("PNS", case.to_golongan).is_higher_than(golongan_of("PNS", superior.golongan)):
        return Judged("not_met", why, "Pangkat tidak melampaui pangkat atasan langsung.")
    return Judged("met", why)


_PERIODS = (
    (date.min, (4, 10), "PP 99/2000"),
    (date(2024, 1, 1), (2, 4, 6, 8, 10, 12), "PerBKN 4/2023"),
    (date(2025, 10, 1), tuple(range(1, 13)), "PerBKN 4/2025"),
)
"""From which day on in which months ranks begin, always on the first of the month."""
_SUPERIOR_ENDED = date(2025, 5, 20)


def _months(on: date) -> Collection[int]:
    return next(months for since, months, _ in reversed(_PERIODS) if since <= on)


def _firsts(after: date) -> list[date]:
    """The first days of the months from ``after`` on, as many as lie between two periods at most."""
    start = after.year * 12 + after.month - (1 if after.day == 1 else 0)
    return [date(month // 12, month % 12 + 1, 1) for month in range(start, start + 12)]


def _period_rules() -> tuple[Rule, ...]:
    ends = [since for since, *_ in _PERIODS[1:]] + [date.max]
    return tuple(
        Rule(code="period", title="Periode kenaikan pangkat", source=source, judge=_period, since=since, until=until)
        for (since, _, source), until in zip(_PERIODS, ends, strict=True)
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="one_step",
        title="Satu tingkat lebih tinggi",
        source="PP 99/2000 jo. PP 12/2002",
        judge=_one_step,
        asked=lambda case: case.kind != "203",  # a diploma may open a higher rank
    ),
    *_period_rules(),
    Rule(code="years_in_rank", title="Masa dalam pangkat", source="PP 99/2000 jo. PP 12/2002", judge=_years_in_rank),
    Rule(
        code="predikat",
        title="Predikat paling rendah Baik dalam dua tahun terakhir",
        source="PP 99/2000 jo. PP 12/2002; PermenPANRB 6/2022",
        judge=_predikat,
    ),
    Rule(code="discipline", title="Tidak sedang dihukum disiplin", source="PP 94/2021", judge=_no_discipline),
    Rule(
        code="education",
        title="Batas golongan menurut pendidikan",
        source="PP 99/2000 jo. PP 12/2002",
        judge=_education,
        asked=lambda case: case.kind == REGULER,
    ),
    Rule(
        code="angka_kredit",
        title="Angka kredit jabatan fungsional",
        source="PermenPANRB 1/2023; PerBKN 3/2023",
        judge=_credit,
        asked=lambda case: case.kind == FUNGSIONAL or case.employee.jabatan_kind == "fungsional",
    ),
    Rule(
        code="jenjang",
        title="Jenjang tetap atau satu tingkat lebih tinggi",
        source="PermenPANRB 1/2023",
        judge=_jenjang,
        asked=lambda case: case.jenjang is not None,
    ),
    Rule(
        code="superior_rank",
        title="Tidak melampaui pangkat atasan langsung",
        source="PP 99/2000 jo. PP 12/2002; tidak berlaku lagi sejak 20-05-2025 (Perka BKN 2/2025)",
        judge=_superior_rank,
        until=_SUPERIOR_ENDED,
    ),
)
