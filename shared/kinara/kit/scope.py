"""What a caller may see and change; every read and write of a scoped collection takes one.

Outside its scope a document does not exist: the predicate is part of the query, so the answer is "not found".
"""

from __future__ import annotations

from dataclasses import dataclass
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

    def clauses(self, owner: str = "_id", supervisor: str = "supervisor_id") -> list[dict[str, Any]]:
        """Mongo filters of which a document must match one; an empty list matches nothing.

        The arguments name the fields with the ids of the employee and of their superior.
        """
        if self.everything:
            return [{}]
        allowed = [below(path) for path in self.paths]
        if self.own is not None:
            allowed.append({owner: self.own})
        if self.reports_of is not None:
            allowed.append({supervisor: self.reports_of})
        return allowed

    def covers(self, unit_path: str) -> bool:
        """Whether a unit (and so what is created in it) lies inside the paths of this scope."""
        return self.everything or any(unit_path == p or unit_path.startswith(p + "/") for p in self.paths)

    def narrowed(self, unit_path: str) -> Scope:
        """This scope inside a unit: nothing if the unit lies outside."""
        return Scope(paths=(unit_path,) if self.covers(unit_path) else (), label=self.label)


def below(unit_path: str) -> dict[str, Any]:
    """The filter for a unit and everything below it: one index range over ``path``, which ends with a slash.

    Without that slash ``/16.71`` would be a prefix of ``/16.710``; '0' is the character after '/'.
    """
    return {"path": {"$gte": unit_path + "/", "$lt": unit_path + "0"}}


SYSTEM = Scope(everything=True, label="system")
"""For consumers, schedulers and feeds, which act for nobody in particular."""

PUBLIC = Scope(everything=True, label="public")
"""For what anonymous citizens may reach: documents addressed by a secret or an unguessable id only."""
