"""Whole histories against the sandbox calendar: whatever happens, the invitation comes to what the roster says."""
