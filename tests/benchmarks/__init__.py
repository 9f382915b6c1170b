"""What the service costs: exact counts of what it asks and writes, and times against the same work by hand.

`python3 dev.py bench` prints one table. A count is either right or wrong, on any machine; a time is a ratio to a
yardstick that runs in the same process and in turn with it, because milliseconds only tell how busy the machine was.
"""
