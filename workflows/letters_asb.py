"""The letters of an ASB case review: the table of docs/asb-case-review.md 5.5."""

from workflows.letters import LetterKind, Phrase, Prose, To

_ASB = ("asb_case_review",)
_SECOND = ("dissatisfaction",)
_ASKING = (To.APPLICANT, To.VICTIM, To.CO_APPLICANT, To.REPRESENTATIVE)
_CONTACT = ("reference", "contact_name")
_EVERYBODY = (To.APPLICANT, To.VICTIM, To.CO_APPLICANT)
_APPLICANTS = (To.APPLICANT, To.CO_APPLICANT)
_VICTIMS = (To.VICTIM, To.CO_APPLICANT)

_EMERGENCY = Phrase("to call 999 in danger", ("999",))
_SUPPORT = Phrase("where to find support", ("victim support", "support service"))
_DISPUTE = Phrase(
    "how to ask for the decision to be looked at again", ("looked at again", "second look", "look again")
)
_POLICING_BODY = Phrase(
    "that the local policing body can be asked to review it",
    ("policing body",),
    if_value="policing_body_review",
)
_OUTSIDE = Phrase("which routes there are outside the partnership", ("ombudsman",))
_REGARD = Phrase(
    "that it must have regard to the recommendation (section 104(7))", ("must have regard",), "public_functions"
)  # fmt: skip

KINDS: tuple[LetterKind, ...] = (
    LetterKind(
        "L1", "Acknowledgement", _ASB, _ASKING, "When the application has arrived",
        (
            Phrase("what happens next", ("what happens next",)),
            Phrase("where the privacy notice is", ("privacy notice",)),
            _SUPPORT,
            Phrase("to keep reporting", ("keep reporting", "carry on reporting")),
            _EMERGENCY,
            Phrase("what the review is not", ("is not a complaint", "is not a complaints")),
        ),
        (*_CONTACT, "contact_email", "application_date", "decision_by"),
        owed=(To.APPLICANT, To.VICTIM),
        heading="Your application has arrived",
    ),
    LetterKind(
        "L2", "What is missing", _ASB, _ASKING, "When authority or information is missing",
        (
            Phrase("how to answer by phone", ("phone", "telephone")),
            Phrase("what happens without an answer", ("if we do not hear", "if you do not")),
        ),
        (*_CONTACT, "reply_by"),
        (Prose("missing", "What is missing", "Exactly what is needed, one point a line", lines=True),),
        clocks=("C3",),
        owed=(To.APPLICANT,),
        heading="What we still need to know",
    ),
    LetterKind(
        "L3", "Not pursued", _ASB, _ASKING, "When the application is not pursued",
        (Phrase("how to start again", ("start again", "take it up again")), _SUPPORT, _EMERGENCY),
        _CONTACT,
        (Prose("why", "Why it is not pursued"),),
        owed=_APPLICANTS,
        heading="Your application",
    ),
    LetterKind(
        "L4", "Threshold met", _ASB, _ASKING, "When it is decided that the threshold is met",
        (
            Phrase("the decision", ("threshold is met",)),
            Phrase("what happens next", ("what happens next",)),
            Phrase("who leads the review and in what role", ("chair",)),
            Phrase("how the person can take part", ("take part",)),
            Phrase("that somebody may come along in support", ("support person", "somebody with you")),
            Phrase("that costs and access needs are met", ("access needs", "expenses", "costs")),
        ),
        (*_CONTACT, "decided_on"),
        (Prose("chair_role", "Who leads the review", "Name and role of the chair, or when it will be known"),),
        owed=_EVERYBODY,
        heading="There will be a review",
    ),
    LetterKind(
        "L5", "Threshold not met", _ASB, _ASKING, "When it is decided that the threshold is not met",
        (
            Phrase("the decision", ("threshold is not met",)),
            Phrase("how persistent the behaviour is (section 104(5))", ("persisten",)),
            Phrase("the harm, or the harm it could cause (section 104(5))", ("harm",)),
            Phrase("how adequate the response was (section 104(5))", ("adequate", "adequacy")),
            Phrase("what would have to be different", ("would have to be different", "what would be different")),
            Phrase("what happens anyway", ("will happen anyway", "do anyway")),
            _DISPUTE, _POLICING_BODY, _OUTSIDE,
        ),
        (*_CONTACT, "decided_on", "dispute_by"),
        (
            Prose("reasons", "The reason for each report", "One line for each of this person's own reports", lines=True),
            Prose("persistence", "How persistent the behaviour is"),
            Prose("harm", "The harm, or the harm it could cause"),
            Prose("adequacy", "How adequate the response was"),
            Prose("different", "What would have to be different"),
            Prose("anyway", "What will happen anyway"),
        ),
        clocks=("C14",),
        owed=_EVERYBODY,
        heading="The decision on your application",
    ),
    LetterKind(
        "L6", "Invitation to the review", _ASB, (*_ASKING, To.PANEL), "When the review is scheduled",
        (Phrase("where it takes place", ("where it is",)), Phrase("how it runs", ("agenda", "first part"))),
        ("reference", "meeting_on"),
        (
            Prose("place", "Where it is, or the link"),
            Prose("agenda", "The part of the agenda for this recipient", lines=True),
        ),
        facts=tuple((to.value, "letter_sent_L6") for to in _ASKING),
        owed=_VICTIMS,
    ),
    LetterKind(
        "L7", "Change to the review", _ASB, (*_ASKING, To.PANEL), "When the review moves or is adjourned",
        (Phrase("why it changes", ("reason for the change", "because")),),
        ("reference",),
        (Prose("why", "The reason for the change"), Prose("now", "What applies now", "The new day and place, or when they are known")),
        facts=tuple((to.value, "letter_sent_L7") for to in _ASKING),
        owed=_VICTIMS,
        heading="A change to the review",
    ),
    LetterKind(
        "L8", "Outcome", _ASB, _ASKING, "When the review has been held",
        (
            Phrase("the outcome", ("outcome",)),
            Phrase("the recommendations", ("recommendation",)),
            Phrase("the action plan", ("action plan",)),
            Phrase("who keeps the person informed and how often", ("how often", "keep you informed")),
            _DISPUTE, _POLICING_BODY, _OUTSIDE,
        ),
        (*_CONTACT, "held_on", "dispute_by", "update_every"),
        (
            Prose("outcome", "The outcome"),
            Prose("recommendations", "The recommendations", "One a line; say so if there are none", lines=True),
            Prose("plan", "The action plan", "One action a line: what, which agency, by when", lines=True),
        ),
        clocks=("C14",),
        owed=_EVERYBODY,
        heading="The outcome of the review",
    ),
    LetterKind(
        "L9", "Request for a second look acknowledged", _SECOND, _ASKING, "When somebody asks for a second look",
        (Phrase("that the request has arrived", ("your request",)),),
        (*_CONTACT, "answer_by"),
        heading="Your request for a second look",
    ),
    LetterKind(
        "L10", "Request for a second look not admitted", _SECOND, _ASKING, "When the request is late or outside the rules",
        (Phrase("why", ("reason",)), _OUTSIDE),
        _CONTACT,
        (Prose("why", "Why the request is not admitted"),),
        heading="Your request for a second look",
    ),
    LetterKind(
        "L11", "Result of the second look", _SECOND, _ASKING, "When the second look is decided",
        (Phrase("the result", ("result",)), Phrase("the reasons", ("reason",)), _OUTSIDE),
        _CONTACT,
        (Prose("result", "The result"), Prose("why", "The reasons")),
        heading="The result of the second look",
    ),
    LetterKind(
        "L12", "Before closing", _ASB, _ASKING, "Before the case closes",
        (
            Phrase("why it closes", ("why we are closing",)),
            Phrase("what was done", ("what was done",)),
            Phrase("how to come back", ("come back", "apply again")),
            Phrase("how to give feedback", ("feedback",)),
            Phrase("that the equality questions are voluntary", ("equality",)),
        ),
        _CONTACT,
        (Prose("why", "Why the case closes"), Prose("done", "What was done", lines=True)),
        owed=_EVERYBODY,
        heading="Before we close your case",
    ),
    LetterKind(
        "L13", "Withdrawal confirmed", _ASB, _ASKING, "When the application is withdrawn",
        (Phrase("that it is withdrawn", ("withdrawn",)), Phrase("how to come back", ("come back", "apply again")), _SUPPORT),
        _CONTACT,
        owed=_APPLICANTS,
        heading="Your application is withdrawn",
    ),
    LetterKind(
        "L14", "New contact", _ASB, _ASKING, "When the case is transferred, merged or was misdirected",
        (Phrase("who the new contact is", ("your contact from now on", "new contact")), _EMERGENCY),
        ("reference",),
        (Prose("what", "What has happened", "Without anything about anybody else"), Prose("whom", "Whom to turn to now")),
        owed=_APPLICANTS,
        heading="Your new contact",
    ),
    LetterKind(
        "L15", "Panel papers", _ASB, (To.PANEL, To.CHAIR, To.BODY), "Before the meeting",
        (
            Phrase("how sensitive the papers are", ("official-sensitive", "marked")),
            Phrase("that the papers come separately and securely", ("secure",)),
        ),
        ("reference", "meeting_on"),
        (Prose("papers", "The papers", "One a line: chronology, returns, each with its marking", lines=True),),
        facts=(("", "papers_sent_on"),),
    ),
    LetterKind(
        "L16", "Information request", ("asb_case_review", "information_request"), (To.BODY,), "When information is gathered",
        (
            Phrase("the power it rests on (Schedule 4, paragraph 7)", ("paragraph 7",)),
            Phrase("that an answer is wanted even if there is nothing", ("nil return", "nothing to report")),
        ),
        ("reference", "body", "reply_by"),
        (Prose("asked", "What is asked for", "One point a line", lines=True),),
        clocks=("C4",),
    ),
    LetterKind(
        "L17", "Recommendation", _ASB, (To.BODY,), "When the outcome is told",
        (_REGARD, Phrase("what answers there are", ("not accept",))),
        ("reference", "body", "reply_by"),
        (Prose("recommendation", "The recommendation"),),
        clocks=("C11",),
        owed=(To.BODY,),
    ),
    LetterKind(
        "L18", "Update", _ASB, _ASKING, "At least as often as was promised",
        (Phrase("what has moved", ("since we last",)), _EMERGENCY),
        (*_CONTACT, "update_every"),
        (Prose("moved", "What has moved since last time", lines=True),),
        facts=(("", "last_contact_on"),),
        heading="News of your case",
    ),
)  # fmt: skip
