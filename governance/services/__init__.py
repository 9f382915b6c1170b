"""One use-case a function: each takes a session, none opens or commits one."""
