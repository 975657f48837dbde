"""Chats: a visitor of a site and somebody of ours, now; each is a contact over a conversation, and a case from its first word."""
