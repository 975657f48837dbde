"""Any table to facts, by a mapping that says where each column comes from. docs/reference/mapping.md is its manual."""

from careloop.insight.imports.mapping.language import Map, read_mapping
from careloop.insight.imports.mapping.reading import preview, read_facts

__all__ = ["Map", "preview", "read_facts", "read_mapping"]
