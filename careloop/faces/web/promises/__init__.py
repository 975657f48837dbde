"""Administration: what is promised to customers, and in which hours."""
