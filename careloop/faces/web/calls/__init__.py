"""Calls on every page and on their own: who calls, what they have open, and what was said."""
