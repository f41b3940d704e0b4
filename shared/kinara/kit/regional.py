"""Data that a region may replace: the file of its own folder (``KINARA_REGIONAL``), else the one that is shipped."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from kinara import contracts
from kinara.contracts.working_days import Calendar, parse_calendar
from kinara.kit import log
from kinara.kit.ids import utc_now

AHEAD = timedelta(days=92)
"""How long before it begins a year is missed: its decree is signed in the autumn."""
_log = log.get("regional")
_SHIPPED = Path(contracts.__file__).parent


def read(name: str, shipped: Path, folder: Path | None, *fields: str) -> Any:
    """What a file of data holds, with at least these fields; else the start ends with an error that names it."""
    own = folder / name if folder is not None else None
    path = own if own is not None and own.exists() else shipped / name
    with path.open(encoding="utf-8") as file:
        held = yaml.safe_load(file)  # of an open file YAML's own errors say the name
    if not isinstance(held, dict) or not held.keys() >= set(fields):
        raise ValueError(f"{path}: expected {', '.join(fields)}")
    return held


def calendar_of(folder: Path | None = None) -> Calendar:
    """The working days by which every service counts."""
    return parse_calendar(read("holidays.yaml", _SHIPPED, folder, "days"))


def warn_of_unknown_years(calendar: Calendar) -> None:
    """Say, as a service starts, where its clocks will count every Monday to Friday for want of a holiday."""
    today = utc_now().date()
    if years := calendar.unknown(today, today + AHEAD):
        _log.warning("no holidays known, every Monday to Friday counts", years=years)
