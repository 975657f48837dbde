"""How often strangers may knock: counted per address and per machine, across all processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

__all__ = ["Limit", "seconds_to_wait"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many posts of one kind from one place.

    action: what is counted. most: per window. window_seconds: how long it is.
    field: the posted field whose value is the place, such as an address; empty counts by the visitor's machine.
    """

    action: str
    most: int
    window_seconds: int
    field: str = ""


def seconds_to_wait(request: HttpRequest, *, limits: Sequence[Limit], at: datetime) -> int:
    """Count this request and return how many seconds its sender has to wait; 0 when they may go on.

    Called outside the workspace's transaction, so that a refusal does not undo the count.
    """
    waits = [_wait(limit, _place(request, limit), at) for limit in limits]
    return max(waits, default=0)


def _wait(limit: Limit, place: str, at: datetime) -> int:
    if not place:
        return 0
    window, elapsed = divmod(int(at.timestamp()), limit.window_seconds)
    # Hashed, so that the table of counts holds no addresses.
    key = f"portal:{limit.action}:{window}:{salted_hmac('careloop.portal.limits', place).hexdigest()}"
    # One row for each post: `add` succeeds once for a row, so posts that come at the same moment are all counted.
    for number in range(int(cache.get(key, 0)), limit.most):
        if cache.add(f"{key}:{number}", True, timeout=limit.window_seconds):
            cache.set(key, number + 1, timeout=limit.window_seconds)
            return 0
    return limit.window_seconds - elapsed


def _place(request: HttpRequest, limit: Limit) -> str:
    if limit.field:
        return request.POST.get(limit.field, "").strip().lower()
    return str(get_adapter(request).get_client_ip(request))
