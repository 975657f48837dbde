"""What happens now, streamed to whoever may see it."""
