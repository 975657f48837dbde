"""What other departments and colleagues are asked to do for a case, and what came of it."""
