"""Columns of facts with the types that the schemas promise; Ibis itself only knows that they are columns."""

from typing import cast

import ibis.expr.types as ir

__all__ = ["is_true", "number", "text", "total", "whole"]


def number(rows: ir.Table, name: str) -> ir.FloatingColumn:
    """Return a column of seconds, shares or other float64."""
    return cast("ir.FloatingColumn", rows[name])


def whole(rows: ir.Table, name: str) -> ir.IntegerColumn:
    """Return a column of whole numbers, such as `<instant>_us`."""
    return cast("ir.IntegerColumn", rows[name])


def text(rows: ir.Table, name: str) -> ir.StringColumn:
    """Return a column of ids, codes or enum members."""
    return cast("ir.StringColumn", rows[name])


def is_true(column: ir.Value) -> ir.BooleanColumn:
    """Read a yes/no in which null is "no"."""
    return cast("ir.BooleanColumn", column.fill_null(False))


def total(column: ir.Value) -> ir.FloatingScalar:
    """Add up a column; over no rows that is 0."""
    return cast("ir.FloatingScalar", cast("ir.NumericColumn", column).sum().fill_null(0.0))
