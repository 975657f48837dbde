"""What clients are billed for: statements of months, frozen once they are issued."""
