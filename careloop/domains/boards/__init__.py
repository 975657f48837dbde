"""Boards: numbers that people watch together. What a tile asks is kept here; what it comes to is measured elsewhere."""
