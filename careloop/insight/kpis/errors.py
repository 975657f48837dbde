"""What the catalogue cannot do, as sentences that a face translates (`Unusable.sentence`)."""

from careloop.kernel.sentences import Unusable

__all__ = ["BadOption", "BadQuestion", "UnknownMetric"]


class UnknownMetric(Unusable):
    """There is no metric of that name."""


class BadOption(Unusable):
    """An option does not exist, or cannot be that."""


class BadQuestion(Unusable):
    """A metric cannot be asked for in that way: by that dimension, in that period, with that filter."""
