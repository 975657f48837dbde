"""Supervision: people at work ask for help, and whoever leads comes."""
