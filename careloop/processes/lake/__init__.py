"""The lake: Careloop's own events become facts (metrics.md §1), continuously, and again from the beginning when asked."""
