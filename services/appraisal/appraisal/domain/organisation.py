"""The predikat of an organisation: decided by a person (hr) and never computed, since it judges more than its people.

Source: PermenPANRB 6/2022; MenPANRB's circular on the stages of evaluation puts it first, before anybody in the
organisation is rated.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from appraisal.domain.refusals import UnknownPredikat


class PredikatOrganisasi(Enum):
    """What an organisation achieved; as with SIASN's codes for people 1 is the best. Equal to no person's predikat."""

    ISTIMEWA = 1
    BAIK = 2
    BUTUH_PERBAIKAN = 3
    KURANG = 4
    SANGAT_KURANG = 5


ORGANISASI: Mapping[PredikatOrganisasi, str] = {
    PredikatOrganisasi.ISTIMEWA: "Istimewa",
    PredikatOrganisasi.BAIK: "Baik",
    PredikatOrganisasi.BUTUH_PERBAIKAN: "Butuh Perbaikan",
    PredikatOrganisasi.KURANG: "Kurang",
    PredikatOrganisasi.SANGAT_KURANG: "Sangat Kurang",
}
"""The predikat of organisations as people call them."""

_CALLED = {name.casefold(): predikat for predikat, name in ORGANISASI.items()} | {
    "cukup": PredikatOrganisasi.BUTUH_PERBAIKAN,
    "butuh perbaikan/cukup": PredikatOrganisasi.BUTUH_PERBAIKAN,
}


def organisation_predikat(text: str) -> PredikatOrganisasi:
    """The predikat that hr wrote, whatever its capitals, blanks and underscores; "Cukup" is Butuh Perbaikan."""
    found = _CALLED.get(" ".join(text.replace("_", " ").casefold().split()))
    if found is None:
        raise UnknownPredikat(
            f"Predikat organisasi '{text[:30]}' tidak dikenal. Isi dengan {', '.join(ORGANISASI.values())}.",
            detail="unknown predikat of an organisation",
            field="predikat",
        )
    return found
