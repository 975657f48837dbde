"""Pages for customers: the portal and web forms."""
