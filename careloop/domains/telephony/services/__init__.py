"""Acts on telephone systems: the only code that writes these tables."""

from careloop.domains.telephony.services.keeping import (
    PbxSettings,
    add_pbx,
    change_pbx,
    go_live,
    pause_pbx,
    seat_person,
)
from careloop.domains.telephony.services.leaving import note_left, settle_left
from careloop.domains.telephony.services.listening import (
    forget_pieces,
    note_connected,
    note_failure,
    note_heard,
    note_names,
    store_piece,
)
from careloop.domains.telephony.services.telling import MOST_TOLD, forget_heard, settle_heard, take_told

__all__ = [
    "MOST_TOLD",
    "PbxSettings",
    "add_pbx",
    "change_pbx",
    "forget_heard",
    "forget_pieces",
    "go_live",
    "note_connected",
    "note_failure",
    "note_heard",
    "note_left",
    "note_names",
    "pause_pbx",
    "seat_person",
    "settle_heard",
    "settle_left",
    "store_piece",
    "take_told",
]
