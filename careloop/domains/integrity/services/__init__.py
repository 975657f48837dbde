"""Acts on flags: the only code that writes these tables."""

from careloop.domains.integrity.services.answering import answer, doubt
from careloop.domains.integrity.services.taking import take_findings

__all__ = ["answer", "doubt", "take_findings"]
