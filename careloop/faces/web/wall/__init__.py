"""What is going on now: the wallboard, its thresholds, and the alarms they raise."""
