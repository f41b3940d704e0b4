"""The collector looks less often once a service has started, and not at what start-up has made."""

from __future__ import annotations

import gc

from kinara.kit import memory


def test_what_start_up_has_made_is_out_of_sight_and_looks_are_rare() -> None:
    before = gc.get_threshold()
    try:
        memory.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (memory.NEW_OBJECTS, memory.ROUNDS, memory.ROUNDS)
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
