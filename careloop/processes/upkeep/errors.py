from careloop.kernel.errors import Conflict

__all__ = ["UpgradeUnsafe"]


class UpgradeUnsafe(Conflict):
    """Starting this version on this database could harm the data; nothing was changed."""
