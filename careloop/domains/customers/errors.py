from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = ["AddressUnusable", "CustomerNotFound", "IdentityTaken", "MayNotChangeCustomers", "NameMissing"]


class CustomerNotFound(NotFound):
    pass


class MayNotChangeCustomers(Forbidden):
    pass


class IdentityTaken(Conflict):
    pass


class AddressUnusable(Refusal):
    pass


class NameMissing(Refusal):
    pass
