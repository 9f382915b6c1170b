"""Why an act on a decision is not done."""

from governance.domain.errors import GovernanceError


class DecisionRefused(GovernanceError):
    """Nothing was recorded; `field` is the field of the form that the refusal is about, where it is about one."""

    def __init__(self, remedy: str, reason: str = "", *, field: str = "") -> None:
        super().__init__(remedy, reason)
        self.field = field


class NoDecision(DecisionRefused):
    """The meeting has no such decision."""

    def __init__(self) -> None:
        super().__init__("Look for it in the log of decisions", "there is no such decision in this meeting")


class ChangedSince(DecisionRefused):
    """Somebody else saved it since the form was made; what they wrote is shown beside what was typed."""

    def __init__(self) -> None:
        super().__init__("Compare both texts and save again", "somebody else has changed it since you opened it")
