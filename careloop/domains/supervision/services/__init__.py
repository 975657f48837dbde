"""Acts of those who ask for help, who come, who tell their teams something, and who protect themselves."""

from careloop.domains.supervision.services.abuse import end_contact, give_rest, note_abuse, warn
from careloop.domains.supervision.services.hands import lower_hand, raise_hand, take_up_hand
from careloop.domains.supervision.services.messages import read_message, send_message

__all__ = [
    "end_contact",
    "give_rest",
    "lower_hand",
    "note_abuse",
    "raise_hand",
    "read_message",
    "send_message",
    "take_up_hand",
    "warn",
]
