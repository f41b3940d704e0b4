"""What a caller may see and change; every read and write of a scoped collection takes one.

Outside its scope a document does not exist: the predicate is part of the query, so the answer is "not found".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Scope:
    """Unit path prefixes, one's own records, and the records of one's direct reports; empty means nothing."""

    paths: tuple[str, ...] = ()
    own: str | None = None
    reports_of: str | None = None
    everything: bool = False
    label: str = "nobody"
    """Who is behind it; travels as the query's comment, so that it can be seen in the database's own logs."""
    person: str | None = field(default=None, compare=False)
    """Whoever is behind it as an employee, where they are one; it opens nothing."""

    def narrow(
        self, query: Mapping[str, Any], owner: str = "_id", supervisor: str = "supervisor_id"
    ) -> list[dict[str, Any]]:
        """The filters that together ask for ``query`` inside this scope; none if nothing can be found there.

        ``owner`` and ``supervisor`` name the fields with the ids of the employee and of their superior. Each way
        into the scope is a filter of its own, with one condition for each field: a server that plans badly
        answers an ``$or`` or ``$and`` by reading the whole collection.
        """
        if self.everything:
            return [dict(query)]
        allowed = [below(path) for path in self.paths]
        if self.own is not None:
            allowed.append({owner: self.own})
        if self.reports_of is not None:
            allowed.append({supervisor: self.reports_of})
        filters = (_both(query, clause) for clause in allowed)
        return [found for found in filters if found is not None]

    @property
    def who(self) -> str:
        """Whoever acts: an employee by their id, whatever their role; anybody else, or a system, by the account."""
        return self.own or self.reports_of or self.person or self.label

    def covers(self, unit_path: str) -> bool:
        """Whether a unit (and so what is created in it) lies inside the paths of this scope."""
        return self.everything or any(unit_path == p or unit_path.startswith(p + "/") for p in self.paths)

    def narrowed(self, unit_path: str) -> Scope:
        """This scope inside a unit: nothing if the unit lies outside."""
        return Scope(paths=(unit_path,) if self.covers(unit_path) else (), label=self.label, person=self.person)


def below(unit_path: str) -> dict[str, Any]:
    """The filter for a unit and everything below it: one index range over ``path``, which ends with a slash.

    Without that slash ``/16.71`` would be a prefix of ``/16.710``; '0' is the character after '/'.
    """
    return {"path": {"$gte": unit_path + "/", "$lt": unit_path + "0"}}


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": operator.eq,
    "$in": lambda value, many: value in many,
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}
_TIGHTER: dict[str, Callable[[Any, Any], Any]] = {"$gt": max, "$gte": max, "$lt": min, "$lte": min}


def _both(query: Mapping[str, Any], clause: Mapping[str, Any]) -> dict[str, Any] | None:
    """A filter for what fulfils both, or None where nothing can."""
    merged = dict(query)
    for name, condition in clause.items():
        merged[name] = _met(query[name], condition) if name in query else condition
        if merged[name] is None:
            return None
    return merged


def _met(one: Any, other: Any) -> Any:
    """One condition for two on the same field, None if they exclude each other."""
    for value, condition in ((one, other), (other, one)):
        if not isinstance(value, Mapping):
            limits = condition if isinstance(condition, Mapping) else {"$eq": condition}
            return value if all(_HOLDS[sign](value, limit) for sign, limit in limits.items()) else None
    return {**one, **{sign: _TIGHTER[sign](limit, one.get(sign, limit)) for sign, limit in other.items()}}


SYSTEM = Scope(everything=True, label="system")
"""For consumers, schedulers and feeds, which act for nobody in particular."""

PUBLIC = Scope(everything=True, label="public")
"""For what anonymous citizens may reach: documents addressed by a secret or an unguessable id only."""
