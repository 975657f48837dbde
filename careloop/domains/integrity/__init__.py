"""Numbers that are doubted: what the integrity checks found, and what people said to it (metrics.md §0.7)."""
