"""Our words to customers and third parties: written on a case, sent from its mailbox, threaded for every client."""

from careloop.processes.answering.drafting import OpenDraft, files_at_hand, keep_draft, open_draft
from careloop.processes.answering.first_texts import text_first
from careloop.processes.answering.forwarding import forward
from careloop.processes.answering.noting import note
from careloop.processes.answering.openings import open_by_hand, receive_request, write_first
from careloop.processes.answering.phrases import Phrase, phrases, unfilled_places
from careloop.processes.answering.recipients import Recipients, usual_recipients
from careloop.processes.answering.replying import add_word_of_customer, reply, take_back
from careloop.processes.answering.resending import send_again
from careloop.processes.answering.uploading import upload

__all__ = [
    "OpenDraft",
    "Phrase",
    "Recipients",
    "add_word_of_customer",
    "files_at_hand",
    "forward",
    "keep_draft",
    "note",
    "open_by_hand",
    "open_draft",
    "phrases",
    "receive_request",
    "reply",
    "send_again",
    "take_back",
    "text_first",
    "unfilled_places",
    "upload",
    "usual_recipients",
    "write_first",
]
