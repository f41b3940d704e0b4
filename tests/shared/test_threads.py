"""Who is cancelled waits for what has begun, and leaves no error behind that nobody has looked at."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from typing import Any

from kinara.kit.threads import TURN_S, in_thread, short_turns


async def test_the_error_of_what_a_cancelled_caller_had_begun_is_looked_at() -> None:
    unseen: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))
    begun, go_on = threading.Event(), threading.Event()

    def fail() -> None:
        begun.set()
        go_on.wait(10)
        raise ZeroDivisionError

    task = asyncio.create_task(in_thread(fail))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait([task])
    assert task.cancelled()
    del task
    gc.collect()
    assert unseen == []


def test_threads_get_their_turn_sooner_than_python_gives_it() -> None:
    before, pythons_own = sys.getswitchinterval(), 0.005
    try:
        sys.setswitchinterval(pythons_own)
        short_turns()
        assert sys.getswitchinterval() == TURN_S < pythons_own
    finally:
        sys.setswitchinterval(before)
