"""The tree of refusals is the one that its page draws."""

from __future__ import annotations

import re

from personnel.domain import refusals


def _drawn(doc: str) -> list[tuple[int, str]]:
    lines = doc.splitlines()[2:]
    return [(len(re.match(r"[│├└─ ]*", line).group()) // 4, line.strip("│├└─ ")) for line in lines if line.strip()]  # type: ignore[union-attr]


def _actual(root: type[Exception], depth: int = 0) -> list[tuple[int, str]]:
    below = [entry for child in root.__subclasses__() for entry in _actual(child, depth + 1)]
    return [(depth, root.__name__), *below]


def test_the_drawing_shows_every_refusal() -> None:
    assert _drawn(refusals.__doc__ or "") == _actual(refusals.Refusal)


def test_a_refusal_says_what_happened_where_and_to_whom_it_concerns() -> None:
    refusal = refusals.InvalidUnit("Nama unit kosong. Isi nama unit.", field="name", detail="blank")
    assert (str(refusal), refusal.field, refusal.detail) == ("Nama unit kosong. Isi nama unit.", "name", "blank")
