"""Every word a page says, made from values; templates place them and decide nothing.

A sentence that asks for something begins with what to do. Numbers have plurals, days are said as people say them,
times name their zone.
"""
