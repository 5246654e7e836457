"""The form that brings in a review which is already running."""

from datetime import date

from wtforms import SelectField, StringField

from tracker.forms.facts import DayField, offered
from tracker.forms.reviews import ReviewForm

DATES = {
    "received_on": "Date the death came to the partnership's attention",
    "decision_on": "Date of the decision",
    "ho_notified_on": "Date the Home Office was told of the decision",
    "family_notified_on": "Date the family was told of the decision",
    "ho_response_on": "Date the Home Office replied about a decision not to review",
    "chair_appointed_on": "Date the chair was appointed",
    "first_panel_on": "Date of the first panel meeting",
    "tor_agreed_on": "Date the terms of reference were agreed",
    "start_drafting": "Date drafting began",
    "family_offered_draft_on": "Date the family was offered the draft",
    "csp_meeting_on": "Date of the partnership's meeting about the report",
    "signed_off_on": "Date the partnership signed the report off",
    "submitted_on": "Date it was submitted to the Home Office",
    "dac_copy_sent_on": "Date the copy went to the Domestic Abuse Commissioner",
    "feedback_letter_on": "Date of the Home Office feedback letter",
    "published_on": "Date of publication",
    "withhold_decided_on": "Date it was decided not to publish",
    "audit_1_completed_on": "Date the first audit of the action plan was complete",
    "audit_completed_on": "Date the closing audit of the action plan was complete",
    "closed_on": "Date the partnership concluded the review",
}
"""Every date that can be known, in the order of the process. ``start_drafting`` is the day of a step."""


class BackCaptureForm(ReviewForm):
    """Where the review is now and the dates that are known."""

    partnership = SelectField("Partnership", validate_choice=False)
    lead_officer = SelectField("Lead officer", validate_choice=False)
    state = SelectField("Where the review is now", validate_choice=False)
    deceased_pseudonym = StringField(
        "Pseudonym of the person who died (optional)", description="Never the real name"
    )
    qa_outcome = SelectField(
        "Outcome of quality assurance, if it is being amended",
        choices=offered(
            (
                ("", "Not known"),
                ("publish_after_amendments", "Publish after amendments"),
                ("resubmit", "Resubmit"),
            )
        ),
        validate_choice=False,
    )

    def dates(self, today: date) -> dict[str, date]:
        """The dates that were given. What cannot be read is said at its field."""
        found = {name: self.day_in(name, today, needed=name == "received_on") for name in DATES}
        return {name: day for name, day in found.items() if day is not None}


for _name, _label in DATES.items():
    setattr(BackCaptureForm, _name, DayField(_label))
