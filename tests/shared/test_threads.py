"""Who is cancelled waits for what has begun, and leaves no error behind that nobody has looked at."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import Any

from kinara.kit.threads import in_thread


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
