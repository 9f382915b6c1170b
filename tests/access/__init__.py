"""Who may what, tried at every door: every route for every role, every form without its token, every planted word."""
