"""What a metric sums."""
