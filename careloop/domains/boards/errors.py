from careloop.kernel.errors import Forbidden, NotFound, Refusal

__all__ = ["BoardNotFound", "BoardUnclear", "MayNotKeepBoards", "MayNotSeeNumbers"]


class BoardNotFound(NotFound):
    pass


class MayNotKeepBoards(Forbidden):
    pass


class MayNotSeeNumbers(Forbidden):
    pass


class BoardUnclear(Refusal):
    pass
