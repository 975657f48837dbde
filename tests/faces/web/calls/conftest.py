"""A workspace that is ready for cases, and browsers of its people."""

from tests.fixtures import quick_passwords, signed_in
from tests.processes.conftest import bare_house, house

__all__ = ["bare_house", "house", "quick_passwords", "signed_in"]
