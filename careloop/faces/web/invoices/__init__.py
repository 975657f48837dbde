"""What clients are billed for, on pages."""
