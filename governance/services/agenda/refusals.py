"""Why an act on the agenda is not done."""

from governance.domain.errors import GovernanceError


class AgendaRefused(GovernanceError):
    """Nothing was recorded; `field` is the field of the form that it is about, where it is about one."""

    def __init__(self, remedy: str, reason: str = "", *, field: str = "") -> None:
        super().__init__(remedy, reason)
        self.field = field


class NoItem(AgendaRefused):
    """The agenda has no such item."""

    def __init__(self) -> None:
        super().__init__("Look at the agenda again", "the item is not on it any more")


class ChangedSince(AgendaRefused):
    """Somebody else saved it since the form was made; what they wrote is shown beside what was typed."""

    def __init__(self) -> None:
        super().__init__("Compare both and save again", "somebody else has changed it since you opened it")
