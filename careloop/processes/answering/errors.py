from careloop.kernel.errors import Refusal

__all__ = ["PlacesUnfilled", "WordsUnfit"]


class PlacesUnfilled(Refusal):
    """A text to the outside still has places such as {{ customer }} that nobody filled or said to leave."""


class WordsUnfit(Refusal):
    """What was written cannot go out on the channel of its conversation."""
