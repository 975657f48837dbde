"""Pages of boards and numbers."""
