from careloop.kernel.errors import Conflict, Refusal

__all__ = ["AlreadyTexting", "PlacesUnfilled", "WordsUnfit"]


class AlreadyTexting(Conflict):
    """A customer with whom a case by text message goes on."""


class PlacesUnfilled(Refusal):
    """A text to the outside still has places such as {{ customer }} that nobody filled or said to leave."""


class WordsUnfit(Refusal):
    """What was written cannot go out on the channel of its conversation."""
