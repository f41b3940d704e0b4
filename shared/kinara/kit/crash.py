"""Named places where a test may kill the process, to prove that nothing is lost there.

``KINARA_CRASH_AT=outbox.after_send`` kills at the first passage, ``…:3`` at the third. Refused in production by the
settings; without the variable a point costs one comparison.
"""

from __future__ import annotations

import os
import signal

POINTS = (
    "outbox.before_send",  # after the transaction, before the relay sends
    "outbox.after_send",  # after the broker has it, before the relay keeps its position
    "inbox.after_effect",  # after the effect is stored, before the offsets are committed
    "rebuild.mid_swap",  # between two documents that a rebuild puts right
    "import.after_batch",  # between two batches of an import
    "clocks.after_complaint",  # between two complaints of which a clock has run out
    "publication.after_month",  # between two months that are published
    "publication.after_step",  # between two steps of a month that is published
    "outgoing.before_send",  # a record for BKN is marked as on its way, and was not sent
    "outgoing.after_send",  # BKN has answered, and what it said is not kept yet
    "settling.after_step",  # between two steps of the end of a session
    "offering.after_step",  # between two steps in which places are offered to who waits for money
    "closing.after_card",  # between two periods that are closed by themselves
    "seals.after_page",  # between two parts of a day that is sealed
    "moves.after_page",  # between two transactions in which documents follow to another path
)

_name, _, _count = os.environ.get("KINARA_CRASH_AT", "").partition(":")
_left = int(_count or 1)


def crash_point(name: str) -> None:
    """Die here, at once and without cleaning up, if the environment asks for it."""
    global _left  # noqa: PLW0603  # a countdown of the whole process
    if not _name or name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
