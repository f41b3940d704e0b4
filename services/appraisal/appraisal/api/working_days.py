"""The office's calendar, for the doors behind which working days are counted."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from kinara.contracts.working_days import Calendar


async def _calendar(request: Request) -> Calendar:
    calendar: Calendar = request.app.state.calendar
    return calendar


CalendarDep = Annotated[Calendar, Depends(_calendar)]
