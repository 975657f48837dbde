"""Pages of rules and macros."""
