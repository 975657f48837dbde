from careloop.kernel.errors import NotFound, Refusal

__all__ = ["LinkExpired", "LinkNotFound", "LinkUsed"]


class LinkNotFound(NotFound):
    pass


class LinkUsed(Refusal):
    status = 410


class LinkExpired(Refusal):
    status = 410
