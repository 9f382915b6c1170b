"""Old minutes, read: text becomes values with file and line, and these become what the rules would have remarked.

    file → Source → blocks → Reading(occurrences, doubts, not understood) → Rehearsal(table, findings)

Everything here is a pure function; only `governance/commands/rehearsing.py` opens files and prints. Whatever cannot be
read is listed with its place. Nothing is guessed: above all, no two names are one person unless somebody says so.
"""
