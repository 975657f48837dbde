"""Views of procedures: in a case, of what waits for approval, and of the designer."""
