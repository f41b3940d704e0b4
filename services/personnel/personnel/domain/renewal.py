"""The contract of a PPPK (perjanjian kerja): recorded by BKPSDM, and renewed on the predikat of its period.

Source: PP 49/2018 ps. 37: at least a year, renewed on what was achieved (PermenPANRB 6/2022), on fitting competence
and on the agency's need. Only what was achieved is judged here, and that Baik is enough is a proposal; the rest is for
people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from kinara.contracts.appraisal import Predikat
from kinara.contracts.periods import months_of
from kinara.contracts.personnel import EmployeeChanged

from personnel.domain.day import written, years_after
from personnel.domain.dossier import Contract
from personnel.domain.employee import Employee, changed_facts, refuse_separated
from personnel.domain.finding import Finding, Judged, found
from personnel.domain.merit import Merit
from personnel.domain.refusals import ContractEnded, ContractUnknown, InvalidContract, NotContracted

LONGEST_YEARS = 5
"""The usual longest (proposal): ps. 37 limits only renewals of some JPT."""
_YEAR, _MONTHS = len("2026"), 12


def record_contract(employee: Employee, contract: Contract, on: date) -> tuple[Employee, EmployeeChanged | None]:
    """The contract of a PPPK as BKPSDM has it; no event when others know its last day already."""
    refuse_separated(employee)
    _refuse_pns(employee)
    _refuse_absurd(contract)
    known = employee.dossier.contract
    changed = replace(employee, dossier=replace(employee.dossier, contract=contract))
    if known is not None and known.ends_on == contract.ends_on:
        return changed, None
    return changed, changed_facts(changed, on, "contract_ends_on")


def running_contract(employee: Employee, today: date) -> Contract:
    """The contract that can be renewed: whoever has left, or whose contract has ended, is appointed anew or not."""
    refuse_separated(employee)
    _refuse_pns(employee)
    contract = employee.dossier.contract
    if contract is None:
        raise ContractUnknown(
            "Perjanjian kerja pegawai ini belum tercatat. Catat tanggal mulai dan berakhirnya dahulu.",
            field="employee_id",
            detail="no contract is recorded",
        )
    if contract.ends_on < today:
        raise ContractEnded(
            f"Perjanjian kerja sudah berakhir pada {written(contract.ends_on)} dan tidak dapat diperpanjang lagi.",
            field="employee_id",
            detail="the contract has ended",
        )
    return contract


def following_contract(present: Contract, ends_on: date, number: str) -> Contract:
    """The contract that follows the present one without a gap."""
    renewed = Contract(starts_on=present.ends_on + timedelta(days=1), ends_on=ends_on, number=number)
    _refuse_absurd(renewed)
    return renewed


def renewability(contract: Contract, merit: Merit, today: date) -> tuple[Finding, ...]:
    """What the rule of a renewal finds."""
    title, source = "Predikat paling rendah Baik selama masa perjanjian", "PP 49/2018 ps. 37(2); ambang Baik: usulan"
    return (found("predikat", title, source, _predikat(contract, merit, today)),)


def _predikat(contract: Contract, merit: Merit, today: date) -> Judged:
    """A weak year bars if most of it lies in the contract (proposal); anything else that is weak is for people."""
    told = dict(_decided(contract, merit, today))
    words = ", ".join(f"{period}: {predikat.name.replace('_', ' ').title()}" for period, predikat in told.items())
    weak = [period for period, predikat in told.items() if predikat > Predikat.BAIK]
    if any(len(period) == _YEAR and 2 * _months_inside(contract, period) > _MONTHS for period in weak):
        return Judged("not_met", f"Predikat {words}.", "Predikat paling rendah Baik selama masa perjanjian.")
    if weak:
        named = ", ".join(weak)
        return Judged("unknown", f"Predikat {words}.", f"Pertimbangan atas {named}: bukan hasil setahun perjanjian.")
    over = [str(year) for year in range(contract.starts_on.year, today.year) if str(year) not in told]
    if over or not told:
        lacking = f"tahun {', '.join(over)}" if over else "masa perjanjian"
        return Judged("unknown", f"Predikat {lacking} belum ditetapkan.", f"Predikat {lacking} yang ditetapkan.")
    return Judged("met", f"Predikat {words}.")


def _decided(contract: Contract, merit: Merit, today: date) -> Iterator[tuple[str, Predikat]]:
    """The predikat that hold: of each year, and of what was decided in the running year while it has none itself."""
    running = str(today.year)
    own = merit.appraisals.get(running)
    for period, one in sorted(merit.appraisals.items()):
        counts = len(period) == _YEAR or (period[:_YEAR] == running and (own is None or own.confirmed is None))
        if one.confirmed is not None and counts and _months_inside(contract, period):
            yield period, one.confirmed


def _months_inside(contract: Contract, period: str) -> int:
    """How many months of a period lie in the contract, those in which it begins and ends among them."""
    first, last = contract.starts_on.isoformat()[:7], contract.ends_on.isoformat()[:7]
    return sum(first <= month <= last for month in months_of(period))


def _refuse_pns(employee: Employee) -> None:
    if employee.kind != "PPPK":
        raise NotContracted(
            "PNS tidak mempunyai perjanjian kerja. Gunakan kenaikan pangkat.",
            field="employee_id",
            detail="only PPPK have contracts",
        )


def _refuse_absurd(contract: Contract) -> None:
    latest = years_after(contract.starts_on, LONGEST_YEARS)
    if not contract.starts_on < contract.ends_on <= latest:
        raise InvalidContract(
            f"Perjanjian kerja yang mulai {written(contract.starts_on)} berakhir sesudah hari itu dan paling lambat "
            f"{written(latest)}. Periksa tanggalnya.",
            field="ends_on",
            detail=f"expected a last day after {contract.starts_on} and until {latest}",
        )
