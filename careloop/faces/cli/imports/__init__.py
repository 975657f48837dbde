"""`careloop import`: old mail, and other systems' logs and tables."""
