"""Adding an action to a review: what is to be done, what is behind it, who leads it, and by when."""

from datetime import date

from wtforms import HiddenField, SelectField

from tracker.forms.facts import Choices, FactForm, complain, fact_form, offered
from tracker.forms.opened import numbered
from tracker.services.new_actions import NewAction
from workflows.action_item_v1 import ACTION_ITEM

ASKED = (
    "action_text", "recommendation_text", "recommendation_scope", "lead_agency", "lead_role", "target_on",
    "target_condition", "milestones",
)  # fmt: skip
BEHIND = frozenset({"recommendation_text", "recommendation_scope"})
"""What a recommendation says itself: not asked where the action is added under one."""
OPTIONAL = frozenset(ASKED) - {"action_text"}


class NewActionForm(FactForm):
    """The facts of a new action, and which of the review's recommendations is behind it."""

    recommendation = SelectField(
        "Which recommendation is behind it (optional)",
        description="Its own words and scope are then used. An early action needs none",
        validate_choice=False,
        default="",
    )
    request_id = HiddenField()

    def asked(self, today: date) -> NewAction | None:
        """The action as plain values; None if something is to put right, which is then said at its field."""
        facts = self.read(today)
        self.ask_for((("action_text",),), facts)
        chosen = self.recommendation.data or ""
        if chosen not in {str(choice[0]) for choice in self.recommendation.iter_choices()}:
            complain(self.recommendation, "Choose one of this review's recommendations, or none")
        if any(field.errors for field in self):
            return None
        text = str(facts.pop("action_text"))
        return NewAction(text, facts, recommendation=chosen, request_id=numbered(self.request_id.data))


def new_action_form(
    organisations: Choices, recommendations: Choices, *, answers_one: bool, blank: bool
) -> NewActionForm:
    """The form, with the bodies and recommendations that can be chosen.

    ``answers_one``: the action is added under a recommendation, whose words and scope it takes.
    """
    facts = [ACTION_ITEM.fact_by_name[name] for name in ASKED if not (answers_one and name in BEHIND)]
    made = fact_form(NewActionForm, facts, organisations=organisations, optional=OPTIONAL)
    form = made(formdata=None) if blank else made()
    form.recommendation.choices = offered((("", "None of them"), *recommendations))
    return form
