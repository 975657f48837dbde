"""One system for everybody who makes customer service good."""

__version__ = "0.1.0"
