"""A calendar date as it is stored, and which dates a person's decision may have."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import PlainSerializer

from personnel.domain.refusals import NotYetInForce

Day = Annotated[date, PlainSerializer(date.isoformat, return_type=str)]
"""ISO text, because the database's own dates are instants with a zone."""


def refuse_not_yet_in_force(on: date, today: date) -> None:
    """A decision is recorded once it holds: what personnel knows decides who may see whom from this moment on.

    For what people record. A source such as SIASN is taken at its word, as of the day of the observation.
    """
    if on > today:
        raise NotYetInForce(
            f"Tanggal berlaku {on:%d-%m-%Y} belum tiba. Catat keputusan ini pada tanggal itu atau sesudahnya.",
            field="effective_on",
            detail="the date lies after today on the clocks of the province",
        )
