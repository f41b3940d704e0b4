"""A calendar date as it is stored: ISO text, because the database's own dates are instants with a zone."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import PlainSerializer

Day = Annotated[date, PlainSerializer(date.isoformat, return_type=str)]
