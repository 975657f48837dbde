"""Administration: the telephone systems of a workspace."""
