"""The work of the house from a terminal."""
