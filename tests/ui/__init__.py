"""The kit: what it prints, how it looks, what it refuses."""
