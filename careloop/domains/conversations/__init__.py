"""Threads of messages with a customer or a third party, and what became of each message sent."""
