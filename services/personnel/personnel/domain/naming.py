"""How a name is looked for: by the beginnings of its words, whatever their capitals and accents."""

from __future__ import annotations

import re
import unicodedata

_PLACE = re.compile(r".{0,100}![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.DOTALL)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in plain lower-case letters and digits, each once, in order of the alphabet."""
    return tuple(sorted(set(re.findall(r"[a-z0-9]+", _plain(name)))))


def listed_as(name: str, id_: str) -> str:
    """What somebody's place in a list by name is: of bounded length, and never that of another with the same name.

    Shorter names come first: '!' sorts before '_', and that before all letters.
    """
    return f"{'_'.join(_plain(name).split())[:100]}!{id_}"


def is_place(text: str) -> bool:
    """Whether this is a place that ``listed_as`` gives to somebody with a UUID."""
    return text.isascii() and _PLACE.fullmatch(text) is not None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
