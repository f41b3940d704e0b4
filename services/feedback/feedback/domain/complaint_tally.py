"""What the public sees of complaints: of each unit and month how many came, and what became of them; nobody's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kinara.contracts import Province

from feedback.domain.complaint import Complaint
from feedback.domain.guard import month_of

COUNTS = (
    "received", "open", "overdue", "solved_in_time", "solved_late", "closed_without_solution", "not_ours", "reopened"
)  # fmt: skip
"""Those that came; of them those that are open, and of these those of which a clock ever ran out; the others by what
they were told, in time if none did. Last, how often a citizen said that it was not so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTally:
    """The complaints of a unit that came in a month, as they stand now; none that oversight holds or has rejected."""

    id: str
    unit_id: str
    period: str
    """``2026-11``, on the region's own calendar."""
    province: Province
    unit_path: str
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    proven: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    """Those of them with a ticket, or of another verified person: so many people at least. None of those that came
    before this was told apart."""


def blank_complaints(complaint: Complaint) -> ComplaintTally:
    """The tally in which a complaint is counted, before the first."""
    month = month_of(complaint.opened_at, complaint.province)
    return ComplaintTally(
        id=f"{complaint.unit_id}/{month}",
        unit_id=complaint.unit_id,
        period=month,
        province=complaint.province,
        unit_path=complaint.unit_path,
    )


def moved(tally: ComplaintTally, before: Complaint | None, after: Complaint) -> ComplaintTally:
    """The tally once a complaint has taken a step; its first is to be there, or to be released."""
    old, new = _standing(before), _standing(after)

    def changed(counts: Mapping[str, int]) -> dict[str, int]:
        return {name: counts[name] + new[name] - old[name] for name in COUNTS}

    return replace(tally, counts=changed(tally.counts), proven=changed(tally.proven) if after.proven else tally.proven)


def by_outcome(counts: Mapping[str, int]) -> dict[str, int]:
    """Each complaint once, by what has become of it."""
    rest = {name: n for name, n in counts.items() if name not in ("received", "open", "reopened")}
    return rest | {"open_in_time": counts["open"] - counts["overdue"]}


def in_all(tallies: Iterable[ComplaintTally]) -> dict[str, int]:
    """The sums of many."""
    found = list(tallies)
    return {name: sum(tally.counts[name] for tally in found) for name in COUNTS}


def _standing(complaint: Complaint | None) -> dict[str, int]:
    counts = dict.fromkeys(COUNTS, 0)
    if complaint is None or complaint.status != "received":
        return counts
    counts["received"] = 1
    counts["reopened"] = sum(answer.contested_at is not None for answer in complaint.answers)
    if complaint.is_open:
        return counts | {"open": 1, "overdue": int(complaint.ever_late)}
    state: str = complaint.state
    if state == "solved":
        state = "solved_late" if complaint.ever_late else "solved_in_time"
    return counts | {state: 1}
