"""Each domain owns its tables; upper may use lower, never the reverse."""
