"""Where Google's behaviour varies or is not documented: both ways, to be chosen by a test."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Switches:
    gzip: bool = True
    """Item 4: compress answers for clients that accept it."""
    error_shape: str = "old"
    """Item 5: `old`, `both` (with `status` and `details`), `html` or `empty`."""
    access_refusal: str = "forbidden"
    """Item 14: a reader who writes is refused as `forbidden` or `requiredAccessLevel`."""
    guest_delay_seconds: float = 0.0
    """Item 15: guests' copies follow the organiser's after this long."""
    noop_changes_etag: bool = False
    """Item 18: a write that changes nothing still changes the etag."""
    exceptions_follow_guests: bool = False
    """Item 29: guests added to or taken off a series reach its exceptions too."""
    exceptions_follow_flags: bool = False
    """Item 29: the same for guest flags."""
    orphans_dropped: bool = False
    """Item 30: exceptions that no longer match a changed series are cancelled, not kept."""
    short_pages: bool = False
    """Item 35: pages hold about half of what was asked for, with an empty one among them."""
    token_parameters: str = "lenient"
    """Item 37: a sync token with other parameters is `lenient` (ignored) or `strict` (400)."""
    window_in_token: bool = False
    """Item 38: an incremental list keeps to the time window of the first list."""
    tombstone_days: int = 30
    """Item 41: how long a deleted event is remembered, and how far back `updatedMin` may go."""
    exceptions_first: bool = False
    """Item 44: exceptions are listed before their series, possibly on another page."""
    omit_attendees_over: int | None = None
    """Item 45: leave guests out of longer lists although `maxAttendees` was not given."""
    added_answers: str = "kept"
    """Item 48: the answer written for a new guest is `kept` or `reset` to needsAction."""
    duplicate_guests: str = "merged"
    """Item 48: the same address twice is `merged` or `refused`."""
    canonical_addresses: bool = False
    """Item 48: an alias is answered as the user's primary address."""
    time_change_resets_answers: bool = True
    """Item 49: moving an event sets its guests back to needsAction."""
    guest_writes: str = "ignored"
    """Item 52: what a guest may not change is `ignored` or kept `local` to the guest's copy."""
    conference_pending_reads: int = 0
    """Item 54: how many reads a new conference stays `pending`."""
    external_means: str = "other_domain"
    """Item 56: `externalOnly` mails `other_domain` or `not_google` guests."""
    quiet_delete_keeps_copies: bool = False
    """Item 56: deleting with `sendUpdates=none` leaves the event with its guests."""
    expanding_reads: int = 0
    """Item 57: how many reads a new group guest shows `asyncOperation: inProgress`."""
    many_guests: str = "refused"
    """Item 58: more than 200 guests are `refused`, or `unanswered` (answers not passed on)."""
    push_over_http: bool = False
    """Item 61: addresses may be plain http; otherwise they are refused."""
    channel_seconds: int = 604_800
    """Item 61: how long a channel lives when nothing shorter is asked for, and at most."""
    push_names_expiration: bool = True
    """Item 62: messages carry the end of their channel."""
    push_drops_every: int = 0
    """Item 63: every n-th message is lost; 1 loses all of them."""
    push_doubles: bool = False
    """Item 63: every message comes twice."""
    push_delay_seconds: float = 0.0
    """Item 63: messages are held back this long, by the sandbox's clock."""
    push_swaps: bool = False
    """Item 63: every second message of a channel is sent before the one that it follows."""
    push_attempts: int = 5
    """Item 63: how often a message is sent to a receiver that answers 500, 502, 503 or 504."""
    push_retry_seconds: float = 1.0
    """Item 63: the first wait between such attempts, each further one twice as long; in real time."""
    push_timeout_seconds: float = 10.0
    """Item 63: how long a receiver may take for each step of the connection; in real time."""
    user_units_per_minute: int | None = None
    """Item 66: what a user may use in any sliding minute; no limit when None."""
    project_units_per_minute: int | None = None
    """Item 66: the same for all users together."""
    quota_refusal: str = "429"
    """Item 66: who has used up the units is refused with `429` or `403`."""
    quota_names_wait: bool = False
    """Item 66: such a refusal carries Retry-After."""
    idle_seconds: float = 120.0
    """Item 8: how long an idle connection is kept."""

    def turn(self, name: str, value: object) -> None:
        if name not in {f.name for f in fields(self)}:
            raise ValueError(f"Choose a switch that exists, not {name!r}.")
        setattr(self, name, value)
