"""How well the work goes: a live scorecard per employee, explained to the last event."""
