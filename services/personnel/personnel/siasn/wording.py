"""How names are written: SIASN holds them in odd capitals, with stray and double spaces."""

from __future__ import annotations

import re
import unicodedata

_SMALL = {"dan", "di", "ke", "dari", "pada", "untuk", "serta", "atau", "yang", "dengan", "bagi", "bin", "binti"}
_ACRONYM = re.compile(
    r"ASN|BKD|BKPSDM|BLUD|BPBD|BPKAD|DPMPTSP|DPRD|IGD|KB|KUA|PAUD|PNS|PPPK|PUPR|RSUD|R[TW]|SDM?|SDN|SLB"
    r"|SM[AKP]N?|TIK|TK|TPA|UMKM|UPTD?|[IVX]+"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
_WELL_WRITTEN = re.compile(r"[A-Z][a-z'’`]*(?:[A-Z][a-z]+)*")


def squeezed(text: str) -> str:
    """One line of printable text: composed characters, single spaces, nothing at the ends."""
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c.isspace())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def person_name(text: str) -> str:
    """``SITI  nUR'aini`` is Siti Nur'aini; what is well written already, such as McKay, stays as it is."""
    return _WORD.sub(_name_word, squeezed(text))


def title(text: str) -> str:
    """The name of a unit or post: when it shouts it is brought down to words, acronyms and numerals kept."""
    text = squeezed(text)
    if not text.isupper():
        return text
    words = _WORD.sub(lambda found: _title_word(found.group()), text)
    return words[:1].upper() + words[1:]


def slug(text: str) -> str:
    """A path segment of lower-case letters, digits, dots and hyphens, at most 40 long; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:40].rstrip("-.")


def _name_word(found: re.Match[str]) -> str:
    word = found.group()
    if word.lower() in _SMALL:
        return word.lower()
    return word if _WELL_WRITTEN.fullmatch(word) else word.capitalize()


def _title_word(word: str) -> str:
    if _ACRONYM.fullmatch(word):
        return word
    return word.lower() if word.lower() in _SMALL else word.capitalize()
