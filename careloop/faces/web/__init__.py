"""Pages for the people of the operation."""
