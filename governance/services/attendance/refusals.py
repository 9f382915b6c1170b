"""Why an act on attendance or on the question is not done."""

from governance.domain.errors import GovernanceError


class AttendanceRefused(GovernanceError):
    """Nothing was recorded."""


class NotNow(AttendanceRefused):
    """The room is closed, or the occurrence is another one."""
