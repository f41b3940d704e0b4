"""The rules of appraisal: pure functions over frozen state; no clock, no IO, no chance."""
