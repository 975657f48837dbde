"""What is going on now: counters kept by the log, targets, thresholds, and the alarms they raise."""
