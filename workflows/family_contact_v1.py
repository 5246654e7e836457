"""Contact with one relative, friend or other person close to whoever died.

The ``family_contact`` machine of docs/domestic-homicide-review.md 4.5, with the record of 5.6. Nothing here ever sends
a message to a family: the clock reminds the officer alone. No name is needed: a pseudonym and the relation are enough.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, Move, Stage, State, Workflow
from workflows.document_ladders import review_ladder
from workflows.effects import Cancel, Start
from workflows.ladder import Who
from workflows.selfcheck import checked

_UNIT = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_CLOCK = "FAMILY_CONTACT"

_STAGES = (Stage("before", "Before contact"), Stage("contact", "In contact"), Stage("none", "No contact"))
_STATES = (
    State("not_contacted", "Not contacted", "before", "Nobody has been in touch about the review yet."),
    State("contact_deferred", "Contact put off", "before", "It is not the time yet, for a reason that is recorded."),
    State("invited", "Invited", "contact", "Asked whether and how to take part. No answer yet."),
    State("engaged", "Taking part", "contact", "Takes part directly."),
    State("engaged_via_advocate", "Taking part through an advocate", "contact", "Takes part through somebody of their choice."),
    State("declined", "Does not take part", "none", "Has said no to taking part. That can change."),
    State("untraceable", "Could not be found", "none", "Attempts to reach them have failed."),
    State("no_contact_requested", "No contact wanted", "none", "Has asked not to be contacted. That can change."),
)  # fmt: skip
_FACTS = (
    ask.text("pseudonym", "Pseudonym", "Never the name", private=True),
    ask.text("relation", "Relation to whoever died", private=True),
    ask.choice(
        "route", "How to reach them",
        direct="Directly", flo="Through the family liaison officer", advocate="Through an advocate",
        solicitor="Through a solicitor",
    ),
    ask.text("advocate_organisation", "Organisation of the advocate", private=True),
    ask.text("language_access", "Language and accessibility", private=True),
    ask.choice(
        "contact_frequency", "How often they want to hear from us",
        four_weeks="About every 4 weeks", eight_weeks="About every 8 weeks", three_months="Every 3 months",
        six_months="Every 6 months", milestones="Only when something happens", never="Not at all",
    ),
    ask.long_text("contact_topics", "What they want to hear about, and what not", private=True),
    ask.yes_no("avoid_anniversaries", "Should anniversaries and birthdays be avoided?"),
    ask.day("invited_on", "Date they were invited"),
    ask.day("leaflet_sent_on", "Date the leaflet was sent"),
    ask.day("last_contact_on", "Date of the last contact"),
    ask.long_text("defer_reason", "Why contact is put off", private=True),
    ask.day("tor_seen_on", "Date they saw the terms of reference"),
    ask.long_text("tor_comment", "What they said about the terms of reference", private=True),
    ask.day("met_chair_on", "Date they met the chair"),
    ask.day("met_panel_on", "Date they met the panel"),
    ask.yes_no("pseudonym_chosen", "Did they choose the pseudonym?"),
    ask.day("draft_offered_on", "Date they were offered the draft"),
    ask.day("draft_read_on", "Date they had read the draft"),
    ask.long_text("draft_comments", "What they said about the draft", private=True),
    ask.long_text("draft_response", "What was answered", private=True),
    ask.day("told_of_submission_on", "Date they were told that it went to the Home Office"),
    ask.day("told_of_publication_on", "Date they were told of the publication"),
    ask.day("declined_on", "Date they said no"),
    ask.long_text("trace_attempts", "What was done to reach them", private=True),
    ask.day("no_contact_on", "Date they asked for no contact"),
    ask.day("changed_mind_on", "Date they got in touch, or were found"),
)  # fmt: skip
_MOVES = (
    Move(
        "invite", ("not_contacted", "contact_deferred"), "invited", "Record the invitation", "Invited", _UNIT,
        needs=(("invited_on",), ("route",)), effects=(Start(_CLOCK, from_fact="invited_on"),),
        does="The officer is reminded to keep in touch. No message goes to the family by itself.",
    ),
    Move(
        "defer", ("not_contacted",), "contact_deferred", "Put contact off", "Contact put off", _UNIT,
        needs=(("defer_reason",),),
        does="Contact waits, for the reason given.",
        usual=False,
    ),
    Move(
        "engage", ("invited",), "engaged", "Record that they take part", "Takes part", _UNIT,
        needs=(("last_contact_on",),),
        does="They take part directly.",
        anew=("last_contact_on",),
    ),
    Move(
        "engage_via_advocate", ("invited",), "engaged_via_advocate", "Record that an advocate speaks for them",
        "Takes part through an advocate", _UNIT,
        needs=(("last_contact_on",), ("advocate_organisation",)),
        does="They take part through somebody of their choice.",
        anew=("last_contact_on",),
    ),
    Move(
        "decline", ("invited",), "declined", "Record that they do not take part", "Does not take part", _UNIT,
        needs=(("declined_on",),),
        does="They do not take part. They are still told of what is decided, as they wish.",
        usual=False, anew=("declined_on",),
    ),
    Move(
        "mark_untraceable", ("invited", "not_contacted"), "untraceable", "Record that they cannot be found",
        "Could not be found", _UNIT,
        needs=(("trace_attempts",),), effects=(Cancel(_CLOCK),),
        does="Nobody is reminded to keep in touch.",
        usual=False,
    ),
    Move(
        "request_no_contact", ("invited", "engaged", "engaged_via_advocate"), "no_contact_requested",
        "Record that they want no contact", "No contact wanted", _UNIT,
        needs=(("no_contact_on",),), effects=(Cancel(_CLOCK),),
        does="Nobody is reminded to keep in touch, and nobody gets in touch.",
        usual=False, anew=("no_contact_on",),
    ),
    Move(
        "change_mind", ("declined", "no_contact_requested"), "engaged", "Record that they take part after all",
        "Takes part after all", _UNIT,
        needs=(("changed_mind_on",),), effects=(Start(_CLOCK, from_fact="changed_mind_on"),),
        does="They take part directly. The officer is reminded to keep in touch again.",
        anew=("changed_mind_on",),
    ),
    Move(
        "change_mind", ("untraceable",), "invited", "Record that they were found", "Found and invited", _UNIT,
        needs=(("changed_mind_on",), ("route",)), effects=(Start(_CLOCK, from_fact="changed_mind_on"),),
        does="They are invited. The officer is reminded to keep in touch again.",
        anew=("changed_mind_on",),
    ),
    Move(
        "use_advocate", ("engaged",), "engaged_via_advocate", "Go on through an advocate", "Goes on through an advocate",
        _UNIT,
        needs=(("advocate_organisation",),),
        does="Contact goes through somebody of their choice from now on.",
        usual=False,
    ),
    Move(
        "engage_directly", ("engaged_via_advocate",), "engaged", "Go on directly", "Goes on directly", _UNIT,
        does="Contact is direct from now on.",
        usual=False,
    ),
)  # fmt: skip
_CLOCKS = (
    Clock(
        _CLOCK, "Keep in touch with the family", "last_contact_on", ("last_contact_on",), Period(6, Unit.MONTHS),
        Force.LOCAL, "Local target, set to what the family prefers", Decider.BU_OFFICER,
        repeats=True, ladder=review_ladder((14, 0), Unit.DAYS, {Who.MANAGER: (1,)}),
        length_fact="contact_frequency",
        lengths=(
            ("four_weeks", Period(4, Unit.WEEKS)), ("eight_weeks", Period(8, Unit.WEEKS)),
            ("three_months", Period(3, Unit.MONTHS)), ("six_months", Period(6, Unit.MONTHS)),
            ("milestones", None), ("never", None),
        ),
        in_hand=Period(8, Unit.WEEKS),
        note="As often as they asked, never more. Else 8 weeks while the review is in hand, and six months while it is"
        " with the Home Office. Off where they asked for no contact.",
    ),
)  # fmt: skip

FAMILY_CONTACT = checked(
    Workflow(
        key="family_contact",
        version=1,
        title="Family contact",
        effective_from=date(2008, 1, 1),
        initial="not_contacted",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(("pseudonym",), ("relation",)),
        date_order=("invited_on", "draft_offered_on", "draft_read_on"),
    )
)
