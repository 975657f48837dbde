"""Matters to be solved."""
