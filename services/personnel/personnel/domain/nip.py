"""The NIP: what its 18 digits say, and whether they can be true.

Basis: Perka BKN 22/2007 (PNS) and NI PPPK practice. There is no check digit. It reveals birth date and sex, so
citizens see it masked only; a PPPK's changes with the employing agency, so it is never an identity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kinara.contracts.personnel import EmployeeKind, Sex

from personnel.domain.refusals import InvalidNip, QuarantinedNip

_SHAPE = re.compile(
    r"(?P<year>19[3-9]\d|20[01]\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?P<appointed>(?:19|20)\d{2})(?P<code>\d{2})(?P<sex>[12])(?P<serial>\d{3})",
    re.ASCII,
)
MINIMUM_AGE = 16
"""Of whoever is appointed."""
_LAST_MONTH, _FIRST_PPPK_CODE = 12, 21


@dataclass(frozen=True, slots=True)
class Nip:
    """A NIP whose digits agree with one another."""

    digits: str
    birth_date: date
    appointed_year: int
    code: int
    """Digits 13-14: the month of CPNS appointment for a PNS, the contract code (21 and up) for a PPPK."""
    kind: EmployeeKind
    sex: Sex
    serial: int

    def __str__(self) -> str:
        return self.digits


def parse(text: str, sex: Sex | None = None) -> Nip:
    """Read a NIP, blanks between its groups allowed; ``sex`` is what the record says and must agree."""
    digits = re.sub(r"\s", "", text)
    shape = _SHAPE.fullmatch(digits)
    if shape is None:
        raise _invalid("susunan 18 angkanya tidak sesuai", "not the shape of a NIP", digits)
    code, serial = int(shape["code"]), int(shape["serial"])
    nip = Nip(
        digits=digits,
        birth_date=_birth_date(shape, digits),
        appointed_year=int(shape["appointed"]),
        code=code,
        kind=_kind(code, digits),
        sex="M" if shape["sex"] == "1" else "F",
        serial=serial,
    )
    if nip.appointed_year < nip.birth_date.year + MINIMUM_AGE:
        reason = f"tahun pengangkatan kurang dari {MINIMUM_AGE} tahun setelah tahun lahir"
        raise _invalid(reason, f"appointed before the age of {MINIMUM_AGE}", digits)
    if serial == 0:
        raise _invalid("nomor urut dimulai dari 001", "serial 000", digits)
    if sex is not None and sex != nip.sex:
        raise _invalid("angka ke-15 tidak sesuai dengan jenis kelamin pada data", "sex disagrees", digits)
    return nip


def mask_nip(nip: str) -> str:
    """The NIP as citizens and log lines may see it: ``1986••••••••••1001``. Anything else is hidden entirely."""
    if re.fullmatch(r"\d{18}", nip, re.ASCII) is None:
        return "•" * len(nip)
    return f"{nip[:4]}{'•' * 10}{nip[-4:]}"


def _birth_date(shape: re.Match[str], digits: str) -> date:
    try:
        return date(int(shape["year"]), int(shape["month"]), int(shape["day"]))
    except ValueError:
        reason = "tanggal lahir di dalamnya tidak ada dalam kalender"
        raise _invalid(reason, "birth date is not in the calendar", digits) from None


def _kind(code: int, digits: str) -> EmployeeKind:
    if 1 <= code <= _LAST_MONTH:
        return "PNS"
    if code >= _FIRST_PPPK_CODE:
        return "PPPK"
    if code == 0:
        raise _invalid("bulan pengangkatan 00", "digits 13-14 are 00", digits)
    raise QuarantinedNip(
        f"NIP {mask_nip(digits)} memuat kode {code:02} (angka ke-13 dan 14) yang tidak dikenal. Periksa di SIASN.",
        field="nip",
        detail="digits 13-14 are neither a month (01-12, PNS) nor a contract code (21 and up, PPPK)",
    )


def _invalid(reason: str, detail: str, digits: str) -> InvalidNip:
    return InvalidNip(
        f"NIP {mask_nip(digits)} tidak sah: {reason}. Periksa NIP di SIASN, lalu kirim ulang.",
        field="nip",
        detail=detail,
    )
