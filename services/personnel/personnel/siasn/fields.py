"""Reading single fields of a raw SIASN record, each failure naming the field and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from personnel.siasn.wording import squeezed

LONGEST_VALUE = 300
_DAY = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)
_GUARDED = re.compile(r"\A'(?=['=+\-@＝＋－＠\d])")
_FIRST_YEAR, _LAST_YEAR = 1930, 2100
_EMPTY = {"", "-", "null", "NULL", "None"}


class UnfitField(Exception):
    """A field of a record is not what it should be."""

    def __init__(self, name: str, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason
        self.detail = detail


class Record:
    """A raw record, from JSON or from a spreadsheet, read field by field."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw
        self._by_folded_name: dict[str, str] | None = None

    def text(self, name: str) -> str | None:
        """The field as squeezed text, ``None`` when empty. Codes that a spreadsheet made numbers are text again."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, date):
            value = f"{value:%d-%m-%Y}"
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise UnfitField(name, f"{name}: diharapkan teks", f"a {type(value).__name__} instead of text")
        text = _GUARDED.sub("", squeezed(str(value)))
        if len(text) > LONGEST_VALUE:
            raise UnfitField(name, f"{name}: lebih dari {LONGEST_VALUE} karakter", "value too long")
        return None if text in _EMPTY else text

    def required(self, name: str, expected: str) -> str:
        """The field as text, which must not be empty."""
        text = self.text(name)
        if text is None:
            raise UnfitField(name, f"{name}: kosong, diharapkan {expected}", "required field is empty")
        return text

    def day(self, name: str) -> date | None:
        """A ``dd-mm-yyyy`` date, or a real date cell of a spreadsheet."""
        value = self._value(name)
        if isinstance(value, datetime):
            value = value.date()
        text = self.text(name)
        if text is None:
            return None
        day = value if isinstance(value, date) else _day(text)
        if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise UnfitField(
                name,
                f"{name}: diharapkan tanggal dd-mm-yyyy antara {_FIRST_YEAR} dan {_LAST_YEAR}, diterima '{text[:30]}'",
                "not a dd-mm-yyyy date",
            )
        return day

    def required_day(self, name: str) -> date:
        """A date that must be given."""
        day = self.day(name)
        if day is None:
            raise UnfitField(name, f"{name}: kosong, diharapkan tanggal dd-mm-yyyy", "required date is empty")
        return day

    def one_of(self, name: str, *allowed: str) -> str:
        """A required code out of a few."""
        text = self.required(name, " atau ".join(allowed)).upper()
        if text not in allowed:
            raise UnfitField(
                name, f"{name}: diharapkan {' atau '.join(allowed)}, diterima '{text[:30]}'", "unknown code"
            )
        return text

    def is_number(self, name: str) -> bool:
        """Whether the source holds a number where a text of digits belongs."""
        value = self._value(name)
        return isinstance(value, int | float) or (isinstance(value, str) and _is_scientific(value))

    def excerpt(self, names: Iterable[str]) -> dict[str, str]:
        """The named fields as text, whatever they hold: what a rejected record shows."""
        shown = {name: self._value(name) for name in names}
        return {name: _shown(value)[:LONGEST_VALUE] for name, value in shown.items() if value is not None}

    def _value(self, name: str) -> object:
        """SIASN is not faithful to its own capitals (PerilakuKerjaNilai, NamaUnor), so they do not count."""
        if name in self._raw:
            return self._raw[name]
        if self._by_folded_name is None:
            self._by_folded_name = {key.strip().casefold(): key for key in self._raw}
        actual = self._by_folded_name.get(name.casefold())
        return None if actual is None else self._raw[actual]


def _day(text: str) -> date | None:
    parts = _DAY.fullmatch(text)
    if parts is None:
        return None
    day, month, year = map(int, parts.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_scientific(text: str) -> bool:
    return re.fullmatch(r"\s*\d([.,]\d+)?[eE]\+?\d+\s*", text, re.ASCII) is not None


def _shown(value: object) -> str:
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else _GUARDED.sub("", squeezed(str(value)))
