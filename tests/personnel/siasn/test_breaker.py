"""The circuit breaker."""

from __future__ import annotations

import pytest
from personnel.siasn.breaker import Breaker
from personnel.siasn.failures import CircuitOpen


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_failures_in_a_row_open_it() -> None:
    breaker = Breaker(3, 60, clock=_Clock())
    for _ in range(3):
        breaker.check()
        breaker.failed()
    with pytest.raises(CircuitOpen):
        breaker.check()


def test_a_success_in_between_starts_the_count_again() -> None:
    breaker = Breaker(3, 60, clock=_Clock())
    for _ in range(5):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    breaker.check()


def test_after_a_while_one_probe_passes_and_decides() -> None:
    clock = _Clock()
    breaker = Breaker(1, 60, clock=clock)
    breaker.failed()
    clock.now = 60.0
    breaker.check()
    with pytest.raises(CircuitOpen):
        breaker.check()
    breaker.failed()
    clock.now = 119.0
    with pytest.raises(CircuitOpen):
        breaker.check()
    clock.now = 120.0
    breaker.check()
    breaker.succeeded()
    breaker.check()
    breaker.check()
