"""The collector looks less often once a service has started, and not at what start-up has made."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys

import pytest
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


_MAPPED = """
import ctypes
from kinara.kit import memory

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Info

def mapped_by_a_buffer(size):
    before = libc.mallinfo2().hblkhd
    buffer = bytes(size)
    return libc.mallinfo2().hblkhd - before >= len(buffer)

bytes(4_000_000)  # mapped and freed: the library takes the next one of up to this size from its heap
learned = not mapped_by_a_buffer(1_000_000)
memory.settle()
print(learned, mapped_by_a_buffer(3_000_000))  # more than the heap has free
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="only glibc tells")
def test_large_buffers_are_mapped_by_themselves_however_many_were_freed_before() -> None:
    told = subprocess.run([sys.executable, "-c", _MAPPED], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True"]
