"""Numbers and models, which need no Django and no database."""
