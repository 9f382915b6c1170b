"""What Google Calendar does, numbered: the sandbox keeps to it, this suite tries it on both.

The suite runs against the sandbox always, and against a real account when
`GOVERNANCE_CONTRACT_CREDENTIALS` (a service-account key or an authorised-user file),
`GOVERNANCE_CONTRACT_SUBJECT` (whom to act as) and `GOVERNANCE_CONTRACT_CALENDAR` (a calendar that
may be written to) are set. It makes its own events, invites only addresses of reserved domains,
mails nobody, and deletes what it made.

The numbers are cited by the sandbox and by its own tests. "Switch" means: Google's behaviour is
not documented or varies, so the sandbox can do both. Sources: Calendar API reference (events,
calendars), and its guides on errors, synchronisation, recurring events, inviting, extended
properties, versions of resources, and quotas.

Transport
 1  `primary` is the caller's calendar; ids in paths are percent-encoded.
 2  A GET that is too long comes as POST with `x-http-method-override` and a form.
 3  `alt`, `prettyPrint`, `quotaUser`, `key` mean nothing; `fields` selects at every depth.
 4  gzip when asked for (switch).
 5  Errors carry `domain`, `reason`, `message`, location; also with details, as HTML, empty (switch).
 6  Delete answers 204 without body; events carry their etag as header too.
 7  Unknown parameters are ignored, senseless values refused (400).
 8  Connections are kept, and closed when idle.

Who calls
10  `/token`: signed JWT or refresh token; fixed audience.
11  Delegation per client and scope; unknown, suspended, skewed, revoked are refused, each its way.
12  Access tokens expire (401) and lack scopes (403), by method.
13  A service account without subject reads, but cannot invite.
14  No access is 404, a reader's write 403, free-and-busy readers see instances without words.

Events
15  One copy a calendar; guests' copies follow the organiser's, at once or later (switch).
16  Reminders, colour, transparency, private properties belong to a copy.
17  Etags change with every change of the copy, a guest's answer included; `updated` not with reminders.
18  A write that changes nothing leaves the etag alone (switch).
19  Ids: made by Google, or chosen from a-v and 0-9; a used one is 409 for ever.
20  A series and its exceptions share the iCalUID.
21  Defaults are absent; `self` and `organizer` are told for the calendar in the path.
22  Read-only fields are ignored; type and privacy of a copy cannot change.
23  Times: both days or both instants, in order; a series needs a zone.

Recurrence
24  RRULE, EXRULE, RDATE, EXDATE in the event's zone, across changes of the clocks.
25  Instances are named `{series}_{original start}`; any of them can be read.
26  A write to an instance makes an exception with a full copy; its id stays.
27  A cancelled instance is bare, can be read, and restored.
28  `instances`: pages, window, `originalStart`, an instance's own id.
29  Exceptions keep their guests and flags when the series changes, or follow it (switch).
30  Exceptions that no longer match a moved series are kept or dropped (switch).
31  A split makes `{base}_R{stamp}`; instances of both halves are named after the base.
32  A guest of one instance has that instance and no series.
33  An answer to one instance makes it an exception.
34  `move` changes the organiser, answers with the cancelled stub.

Lists
35  `maxResults` is an upper bound; pages may be short or empty (switch).
36  Sync tokens on the last page of eligible lists; page tokens bound to their query.
37  Sync tokens forbid other filters; changed parameters are ignored or refused (switch).
38  Incremental lists give the latest state of what changed; nothing is lost while paging.
39  410: expired token (also in the middle), too old `updatedMin`, deleted twice.
40  Full lists have no tombstones, but the cancelled instances of living series.
41  `showDeleted` with and without `singleEvents`; tombstones are forgotten one day.
42  Cancelled items are bare; the organiser's own keeps its details when asked for directly.
43  `orderBy=startTime` wants instances; `timeMin` bounds ends, `timeMax` starts; offsets are mandatory.
44  Exceptions may come before their series (switch).
45  Beyond `maxAttendees` only the caller is listed, with `attendeesOmitted`; also unasked (switch).
46  Filters by property, uid, type, text, `updatedMin`.

Writes
47  PATCH merges objects, replaces arrays, null deletes; PUT replaces everything.
48  Guests: missing answer is needsAction; duplicates, aliases, answers of new guests (switches).
49  A new time asks everybody again (switch).
50  A body with `attendeesOmitted` counts only for the own answer.
51  `If-Match`: 412; `If-None-Match`: 304.
52  Guests: flags are 403, other shared changes are lost (switch), the own answer and private fields count.
53  Locked events keep their core.
54  Conferences only with version 1; request ids count once; may be pending (switch).
55  Extended properties: long keys dropped, long values cut, crowds refused.
56  `sendUpdates` decides who is mailed; the meaning of external, and quiet deletions (switches).
57  A group is one entry, reaches its members, follows its membership late, may be expanded.
58  More than 200 guests are refused, or their answers are not passed on (switch).
59  Answers come at any time and change the etag.
60  Guests, organisers and administrators act in Google's own pages.

Push
61  `watch`: https (plain http with a switch), ids once for ever, the earliest of the ends asked for and allowed.
62  `sync` is message 1, maybe before the answer; then `exists` for every change; headers only, numbers with gaps.
63  500, 502, 503, 504 are sent again, ever later; all else is final; lost, doubled, late, swapped (switches).
64  Channels end without a word; `stop` wants id and resource id from whoever opened it, else 404.

Trouble, quotas, log, neighbours
65  Refusals, slow, broken and senseless answers, by route and count.
66  Units in a sliding minute, by user and project; a patch is 3; delegation is one user unless one is named (switches).
67  Every request is logged with headers, body, subject and status.
68  One clock for tokens, tombstones, channels, quotas and stamps.
69  The Directory: users, aliases, groups, members.
"""
