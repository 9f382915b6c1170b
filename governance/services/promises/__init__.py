"""Promises: services over `domain.promises`.

rows → lines, say and do → cut for their reader
an act → the action, a row that says what became of it, and an entry in the ledger
"""
