"""The cast in workspaces that are ready for cases, and Omar's mail about his parcel."""

from tests.faces.web.casepage.conftest import Browsers, Opened, bare_house, house, opened, quick_passwords, signed_in

__all__ = ["Browsers", "Opened", "bare_house", "house", "opened", "quick_passwords", "signed_in"]
