from tests.fixtures import house, north, quick_passwords, signed_in

__all__ = ["house", "north", "quick_passwords", "signed_in"]
