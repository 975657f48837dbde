"""Who is here, what waits, who is asked, and by which rules: presence, offers, the floor, queues and skills."""
