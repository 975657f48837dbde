"""Integrity checks: the known ways of making a number look better, looked for at each refresh (metrics.md §0.7, §2 “gaming”)."""

from collections.abc import Mapping
from types import MappingProxyType

from careloop.insight.kpis.checks import (
    calls,
    cases,
    commitments,
    contacts,
    customers,
    demand,
    grievances,
    judging,
    lacking,
    learning,
    quality,
    queues,
    records,
    scores,
    second_looks,
    solving,
    surveys,
    transfers,
    voice,
    work,
    workforce,
)
from careloop.insight.kpis.checks.check import Above, Check, Method, Peers, Trend

__all__ = ["CHECKS", "Above", "Check", "Method", "Peers", "Trend"]

ROOMS = (
    queues,
    calls,
    demand,
    contacts,
    work,
    transfers,
    workforce,
    cases,
    commitments,
    solving,
    voice,
    surveys,
    scores,
    customers,
    grievances,
    quality,
    judging,
    learning,
    second_looks,
    records,
    lacking,
)
CHECKS: Mapping[str, Check] = MappingProxyType({check.id: check for room in ROOMS for check in room.CHECKS})
