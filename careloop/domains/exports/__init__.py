"""Exports: facts that somebody asked to have as a file, how far it is, and the file for a day."""
