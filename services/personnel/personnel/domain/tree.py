"""The units of a government as one tree, to look up who leads whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from personnel.domain.unit import Unit, superior_of


def lineage(path: str) -> tuple[str, ...]:
    """A path and those above it up to the root: ``/16.71/plaju``, ``/16.71``."""
    segments = path.split("/")
    return tuple("/".join(segments[:end]) for end in range(len(segments), 1, -1))


def government_of(path: str) -> str:
    """The path of the government (instansi) that a unit belongs to."""
    return lineage(path)[-1]


class Tree:
    """Units by id and by SIASN's id."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[str, Unit] = {}
        self._by_source: dict[str, str] = {}
        for unit in units:
            self.put(unit)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def put(self, unit: Unit) -> None:
        """Add a unit, or what has become of it."""
        self._units[unit.id] = unit
        if unit.source_id:
            self._by_source[unit.source_id] = unit.id

    def get(self, unit_id: str) -> Unit | None:
        """The unit with this id."""
        return self._units.get(unit_id)

    def by_source(self, source_id: str) -> Unit | None:
        """The unit with this unorId."""
        return self._units.get(self._by_source.get(source_id, ""))

    def at(self, path: str) -> Unit | None:
        """The unit at this path."""
        return next((unit for unit in self if unit.unit_path == path), None)

    def chain(self, unit: Unit) -> Sequence[Unit]:
        """The unit and those above it, up to the root."""
        chain = [unit]
        while (parent := self._units.get(chain[-1].parent_id or "")) is not None:
            chain.append(parent)
        return chain

    def superior(self, employee_id: str, unit: Unit) -> str | None:
        """The direct superior of somebody who works in ``unit``."""
        return superior_of(employee_id, self.chain(unit))

    def below(self, unit: Unit) -> list[Unit]:
        """Everything below a unit."""
        return [other for other in self if other.is_within(unit) and other.id != unit.id]
