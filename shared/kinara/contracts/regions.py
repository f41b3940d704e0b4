"""The 38 provinces: their codes in both schemes, and the clocks that their people live by."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kinara.contracts.event import Province

_WIB, _WITA, _WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")

ZONES: dict[str, ZoneInfo] = {
    **dict.fromkeys(["11", "12", "13", "14", "15", "16", "17", "18", "19", "21"], _WIB),  # Sumatera
    **dict.fromkeys(["31", "32", "33", "34", "35", "36", "61", "62"], _WIB),  # Jawa, Kalimantan Barat and Tengah
    **dict.fromkeys(["51", "52", "53", "63", "64", "65"], _WITA),  # Bali, Nusa Tenggara, rest of Kalimantan
    **dict.fromkeys(["71", "72", "73", "74", "75", "76"], _WITA),  # Sulawesi
    **dict.fromkeys(["81", "82", "91", "92", "93", "94", "95", "96"], _WIT),  # Maluku, Papua
}
"""Time zone of each province by Kemendagri code. Source: Keppres 41/1987; Kepmendagri 300.2.2-2430/2025."""

_KEMENDAGRI_OF_BPS = {"91": "92", "92": "96", "94": "91", "95": "93", "96": "94", "97": "95"}
"""The two schemes number the provinces of Papua differently; elsewhere they agree."""


class UnknownProvince(ValueError):
    """No province has this code in this scheme."""


def kemendagri_code(province: Province) -> str:
    """The Kemendagri code of a province given in either scheme; ``UnknownProvince`` if there is none."""
    code = province.code
    if province.scheme == "bps" and code.startswith("9"):
        code = _KEMENDAGRI_OF_BPS.get(code, "")
    if code not in ZONES:
        raise UnknownProvince(f"no province has the {province.scheme} code {province.code}")
    return code


def day_of(at: datetime, province: str) -> date:
    """The calendar day of an aware moment on the clocks of a province (Kemendagri code)."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone falls on no day")
    return at.astimezone(ZONES[province]).date()
