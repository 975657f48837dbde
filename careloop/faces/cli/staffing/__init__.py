"""What `careloop staffing` understands, works out and says."""
