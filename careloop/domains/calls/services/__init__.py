"""Acts on calls: the only code that writes these tables."""

from careloop.domains.calls.services.following import follow_calls
from careloop.domains.calls.services.handling import attach_call, identify_caller, write_up_call

__all__ = ["attach_call", "follow_calls", "identify_caller", "write_up_call"]
