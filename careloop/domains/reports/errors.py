from careloop.kernel.errors import Forbidden, NotFound, Refusal

__all__ = ["MayNotKeepReports", "ReportNotFound", "ReportUnclear"]


class ReportNotFound(NotFound):
    pass


class MayNotKeepReports(Forbidden):
    pass


class ReportUnclear(Refusal):
    pass
