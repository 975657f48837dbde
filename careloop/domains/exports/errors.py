from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["ExportNotFound", "ExportNotReady", "ExportUnclear", "MayNotExport", "TooManyExports"]


class ExportNotFound(NotFound):
    pass


class ExportNotReady(Conflict):
    """The file is not written yet, or never will be."""


class ExportUnclear(Refusal):
    pass


class MayNotExport(Forbidden):
    pass


class TooManyExports(Conflict):
    """So many are being written for this person already."""
