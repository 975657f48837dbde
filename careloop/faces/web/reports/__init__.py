"""Reports: boards as mails, and the pages on which people keep them."""
