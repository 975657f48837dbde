"""What `careloop kpi` understands, measures and says."""
