from careloop.kernel.errors import Refusal

__all__ = [
    "AnsweredLately",
    "AnswersMachine",
    "AnswersSpam",
    "NobodyAnswered",
    "NobodyTold",
    "ReplyGone",
    "TooManyAnswers",
]


class AnswersSpam(Refusal):
    """Nothing automatic ever answers spam."""


class AnswersMachine(Refusal):
    """Nothing automatic ever answers what a machine wrote."""


class AnsweredLately(Refusal):
    """A rule has answered in this case within the hours in which it may once."""


class TooManyAnswers(Refusal):
    """The customer got all the automatic words of a day."""


class NobodyAnswered(Refusal):
    """Nobody has written to whom an answer could go."""


class ReplyGone(Refusal):
    """The saved reply was thrown away."""


class NobodyTold(Refusal):
    """There is nobody to tell."""
