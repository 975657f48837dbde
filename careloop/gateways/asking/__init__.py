"""Asking another system over HTTP: the one way out of the house."""

from careloop.gateways.asking.asking import TIME_LIMIT_S, ask, origin_of
from careloop.gateways.asking.types import Answer, Problem

__all__ = ["TIME_LIMIT_S", "Answer", "Problem", "ask", "origin_of"]
