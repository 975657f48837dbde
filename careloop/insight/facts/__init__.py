"""Facts: what happened, as rows that every number is made of.

    from careloop.insight import facts

    store = facts.FactStore(root)
    store.append("contact", rows, source="queue_log", at=now)
    held = facts.read(root)
    held["contact"].group_by("channel").agg(n=ibis._.count())

Needs the extra `analytics`. Why it is built so: docs/reasons/facts.md. The tables: docs/reference/facts.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careloop.insight.facts.facts import Facts
    from careloop.insight.facts.reading import read
    from careloop.insight.facts.store import Appended, FactStore

__all__ = ["Appended", "FactStore", "Facts", "read"]

_HOMES = {"Appended": "store", "FactStore": "store", "Facts": "facts", "read": "reading"}


def __getattr__(name: str) -> Any:
    # Who writes facts needs no Ibis, which costs a worker two seconds and 170 MB; who asks for tables needs nothing at all.
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
