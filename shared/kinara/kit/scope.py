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

    def predicate(self, owner: str = "_id") -> dict[str, Any]:
        """The Mongo filter of this scope; ``owner`` names the field that holds the employee's id."""
        if self.everything:
            return {}
        allowed: list[dict[str, Any]] = [clause for path in self.paths for clause in within(path)]
        if self.own is not None:
            allowed.append({owner: self.own})
        if self.reports_of is not None:
            allowed.append({"supervisor_id": self.reports_of})
        if not allowed:
            return {"_id": {"$in": []}}
        return allowed[0] if len(allowed) == 1 else {"$or": allowed}

    def covers(self, unit_path: str) -> bool:
        """Whether a unit (and so what is created in it) lies inside the paths of this scope."""
        return self.everything or any(unit_path == p or unit_path.startswith(p + "/") for p in self.paths)


def within(path: str) -> list[dict[str, Any]]:
    """Filters for a unit and everything below it, by whole segments and by index range ('0' follows '/')."""
    return [{"unit_path": path}, {"unit_path": {"$gte": path + "/", "$lt": path + "0"}}]


SYSTEM = Scope(everything=True, label="system")
"""For consumers, schedulers and feeds, which act for nobody in particular."""

PUBLIC = Scope(everything=True, label="public")
"""For what anonymous citizens may reach: documents addressed by a secret or an unguessable id only."""
