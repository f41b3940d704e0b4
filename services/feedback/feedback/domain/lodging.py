"""How many complaints come from one address about one unit in an hour: a flood of them would bury what citizens say.

Nothing leads from the count to a complaint or to the address: its id is a keyed hash that means nothing in any other
hour (``Sender.cluster``). (Proposal: reference §5.5 has caps for voices.) By counts under other ids,
``Sender.complainant``, it is told which complaints are a further one of a verified person who has complained about the
government in this month: the public is told nothing of fewer than ten people, and nine of ten complaints may be one's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedback.domain.refusals import TooManyComplaints

MOST = 20
"""From one address, about one unit, in an hour: a village or an office may share an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodging:
    """Complaints of one cluster."""

    id: str
    """The keyed hash of the cluster, or of a person in a month."""
    count: int = 0


def one_more(lodging: Lodging, most: int) -> Lodging:
    """The count with another complaint; refuses it where there have been as many as one address may lodge."""
    if lodging.count >= most:
        raise TooManyComplaints(
            f"Sudah {most} pengaduan tentang unit ini dari alamat internet yang sama dalam satu jam. "
            "Kirim lagi satu jam kemudian, atau sampaikan di loket atau melalui SP4N-LAPOR!.",
            field="unit_id",
            detail=f"{lodging.count} complaints of one address about this unit in this hour",
        )
    return replace(lodging, count=lodging.count + 1)
