"""The weekly summary: what it is about, who reads it, when it goes, and the brief that follows it upstairs.

period (timing) ─► gather ─► cut for each reader ─► outbox
                      └────► brief ─► a day ─► leadership
"""
