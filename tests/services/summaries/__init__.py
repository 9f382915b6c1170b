"""What goes by mail after an occurrence, and in a week."""
