"""How a name is looked for: by the beginnings of its words, whatever their capitals and accents."""

from __future__ import annotations

import re
import unicodedata


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in plain lower-case letters and digits, each once, in order of the alphabet."""
    return tuple(sorted(set(re.findall(r"[a-z0-9]+", _plain(name)))))


def listed_as(name: str) -> str:
    """What a name is sorted by, of bounded length."""
    return _plain(name)[:100]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
