"""What is wrong with a command line itself, apart so that importing it costs nothing."""


class NotUnderstood(Exception):
    """A command line that cannot be understood; the text begins with what to do."""
