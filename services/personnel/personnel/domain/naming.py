"""How a name is looked for: by the beginnings of its words, whatever their capitals and accents."""

from __future__ import annotations

import re
import unicodedata


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in plain lower-case letters and digits, each once, in order of the alphabet."""
    return tuple(sorted(set(re.findall(r"[a-z0-9]+", _plain(name)))))


def listed_as(name: str, id_: str) -> str:
    """What somebody's place in a list by name is: of bounded length, and never that of another with the same name.

    Shorter names come first: '!' sorts before '_', and that before all letters.
    """
    return f"{'_'.join(_plain(name).split())[:100]}!{id_}"


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
