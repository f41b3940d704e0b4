"""The garbage collector and the allocator, told what a service's memory looks like.

Reference counts free nearly everything here; the collector looks for cycles, which are few. By default it looks after
every 700 new objects, and walks over caches that do not change.

A batch needs some buffers of megabytes for a moment. The C library at first maps such buffers by themselves, but learns
from each that is freed to take larger ones from the heap, which then grows around what lies between them. Told where
to begin, it stops learning.
"""

from __future__ import annotations

import ctypes
import gc

NEW_OBJECTS, ROUNDS = 50_000, 20
"""How many new objects make a look worth while, and how many looks at young ones make one at all."""
LARGE_BYTES = 128 * 1024
"""From this size on a buffer is mapped by itself, and given back whole (glibc's own first value)."""
_M_MMAP_THRESHOLD = -3
"""Source: malloc.h of glibc, which alone has it."""


def settle() -> None:
    """Take what start-up has made out of the collector's sight, let it look less often, and keep the heap small."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, ROUNDS, ROUNDS)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
