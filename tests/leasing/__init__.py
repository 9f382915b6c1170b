"""Leases: who may write to which calendar, and what becomes of whoever comes too late."""
