"""Ways for a mail to leave: a mail server, Gmail, and a folder that sends nothing."""
