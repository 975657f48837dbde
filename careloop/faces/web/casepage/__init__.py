"""One case: its story, what it is about, and where it is answered."""
