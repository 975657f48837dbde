"""What may cross the threshold."""

from dataclasses import dataclass

__all__ = ["OpenedLink"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLink:
    """What the holder of a link may know. next_path: where the customer wanted to go, or empty."""

    customer_id: int
    address: str
    next_path: str
