"""Google Calendar v3 over loopback HTTP: the outside world of the demo and the tests.

The package imports nothing else of the program, because it stands for a server somewhere
else. It is started as a process (`python -m governance.calendar.sandbox`) and reached over
HTTP alone: by the product with the real Google client, by tests and the demo additionally
with `client.SandboxControl`.

    server → routes → listing, writing, channels, directory, auth → world (calendars, copies, people)
                 ↘ faults, quota (what goes wrong on the way)
                 ↘ pushing (messages to whoever opened a channel)
    control → people (what users do in Google's own pages), faults, world

Numbers such as "item 38" in docstrings refer to the numbered list of Google Calendar's
behaviours in the contract suite's introduction.
"""
