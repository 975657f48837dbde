"""What is promised to customers and colleagues, the clocks of it, and whether it was kept."""
