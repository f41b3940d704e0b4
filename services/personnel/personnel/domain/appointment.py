"""When service began, as the NIP tells: nothing about an employee takes effect before that day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from personnel.domain.day import called, written
from personnel.domain.nip import MINIMUM_AGE, Nip, parse
from personnel.domain.refusals import BeforeAppointment


def appointed_on(nips: Iterable[str]) -> date:
    """The earliest day on which anything can hold about whoever has, or once had, these NIPs.

    Several, since a PPPK gets another NIP with another agency, and posts and ranks of the time before stay true.
    Birth dates are the NIP's own: a court may correct one later, and that changes no appointment.
    """
    return min(_earliest(parse(nip)) for nip in nips)


def refuse_before_appointment(on: date, appointed: date, field: str = "effective_on") -> None:
    """A year with a wrong digit would otherwise be announced, and no other service could make sense of it."""
    if on < appointed:
        raise BeforeAppointment(
            f"{called(field, on)} lebih awal dari pengangkatan pegawai menurut NIP ({written(appointed)}). "
            "Perbaiki tanggalnya, atau NIP-nya bila NIP itu yang keliru.",
            field=field,
            detail=f"expected {appointed.isoformat()} or later: the appointment that digits 9-14 of the NIP tell",
        )


def _earliest(nip: Nip) -> date:
    """The first day of the appointment's month, of its year for a PPPK; nobody is appointed as a child."""
    month = nip.code if nip.kind == "PNS" else 1
    of_age = nip.birth_date.replace(year=nip.birth_date.year + MINIMUM_AGE)
    return max(date(nip.appointed_year, month, 1), of_age)
