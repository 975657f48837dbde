"""Metrics and models over files and schemas; knows no table and no Django."""
