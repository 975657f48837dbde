"""Vietnamese: 2.461,5."""
