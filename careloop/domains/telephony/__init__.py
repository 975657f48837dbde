"""Telephone systems of a workspace: how they are reached, whose extensions are whose, and what they sent, as it came."""
