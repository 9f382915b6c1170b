"""Copies of the database, and putting them back."""
