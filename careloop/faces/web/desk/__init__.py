"""The desk: lists of cases, finding things, customers, and what a workspace keeps for its work."""
