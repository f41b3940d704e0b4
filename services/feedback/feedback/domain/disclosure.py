"""What may be published of counted voices, so that nobody finds fewer than ten of them by adding and subtracting.

A figure is the total of a set of cells: a unit's subtree in a month, one rating of it, a campaign. The figures that are
published cut the cells into atoms: two cells are in the same atom where every figure holds both or neither. Whatever
sums and differences of figures are taken, they never tell the cells of one atom apart. So it is enough that each atom
that lies in any figure is empty or holds at least ten voices. Source: reference §4b (k-anonymity), proposal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

FEWEST = 10
"""k: fewest voices of which the public sees anything."""

Cell = TypeVar("Cell", bound=Hashable)


class Disclosure:
    """The figures that are published so far; each further one is let through only if all atoms stay large enough."""

    def __init__(self, counts: Mapping[Cell, int], fewest: int = FEWEST) -> None:
        self._counts: Mapping[Hashable, int] = {cell: n for cell, n in counts.items() if n}
        self._fewest = fewest
        self._atom: dict[Hashable, int] = {}
        """Of each cell that lies in a figure; what lies in none is nobody's to subtract from."""
        self._sizes: Counter[int] = Counter()

    def admit(self, figure: Collection[Hashable]) -> bool:
        """Whether this figure may be published beside those that were admitted; it then is one of them."""
        cells = [cell for cell in figure if cell in self._counts]
        inside: dict[int | None, list[Hashable]] = defaultdict(list)
        for cell in cells:
            inside[self._atom.get(cell)].append(cell)
        if self._total(cells) < self._fewest or not all(self._splits(*part) for part in inside.items()):
            return False
        for atom, part in inside.items():
            self._cut(atom, part)
        return True

    def _splits(self, atom: int | None, part: list[Hashable]) -> bool:
        """Whether cutting these cells from their atom leaves both sides empty or large enough."""
        taken = self._total(part)
        left = 0 if atom is None else self._sizes[atom] - taken
        return taken >= self._fewest and (left == 0 or left >= self._fewest)

    def _cut(self, atom: int | None, part: list[Hashable]) -> None:
        new, taken = len(self._sizes), self._total(part)
        if atom is not None:
            self._sizes[atom] -= taken
        self._sizes[new] = taken
        self._atom |= dict.fromkeys(part, new)

    def _total(self, cells: Iterable[Hashable]) -> int:
        return sum(self._counts[cell] for cell in cells)


def publishable(counts: Mapping[Cell, int], figures: Iterable[Collection[Cell]], fewest: int = FEWEST) -> list[bool]:
    """For each figure, the most wanted first, whether it is published: one that would give others away gives way."""
    shown = Disclosure(counts, fewest)
    return [shown.admit(figure) for figure in figures]
