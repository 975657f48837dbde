"""The rooms of the API: one module a noun."""
