"""Numbers that are doubted: what was found, the rows behind it, and what people say to it."""
