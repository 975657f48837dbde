from careloop.kernel.errors import Conflict, Forbidden, NotFound

__all__ = ["IssuedAlready", "MayNotSeeInvoices", "NotIssuable", "StatementNotFound"]


class MayNotSeeInvoices(Forbidden):
    pass


class StatementNotFound(NotFound):
    pass


class NotIssuable(Conflict):
    """The month is not over, its data are not complete, or an earlier month was issued later."""


class IssuedAlready(Conflict):
    pass
