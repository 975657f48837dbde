"""The fact tables of metrics.md §1: every column with its type, unit and meaning.

    from careloop.insight.facts.tables import TABLES

    TABLES["contact_segment"].column("talk_s").meaning

Names are those of metrics.md; where it only sketches a table, the metrics of §2 that need it have completed it. To read: each
instant `x` also comes as `x_us`, microseconds since 1970 in UTC, and `x_slot`, the second at which its half hour starts.
The same as a page: docs/reference/facts.md.
"""

from collections.abc import Mapping
from types import MappingProxyType

from careloop.insight.facts.tables import cases, contacts, customers, knowledge, people, voice
from careloop.insight.facts.tables.schema import ENVELOPE, Column, Kind, Table

__all__ = ["ENVELOPE", "SLOT_SECONDS", "TABLES", "Column", "Kind", "Table"]

SLOT_SECONDS = 1_800

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for room in (contacts, people, cases, voice, knowledge, customers) for table in room.TABLES}
)
