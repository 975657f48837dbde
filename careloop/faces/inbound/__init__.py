"""Where mail arrives."""
