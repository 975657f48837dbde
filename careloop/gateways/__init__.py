"""The outside world, each part with a fake twin for tests."""
