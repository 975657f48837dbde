"""Tasks: on the page of a case, and for those who are asked."""
