"""Chats for our people: who waits, several at once, and where the widgets stand."""
