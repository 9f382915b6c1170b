"""Why no copy is made, and why one is not put back."""

from __future__ import annotations

from pathlib import Path

from governance.domain.errors import GovernanceError


class NotPlaced(GovernanceError):
    """The file cannot be written where it was asked for."""


class NotABackup(GovernanceError):
    """The file is none that this program could put back."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("Name a file that `governance backup` has written", f"{path} {why}")


class BackupNewer(GovernanceError):
    """The programs that are here cannot read the backup."""

    def __init__(self, path: Path, program: str) -> None:
        remedy = "Install the client programs of the PostgreSQL that the backup was made with, or of a newer one"
        super().__init__(remedy, f"{program} is older than {path}")


class NotEmpty(GovernanceError):
    """There is something in the database that would be lost."""

    def __init__(self, where: str, kept: str) -> None:
        super().__init__("Add --yes to put the backup in its place", f"there is something in {where} already; {kept}")


class InUse(GovernanceError):
    """Somebody is at work on the database."""

    def __init__(self, who: str) -> None:
        super().__init__("Stop the service first, on every machine", f"{who} is at work on this database")


class ProgramMissing(GovernanceError):
    """PostgreSQL's own programs are not here, or too old for the server."""
