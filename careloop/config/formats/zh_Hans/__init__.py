"""Chinese: 2,461.5."""
