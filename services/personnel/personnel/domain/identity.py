"""The ids of people and units whom a source knows already: the same source id gives the same UUID, on every run.

So a unit can name its leader before the leader's own record has come, and an import that is run again finds whom it
wrote the first time.
"""

from __future__ import annotations

from uuid import UUID, uuid5

_PEOPLE = UUID("6f9f2a0e-5d8b-5c57-9c0e-0a6a3e0b7a11")
_UNITS = UUID("2b1de6f4-9f0c-5a3d-8a44-7c1f5b8e4d22")
_APPLICATIONS = UUID("9a3c5d1e-70b4-5e0f-b6a2-41d87c2f9e33")


def employee_id_of(siasn_id: str) -> str:
    """The employee id of a person by SIASN's id of them."""
    return str(uuid5(_PEOPLE, siasn_id.casefold()))


def unit_id_of(source_id: str) -> str:
    """The unit id of a unit by SIASN's unorId."""
    return str(uuid5(_UNITS, source_id.casefold()))


def application_id_of(selection_id: str, applicant: str) -> str:
    """The application of an employee (by id) or another candidate (by participant number) to a selection: one each."""
    return str(uuid5(_APPLICATIONS, f"{selection_id}/{applicant.casefold()}"))
