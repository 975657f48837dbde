"""A mapping begun from a file: from the names of its columns in four languages, and from what its values look like."""

from careloop.insight.imports.suggesting.beginning import suggest

__all__ = ["suggest"]
