"""Reports: boards that people get by mail, when, and what became of each mail."""
