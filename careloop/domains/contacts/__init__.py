"""Interactions as the customer lives them, with a segment for each team and agent: the unit of every operational metric."""
