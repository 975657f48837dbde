"""The people and organizations that are served, and the addresses they are known by."""
