from careloop.kernel.errors import NotFound, TooLarge

__all__ = ["FileNotFound", "FileTooLarge"]


class FileNotFound(NotFound):
    pass


class FileTooLarge(TooLarge):
    pass
