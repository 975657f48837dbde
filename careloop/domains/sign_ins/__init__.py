"""How customers enter the portal: one-time links by mail, and the sessions they open."""
