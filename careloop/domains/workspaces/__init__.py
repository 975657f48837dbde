"""The operation that runs this installation, and its programs, each behind a wall."""
