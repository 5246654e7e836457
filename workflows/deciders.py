"""Who decides under the procedures."""

from enum import StrEnum


class Decider(StrEnum):
    """Who decides under the procedures. The policy says which role of the system that is."""

    BU_OFFICER = "bu_officer"
    BU_MANAGER = "bu_manager"
    CSP_CHAIR = "csp_chair"
    AGENCY_LEAD = "agency_lead"
    PANEL = "panel"
    DECISION_MAKER = "decision_maker"
    PANEL_CHAIR = "panel_chair"
    DISSATISFACTION_REVIEWER = "dissatisfaction_reviewer"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """What the decider is called on a page."""
        return _DECIDER_LABELS[self]


_DECIDER_LABELS = {
    Decider.BU_OFFICER: "a business unit officer",
    Decider.BU_MANAGER: "a business unit manager",
    Decider.CSP_CHAIR: "the CSP chair",
    Decider.AGENCY_LEAD: "the agency's lead",
    Decider.PANEL: "the panel",
    Decider.DECISION_MAKER: "the decision-maker for the relevant bodies",
    Decider.PANEL_CHAIR: "the panel chair",
    Decider.DISSATISFACTION_REVIEWER: "the reviewer of the request",
    Decider.SYSTEM: "the system",
}
