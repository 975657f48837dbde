from careloop.kernel.errors import NotFound

__all__ = ["ContactNotFound"]


class ContactNotFound(NotFound):
    pass
