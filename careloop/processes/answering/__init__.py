"""Our words to customers and third parties: written on a case, sent from its mailbox, threaded for every client."""

from careloop.processes.answering.forwarding import forward
from careloop.processes.answering.openings import open_by_hand, receive_request, write_first
from careloop.processes.answering.replying import add_word_of_customer, reply, take_back

__all__ = ["add_word_of_customer", "forward", "open_by_hand", "receive_request", "reply", "take_back", "write_first"]
