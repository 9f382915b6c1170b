"""The only place that has heard of Google.

A call goes down through `client` (or `directory`), `calling` and `authorising` to `transport`, which sends
it exactly once; the answer comes back up through `believing` and `translation`, a failure through
`refusals`. `deadlines` cuts whatever takes too long, and everything when the process stops.
`opening` builds all of it from the configuration.
"""
