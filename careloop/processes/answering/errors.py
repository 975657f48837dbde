from careloop.kernel.errors import Refusal

__all__ = ["PlacesUnfilled"]


class PlacesUnfilled(Refusal):
    """A text to the outside still has places such as {{ customer }} that nobody filled or said to leave."""
