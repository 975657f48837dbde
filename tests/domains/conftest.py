"""The cast, for every test of this floor."""

from tests.fixtures import house, north, quick_passwords, signed_in

__all__ = ["house", "north", "quick_passwords", "signed_in"]
