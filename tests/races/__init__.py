"""Several worker processes on one PostgreSQL: killed, stopped and resumed while people change invitations."""
