"""Administration of the numbers that customers send text messages to."""
