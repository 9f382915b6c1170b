"""Which worker looks after which calendar, and how one that hangs is kept from writing too late.

    heart      tells the database every few seconds that this process lives; its leases live as long
    sharing    decides which calendars to take and which to give away, so that everybody has their share
    fencing    lets a cycle write only while the calendar is still its worker's own

`services/leases.py` takes and gives; the clock is the database's.
"""
