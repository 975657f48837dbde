"""Administration: web forms for the company's own sites."""
