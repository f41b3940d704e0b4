"""I6: a projection folded anew from the topics is the live one, in all that follows from the log alone.

A command changes some of these documents too, and of facts by different speakers nobody promises an order. So each
projection says which of its fields follow from the log whatever came between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from faults.evidence import Evidence
from faults.verdict import Violation

Row = dict[str, Any]


def _fields(*names: str) -> Callable[[Row], Row]:
    return lambda document: {name: document.get(name) for name in names}


def _card(document: Row) -> Row:
    """Of a scorecard: who, where, and what others have said, month by month; not what was reported or rated here."""
    heard = {
        month: {name: told[name] for name in ("votes", "complaints", "learning")}
        for month, told in document["months"].items()
    }
    return {
        **_fields("person", "postings", "seats", "unit_path")(document),
        "months": {month: told for month, told in heard.items() if told != _EMPTY},
    }


_EMPTY = {
    "votes": {"weight": 0, "thirds": 0, "weight_squares": 0, "thirds_squares": 0, "count": 0, "held": []},
    "complaints": {"handled": 0, "solved": 0, "failed": []},
    "learning": {"offered": 0, "earned": 0, "mentoring": 0, "sessions": [], "called_off": []},
}
"""Of a month in which only commands did something."""


def _record(document: Row) -> Row:
    """Of a training record: who, where, and the needs, as long as no completion here has closed one and made room."""
    who = _fields("name", "kind", "unit_id", "unit_path", "supervisor_id", "active")(document)
    return who if document["completions"] else who | {"needs": sorted(need["id"] for need in document["needs"])}


FOLLOWS: Mapping[tuple[str, str], Callable[[Row], Row]] = {
    ("appraisal", "scorecards"): _card,
    ("appraisal", "units"): _fields("province", "unit_path", "name", "parent_id", "leader_id", "active", "months"),
    ("training", "records"): _record,
    ("training", "units"): _fields("name", "province", "unit_path", "active"),
    ("feedback", "subjects"): _fields("kind", "name", "unit_id", "unit_path", "province", "supervisor_id", "active"),
    ("personnel", "profiles"): _fields("appraisals", "courses", "voices"),
}


def projections(evidence: Evidence) -> Iterator[Violation]:
    """Live and folded anew, document by document."""
    for (service, collection), part in FOLLOWS.items():
        live = evidence.documents(service, collection)
        anew = {d["_id"]: d for d in evidence.seen.anew.get(service, {}).get(collection, [])}
        for id_ in sorted(live.keys() | anew.keys()):
            if id_ not in live or id_ not in anew:
                where = "only live" if id_ in live else "only when folded anew"
                yield Violation("I6", f"{service}.{collection}/{id_} is there {where}")
                continue
            ours, theirs = ({**part(d), "seen": d.get("seen"), "waits": d.get("waits")} for d in (live[id_], anew[id_]))
            differing = [name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]]
            if differing:
                told = {name: (ours[name], theirs[name]) for name in differing}
                yield Violation("I6", f"{service}.{collection}/{id_} live and anew: {told}"[:1500])
