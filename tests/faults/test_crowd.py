"""What counts as served while a crowd asks for more than can be."""

from faults.history import Operation, Outcome
from faults.nemeses.crowd import _rate


def answered(outcome: Outcome, at: float) -> Operation:
    return Operation("1", "feedback", "feedback", (), began=0.0, ended=at, outcome=outcome)


def test_goodput_is_what_was_accepted_before_the_time_was_over() -> None:
    done = [answered("ok", 1.0), answered("ok", 10.0), answered("ok", 10.1), answered("refused", 2.0)]
    assert _rate([*done, answered("unknown", 3.0)], 10.0, ends=10.0) == 0.2
