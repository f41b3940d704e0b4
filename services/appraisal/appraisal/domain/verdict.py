"""What people decide on a closed period: the proposal of the matrix is confirmed, or deviated from with a reason.

A machine only proposes (UU 27/2022 on solely automated decisions); the Pejabat Penilai Kinerja decides, and for a big
step their own superior signs too. Sources: PermenPANRB 6/2022; reference §5.5 on overrides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from kinara.contracts import Province
from kinara.contracts.appraisal import AppraisalConfirmed, Period, Predikat

from appraisal.domain.periods import months_of
from appraisal.domain.rating import cell_of
from appraisal.domain.refusals import (
    AlreadyDecided,
    DeviationNeedsReason,
    NothingProposed,
    NothingToSign,
    OrganisationFirst,
    OwnSignature,
    StillInShadow,
)

State = Literal["proposed", "to_sign", "confirmed", "objected", "final", "reopened"]
"""``to_sign``: decided, and in force once a second person has signed; ``final``: an objection was decided."""

DECIDED: tuple[State, ...] = ("confirmed", "objected", "final")
"""States in which a predikat holds."""

MONTHS_OF_A_YEAR = 12
FREELY_DEVIATED = 1
"""A decision further from the proposal than so many predikat needs a second signer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What an employee has against the predikat, and what became of it."""

    id: str
    filed_at: datetime
    grounds: str
    heard_on: date | None = None
    heard: str | None = None
    """What both sides said."""
    before: Predikat
    after: Predikat | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on one employee's closed period, from the proposal to what holds."""

    id: str
    """That of the closed period."""
    employee_id: str
    province: str
    unit_path: str
    period: Period
    policy: str
    proposed: Predikat | None
    proposed_cell: tuple[int, int] | None = None
    """Work results and behaviour that the proposal follows from, as SIASN's codes; None until both axes are known."""
    shadow: bool = False
    """Shown, without any consequence: the unit tries the policy out."""
    appraiser_id: str | None = None
    """Employee id of the Pejabat Penilai Kinerja: the superior when the period was closed, unless HR names another."""
    superior_id: str | None = None
    """Of the appraiser's superior, who signs big steps and decides on objections."""
    state: State = "proposed"
    predikat: Predikat | None = None
    """What was decided; holds when the state is confirmed, objected or final."""
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    returned: str | None = None
    """Why the second signer has given it back."""
    objection: Objection | None = None


def refuse_own(verdict: Verdict, by: str) -> None:
    """Nobody decides, signs or hears what is about themselves."""
    if by == verdict.employee_id:
        raise OwnSignature(
            "Penilaian diri sendiri tidak dapat diputuskan sendiri. Mintalah BKPSDM menunjuk pejabat lain.",
            detail=f"{by} would decide on themselves in {verdict.id}",
        )


def confirm(
    verdict: Verdict, *, predikat: Predikat | None, reason: str | None, by: str, at: datetime
) -> tuple[Verdict, AppraisalConfirmed | None]:
    """The appraiser's decision, the proposal where no predikat is named; no fact while a signature is missing."""
    refuse_own(verdict, by)
    if verdict.shadow:
        raise StillInShadow(
            f"Periode {verdict.period} masa percobaan kebijakan. Nilai hanya ditampilkan, tidak ada yang ditetapkan.",
            detail=f"{verdict.id} is in shadow mode",
            field="period",
        )
    if verdict.state not in ("proposed", "to_sign"):
        raise AlreadyDecided(
            f"Predikat periode {verdict.period} sudah ditetapkan. Perubahannya hanya lewat keberatan.",
            detail=f"{verdict.id} is {verdict.state}",
            field="period",
        )
    if verdict.proposed is None:
        raise NothingProposed(
            f"Periode {verdict.period} belum punya usulan predikat, karena hasil atau perilaku kerja belum dinilai. "
            "Minta BKPSDM membuka kembali periode itu, lalu lengkapi penilaiannya.",
            detail=f"{verdict.id} was closed without both axes",
            field="period",
        )
    chosen = predikat or verdict.proposed
    steps = abs(chosen - verdict.proposed)
    words = (reason or "").strip() or None
    if steps and words is None:
        raise DeviationNeedsReason(
            "Predikat berbeda dari usulan. Tuliskan alasannya.",
            detail=f"proposed {verdict.proposed}, decided {chosen}, without a reason",
            field="reason",
        )
    decided = replace(verdict, predikat=chosen, reason=words, decided_by=by, decided_at=at, returned=None)
    if steps > FREELY_DEVIATED:
        return replace(decided, state="to_sign"), None
    return _in_force(decided)


def refuse_before_organisation(verdict: Verdict, organisation: str | None) -> None:
    """Refuse to decide on a year while the predikat of the organisation is not set. Source: PermenPANRB 6/2022."""
    if len(months_of(verdict.period)) == MONTHS_OF_A_YEAR and organisation is None:
        raise OrganisationFirst(
            f"Predikat organisasi tahun {verdict.period} belum ditetapkan. Minta BKPSDM menetapkannya dahulu, lalu "
            "tetapkan predikat pegawai.",
            detail=f"no organisation at or above {verdict.unit_path} has a predikat of {verdict.period}",
            field="period",
        )


def sign(
    verdict: Verdict, *, agrees: bool, reason: str | None, by: str, at: datetime
) -> tuple[Verdict, AppraisalConfirmed | None]:
    """The second signer's word on a decision more than one predikat from the proposal; a refusal gives it back."""
    if verdict.state != "to_sign":
        raise NothingToSign(
            f"Tidak ada keputusan periode {verdict.period} yang menunggu tanda tangan kedua.",
            detail=f"{verdict.id} is {verdict.state}",
            field="period",
        )
    refuse_own(verdict, by)
    if by == verdict.decided_by:
        raise OwnSignature(
            "Keputusan sendiri tidak dapat ditandatangani sendiri. Mintalah atasan menandatanganinya.",
            detail=f"{by} decided {verdict.id} and cannot sign it",
        )
    words = (reason or "").strip() or None
    if not agrees:
        if words is None:
            raise DeviationNeedsReason(
                "Tuliskan alasan keputusan ini dikembalikan.", detail="returned without a reason", field="reason"
            )
        return replace(verdict, state="proposed", predikat=None, returned=words), None
    return _in_force(replace(verdict, signed_by=by, signed_at=at))


def _in_force(verdict: Verdict) -> tuple[Verdict, AppraisalConfirmed]:
    assert verdict.proposed is not None  # noqa: S101  # it was decided
    assert verdict.predikat is not None  # noqa: S101
    assert verdict.decided_by is not None  # noqa: S101
    assert verdict.decided_at is not None  # noqa: S101
    fact = AppraisalConfirmed(
        province=Province(code=verdict.province),
        unit_path=verdict.unit_path,
        employee_id=verdict.employee_id,
        period=verdict.period,
        proposed=verdict.proposed,
        confirmed=verdict.predikat,
        reason=verdict.reason,
        confirmed_by=verdict.decided_by,
        confirmed_at=verdict.decided_at,
        **told_axes(verdict, verdict.predikat),
    )
    return replace(verdict, state="confirmed"), fact


def told_axes(verdict: Verdict, predikat: Predikat) -> dict[str, int]:
    """Both axes behind what was decided, for who is told of it; nothing where no one cell gives it."""
    cell = cell_of(predikat, verdict.proposed_cell)
    return {} if cell is None else {"hasil_kerja": cell[0], "perilaku_kerja": cell[1]}


def name_appraiser(verdict: Verdict, appraiser_id: str, superior_id: str) -> Verdict:
    """HR names who decides, where the superior of then cannot; once decided, only who stands above the appraiser."""
    if len({verdict.employee_id, appraiser_id, superior_id}) < 3:  # three people
        raise OwnSignature(
            "Pegawai, pejabat penilai, dan atasannya harus tiga orang yang berbeda.",
            detail="employee, appraiser and superior must be three people",
            field="appraiser_id",
        )
    open_ = verdict.state in ("proposed", "to_sign")
    if not open_ and (verdict.state not in ("confirmed", "objected") or appraiser_id != verdict.appraiser_id):
        raise AlreadyDecided(
            f"Predikat periode {verdict.period} sudah ditetapkan. Hanya atasan pejabat penilai dapat diganti.",
            detail=f"{verdict.id} is {verdict.state}",
            field="appraiser_id",
        )
    return replace(verdict, appraiser_id=appraiser_id, superior_id=superior_id)
