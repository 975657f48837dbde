"""Mailboxes and the quarantine, for those who keep them."""
