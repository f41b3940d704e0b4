"""The circuit breaker: after many failures in a row nothing is asked for a while, then one attempt probes."""

from __future__ import annotations

import time

from personnel.siasn.failures import CircuitOpen
from personnel.siasn.pace import Clock


class Breaker:
    """Counts failures over all calls; one success closes it again."""

    def __init__(self, failures_to_open: int, open_for: float, *, clock: Clock = time.monotonic) -> None:
        self._failures_to_open = failures_to_open
        self._open_for = open_for
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    def check(self) -> None:
        """Refuse while open. Once the time is over one caller passes as the probe and the others go on waiting."""
        if self._failures < self._failures_to_open:
            return
        now = self._clock()
        if now < self._open_until:
            raise CircuitOpen(
                "SIASN berulang kali gagal menjawab. Penarikan dihentikan dahulu; lanjutkan dari baris ini nanti.",
                f"{self._failures} failures in a row, open for {self._open_until - now:.0f} s more",
            )
        self._open_until = now + self._open_for

    def succeeded(self) -> None:
        """An answer came, whatever it said."""
        self._failures = 0

    def failed(self) -> None:
        """No proper answer came."""
        self._failures += 1
        self._open_until = self._clock() + self._open_for
