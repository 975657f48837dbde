"""When the service is open: hours of a week, national holidays, and days that are different."""
