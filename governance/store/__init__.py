"""What is stored, and the only place that asks for it."""
