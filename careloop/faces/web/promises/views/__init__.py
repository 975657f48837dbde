"""Pages of calendars and of policies."""
