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
    note_pausing,
    store_piece,
)
from careloop.domains.telephony.services.providing import (
    API_BASE,
    ProviderSettings,
    answer_hook,
    connect_provider,
    count_fetch,
    settle_hook,
    store_hook,
)
from careloop.domains.telephony.services.telling import MOST_TOLD, forget_heard, settle_heard, take_told

__all__ = [
    "API_BASE",
    "MOST_TOLD",
    "PbxSettings",
    "ProviderSettings",
    "add_pbx",
    "answer_hook",
    "change_pbx",
    "connect_provider",
    "count_fetch",
    "forget_heard",
    "forget_pieces",
    "go_live",
    "note_connected",
    "note_failure",
    "note_heard",
    "note_left",
    "note_names",
    "note_pausing",
    "pause_pbx",
    "seat_person",
    "settle_heard",
    "settle_hook",
    "settle_left",
    "store_hook",
    "store_piece",
    "take_told",
]
