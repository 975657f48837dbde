"""Where contacts come from: mailboxes and web forms, and the raw mail as it arrived."""
