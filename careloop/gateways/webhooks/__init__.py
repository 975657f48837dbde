"""Handing a message to another system, and knowing afterwards what it answered."""

from careloop.gateways.webhooks.posting import post
from careloop.gateways.webhooks.types import Answer, Poster, Problem

__all__ = ["Answer", "Poster", "Problem", "post"]
