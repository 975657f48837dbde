"""One system for everybody who makes customer service good."""
