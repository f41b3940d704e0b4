"""Faults against the running stack, and the proof that they would be noticed."""
