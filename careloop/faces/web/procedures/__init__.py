"""What must be done properly: on the page of a case, before whoever approves, and the designer."""
