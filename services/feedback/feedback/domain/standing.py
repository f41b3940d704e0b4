"""Repeat voting: of one person or device about one officer or unit, one voice within 30 days counts, the last.

The rule, and why: a voice **with a ticket** counts once for its ticket, whoever sends it, since each ticket is another
service. A voice **without** one is held against others only where the page sent its device key, a random number that
it made and keeps: people behind one office address differ by it, and whoever sends none is limited by the cap of their
address instead (`guard`). A new key for every voice gains nothing for the same reason. Of a **verified person** one
rating and one answer count, whatever the device. The one place for a person or device and a subject is a document with
their keyed hash as its id: the unique index of ids settles two voices at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(days=30)
"""Two voices further apart count both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The voice of a person or device about a subject that counts at present."""

    id: str
    """A keyed hash of who speaks and the subject: ``Sender.standings``."""
    feedback_id: str
    """The rating, or the answer."""
    given_at: datetime

    def replaced_at(self, at: datetime) -> bool:
        """Whether a voice at this moment takes its place, instead of standing beside it."""
        return at - self.given_at < WITHIN
