"""When summaries are due and what they may say: pure."""
