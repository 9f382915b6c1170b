"""The agenda of an occurrence: services over `domain.agenda`.

rows + the calendar as last seen → AgendaPage → cut for its reader
an act → the rows that derived places stand for, its own, and an entry in the ledger
"""
