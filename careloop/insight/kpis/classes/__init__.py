"""How sums become numbers: one way for each aggregation class (metrics.md §0.2)."""
