"""Decisions: services over `domain.decisions`.

rows → Decision (values) → page, cut for its reader
an act → rows, the state that follows from them, and an entry in the ledger, in one transaction
"""
