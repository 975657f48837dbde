"""Administration: a page that plays a customer."""
