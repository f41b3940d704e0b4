"""What follows a unit to another place in the tree: everything but published figures, which stay as they were.

What citizens said keeps its province: by its clock it was counted, and will be taken back where that is asked for.
"""

from __future__ import annotations

from kinara.kit.moves import Followers, Mover, kept_as_said

from feedback.store import (
    ANSWERS,
    CAMPAIGNS,
    CLIMATE_TALLIES,
    COMMITMENTS,
    COMPLAINT_TALLIES,
    COMPLAINTS,
    DRAWS,
    FEEDBACK,
    FORUMS,
    MODERATIONS,
    PROPOSALS,
    PULSES,
    SUBJECTS,
    TALLIES,
    TICKETS,
)

APART = {
    "subjects": "follow personnel's word about each unit and officer",
    "figures": "stay as they were published",
}
"""Why other documents with a path are not moved here."""
MOVER = Mover(
    SUBJECTS,
    [
        Followers(COMPLAINTS, moved=kept_as_said),
        Followers(COMPLAINT_TALLIES, moved=kept_as_said),
        Followers(FORUMS),
        Followers(PROPOSALS),
        Followers(COMMITMENTS),
        Followers(CAMPAIGNS),
        Followers(PULSES),
        Followers(CLIMATE_TALLIES),
        Followers(DRAWS),
        Followers(MODERATIONS),
        Followers(TICKETS, moved=kept_as_said),
        Followers(FEEDBACK, moved=kept_as_said),
        Followers(ANSWERS, moved=kept_as_said),
        Followers(TALLIES, moved=kept_as_said),
    ],
    awaited=[Followers(SUBJECTS, only={"kind": "employee", "active": True})],
)
