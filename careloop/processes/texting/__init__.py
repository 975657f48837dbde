"""Text messages: in by webhook, out over the provider's API, and what became of them."""

from careloop.processes.texting.placing import TEXTING, fetch_files, read_waiting, take_in
from careloop.processes.texting.sending import put_on_wire
from careloop.processes.texting.statuses import tell_message
from careloop.processes.texting.storing import BadSignature, store_status, store_text
from careloop.processes.texting.trying import try_messenger

__all__ = [
    "TEXTING",
    "BadSignature",
    "fetch_files",
    "put_on_wire",
    "read_waiting",
    "store_status",
    "store_text",
    "take_in",
    "tell_message",
    "try_messenger",
]
