"""Reports on their way: due, made, on the wire, and what became of them."""

from careloop.processes.reporting.asking import send_now
from careloop.processes.reporting.delivering import Compose, deliver
from careloop.processes.reporting.due import REPORT_RETRY, begin, retry
from careloop.processes.reporting.types import Attachment, Errand, Letter, Picture

__all__ = [
    "REPORT_RETRY",
    "Attachment",
    "Compose",
    "Errand",
    "Letter",
    "Picture",
    "begin",
    "deliver",
    "retry",
    "send_now",
]
