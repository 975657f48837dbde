"""Queueing against its reference, closed forms, a simulation, and what must hold everywhere."""
