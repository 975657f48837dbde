"""How far people who judge the same thing agree, and who is more severe (metrics.md §3.6)."""
