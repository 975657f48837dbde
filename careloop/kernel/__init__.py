"""What every floor stands on; knows nobody."""
