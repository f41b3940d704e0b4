"""Time-ordered identities (UUIDv7, RFC 9562) and the clock, so that both can be passed in and replaced in tests."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta

_last = _ahead_ns = 0
_lock = threading.Lock()


def new_id() -> str:
    """A UUIDv7 in text; ids made in one process sort in the order in which they were made."""
    global _last  # noqa: PLW0603  # the order within a millisecond is this one number's purpose
    with _lock:
        now = time.time_ns() + _ahead_ns
        ticks = now * 4096 // 1_000_000  # milliseconds with 12 fractional bits, as RFC 9562 §6.2 method 3
        _last = ticks = max(ticks, _last + 1)
    millis, fraction = divmod(ticks, 4096)
    rest = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    text = f"{(millis << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | rest:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_ahead = timedelta()


def put_clock_ahead(days: int) -> None:
    """Let this process live so many days later: how a demonstration or a training gets to the end of a month."""
    global _ahead, _ahead_ns, _last  # noqa: PLW0603  # a process has one clock
    _ahead = timedelta(days=days)
    _ahead_ns, _last = days * 86_400 * 1_000_000_000, 0


def utc_now() -> datetime:
    """The time, aware and in UTC, in the milliseconds that BSON keeps."""
    now = datetime.now(UTC) + _ahead
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
