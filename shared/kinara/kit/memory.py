"""The garbage collector, told what a service's memory looks like.

Reference counts free nearly everything here; the collector looks for cycles, which are few. By default it looks after
every 700 new objects, and walks over caches that do not change.
"""

from __future__ import annotations

import gc

NEW_OBJECTS, ROUNDS = 50_000, 20
"""How many new objects make a look worth while, and how many looks at young ones make one at all."""


def settle() -> None:
    """Take what start-up has made out of the collector's sight, and let it look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, ROUNDS, ROUNDS)
