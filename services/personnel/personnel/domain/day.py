"""A calendar date as it is stored, how it is written, and that people record decisions once they hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import PlainSerializer

from personnel.domain.refusals import NotYetInForce

Day = Annotated[date, PlainSerializer(date.isoformat, return_type=str)]
"""ISO text, because the database's own dates are instants with a zone."""

_CALLED = {
    "effective_on": "Tanggal berlaku",
    "golongan_since": "TMT golongan",
    "jabatan_since": "TMT jabatan",
    "starts_on": "Tanggal mulai perjanjian kerja",
    "counted_until": "Akhir masa penilaian PAK",
    "pak_date": "Tanggal PAK",
    "document_date": "Tanggal dokumen",
}


def written(day: date) -> str:
    """The day as people write it; ``strftime`` would leave the zeros out of the year 206."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the first of March where there is no such day in February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def called(field: str, day: date) -> str:
    """The day with what people call its field."""
    return f"{_CALLED[field]} {written(day)}"


def refuse_not_yet_in_force(on: date, today: date, field: str = "effective_on") -> None:
    """A decision is recorded once it holds: what personnel knows decides who may see whom from this moment on.

    For what people record. A source such as SIASN may know what will hold, and is taken as of the day it is asked.
    """
    if on > today:
        raise NotYetInForce(
            f"{called(field, on)} belum tiba. Catat keputusan ini pada tanggal itu atau sesudahnya.",
            field=field,
            detail="the date lies after today on the clocks of the province",
        )
