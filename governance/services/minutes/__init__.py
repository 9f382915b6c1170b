"""The minutes of an occurrence: who was there, what became of the agenda, what was decided and promised.

They are read from what was recorded and never written by hand, so they cannot say anything else than the pages do. No
position, and nobody who dissented, is in them.
"""
