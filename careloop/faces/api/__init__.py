"""Typed HTTP for machines."""
