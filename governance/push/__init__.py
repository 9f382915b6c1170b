"""Push: Google announces that something in a calendar has changed, and nothing else; reading it stays our business.

    claim (our row) ─→ watch (Google) ─→ record ─→ … first notification: confirmed ─→ … renew ─→ stop the old one

`deciding` says what is to be done with the channels of a calendar, `tending` does it in the calendar's own turn, and
`states` tells the scheduler whom to give one. What a notification does is in `governance.services.channels`.
"""

NOTIFICATIONS_PATH = "/google/notifications"
"""Below the public address: where Google announces."""
