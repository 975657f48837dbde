"""What waits for somebody of ours: queues, what stands in them in one order for all channels, and to whom it was offered."""
