from careloop.kernel.errors import Conflict, NotFound, Refusal

__all__ = ["MeasuringMissing", "MetricUnknown", "QuestionTooLong", "QuestionUnclear"]


class MeasuringMissing(Conflict):
    """The libraries that measure are not installed here."""


class MetricUnknown(NotFound):
    pass


class QuestionUnclear(Refusal):
    pass


class QuestionTooLong(Refusal):
    """Working it out was broken off."""
