"""Calls as they happen on telephone systems: who calls, where it rings, who answers, and what was written up."""
