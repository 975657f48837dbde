"""Views of one case."""
