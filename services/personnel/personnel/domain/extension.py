"""Scoring that would end too soon: more time, or further scorers, so that no selection is without a way to its result.

Nobody has seen a mark of others by then; who extended it, and why, is signed with the result (proposal).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from personnel.domain.day import written, years_after
from personnel.domain.employee import Employee
from personnel.domain.refusals import InvalidSelection
from personnel.domain.selection import Extension, Selection, refuse_decided, refuse_scorers

if TYPE_CHECKING:
    from personnel.domain.application import Application

MOST_EXTENSIONS = 20


def extend_scoring(
    selection: Selection, applications: Sequence[Application], scorers: Mapping[str, Employee], extension: Extension
) -> Selection:
    """Scoring goes on until a later day, with further scorers once it has begun."""
    refuse_decided(selection)
    _refuse_until(selection, extension)
    if len(selection.extensions) == MOST_EXTENSIONS:
        raise InvalidSelection(
            f"Penilaian sudah diperpanjang {MOST_EXTENSIONS} kali.", field="selection_id", detail="extended too often"
        )
    if extension.scorers and selection.state == "open":
        raise InvalidSelection(
            "Penilai ditunjuk pada saat penilaian dimulai.", field="scorers", detail="scoring has not begun"
        )
    if extension.scorers:
        refuse_scorers(applications, scorers, extension.scorers, selection.scorers)
    return replace(
        selection,
        scoring_until=extension.until,
        scorers=(*selection.scorers, *extension.scorers),
        extensions=(*selection.extensions, extension),
    )


def _refuse_until(selection: Selection, extension: Extension) -> None:
    """A later day, or the same one for further scorers; not over, and within a year."""
    until, known, latest = extension.until, selection.scoring_until, years_after(extension.on, 1)
    if until < known or (until == known and not extension.scorers) or not extension.on < until <= latest:
        raise InvalidSelection(
            f"Penilaian sekarang sampai {written(known)}. Perpanjang sampai hari yang akan datang, paling lambat "
            f"{written(latest)}.",
            field="scoring_until",
            detail="expected a later day that is not over, within a year",
        )
