"""A consistent copy of the database, and putting one back: the old state or the new one, whatever dies in between.

keeping.py    what the commands call: which database, which file, what is refused
placing.py    a file that is whole or not there
sqlite.py     through SQLite's own online copy
postgresql.py through pg_dump and pg_restore, within one transaction; script.py reads what they write
"""
