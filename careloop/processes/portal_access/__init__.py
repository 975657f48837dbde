"""What customers do for themselves: enter the portal by a link, read their requests, write."""

from careloop.processes.portal_access.entering import sign_in, visitor_of
from careloop.processes.portal_access.links import demo_link, mail_link, request_link
from careloop.processes.portal_access.reading import file_of_request, request_story
from careloop.processes.portal_access.types import Author, Enclosure, SignedIn, Story, Upload, Word
from careloop.processes.portal_access.writing import add_reply, write_request

__all__ = [
    "Author",
    "Enclosure",
    "SignedIn",
    "Story",
    "Upload",
    "Word",
    "add_reply",
    "demo_link",
    "file_of_request",
    "mail_link",
    "request_link",
    "request_story",
    "sign_in",
    "visitor_of",
    "write_request",
]
