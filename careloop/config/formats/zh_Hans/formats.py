"""Thousands are set apart by commas, as in print and on banks' papers."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
