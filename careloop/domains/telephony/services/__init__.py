"""Acts on telephone systems: the only code that writes these tables."""

from careloop.domains.telephony.services.keeping import (
    PbxSettings,
    add_pbx,
    change_pbx,
    go_live,
    pause_pbx,
    seat_person,
)
from careloop.domains.telephony.services.listening import (
    forget_pieces,
    note_connected,
    note_failure,
    note_heard,
    note_names,
    store_piece,
)

__all__ = [
    "PbxSettings",
    "add_pbx",
    "change_pbx",
    "forget_pieces",
    "go_live",
    "note_connected",
    "note_failure",
    "note_heard",
    "note_names",
    "pause_pbx",
    "seat_person",
    "store_piece",
]
