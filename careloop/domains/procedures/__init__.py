"""What must be done properly: stages, steps, forms and approvals that a case has to pass before it may be solved."""
