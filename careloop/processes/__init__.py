"""Whatever needs more than one domain."""
