"""The letters of a domestic homicide review: those among the tasks of docs/domestic-homicide-review.md 4.6.

No letter names the person who died, anybody in the family or a suspect: where an agency must know whom to look for,
the names travel separately. A letter to the family goes through their liaison officer or advocate.
"""

from workflows.letters import LetterKind, Phrase, Prose, To

_DHR = ("dhr_2016", "dardr")
_CONTACT = ("reference", "contact_name")
_FAMILY = (To.FAMILY,)
_HOME_OFFICE = (To.HOME_OFFICE,)

_ADVOCATE = Phrase("that a specialist advocate can help", ("aafda", "advocate"))
_VOLUNTARY = Phrase("that taking part is their choice", ("your choice",))
_SEPARATELY = Phrase("that the names travel separately", ("separate secure message",))
_LEAFLET = Phrase("that the Home Office leaflet is enclosed", ("home office leaflet",))

KINDS: tuple[LetterKind, ...] = (
    LetterKind(
        "D1", "Secure records and summary of involvement", _DHR, (To.BODY,), "When scoping begins",
        (
            Phrase("to secure the records at once", ("secure your records",)),
            Phrase("that an answer is wanted even if there was no contact", ("nil return",)),
            _SEPARATELY,
        ),
        ("reference", "body", "reply_by"),
        facts=(("", "records_secured_on"), ("", "summary_requested_on")), clocks=("SUMMARY_RETURNS",),
        owed=(To.BODY,),
        heading="Secure your records, and tell us of your involvement",
    ),
    LetterKind(
        "D2", "Decision to review, to the Home Office", _DHR, _HOME_OFFICE, "After the chair's decision to review",
        (Phrase("the decision", ("decided to carry out a review",)),),
        ("reference", "partnership", "decided_on"),
        facts=(("", "ho_notified_on"),),
        heading="Decision to carry out a review",
    ),
    LetterKind(
        "D3", "Decision not to review, to the Home Office", _DHR, _HOME_OFFICE, "After the chair's decision not to review",
        (
            Phrase("the decision", ("decided not to carry out a review",)),
            Phrase("the reasons", ("reasons",)),
            Phrase("who was consulted", ("consulted",)),
        ),
        ("reference", "partnership", "decided_on"),
        (Prose("reasons", "The reasons"), Prose("consulted", "Who was consulted, by role", lines=True)),
        facts=(("", "ho_notified_on"),),
        heading="Decision not to carry out a review",
    ),
    LetterKind(
        "D4", "Decision to review, to the family", _DHR, _FAMILY, "After the chair's decision to review",
        (
            Phrase("the decision", ("decided to carry out a review",)),
            Phrase("what a review is", ("what a review is",)),
            _LEAFLET, _ADVOCATE, _VOLUNTARY,
            Phrase("that they can choose the name used in the report", ("pseudonym", "choose the name")),
        ),
        _CONTACT,
        facts=(("", "family_notified_on"),),
        owed=_FAMILY,
        heading="There will be a review",
    ),
    LetterKind(
        "D5", "Decision not to review, to the family", _DHR, _FAMILY, "After the chair's decision not to review",
        (
            Phrase("the decision", ("decided not to carry out a review",)),
            Phrase("the reasons", ("reasons",)),
            Phrase("how to challenge it", ("challenge",)),
            _LEAFLET, _ADVOCATE,
        ),
        _CONTACT,
        (Prose("reasons", "The reasons, in words for the family"),),
        facts=(("", "family_notified_on"),),
        owed=_FAMILY,
        heading="The decision about a review",
    ),
    LetterKind(
        "D6", "Review begins, to chief officers", _DHR, (To.BODY,), "When the review is commissioned",
        (
            Phrase("that records stay secured", ("records", "secured")),
            Phrase("what is asked of the agency", ("panel",)), _SEPARATELY,
        ),
        ("reference", "body", "report_by"),
        heading="A review begins",
    ),
    LetterKind(
        "D7", "Appointment of the review chair", _DHR, (To.CHAIR,), "When the chair is appointed",
        (
            Phrase("independence", ("independen",)), Phrase("confidentiality", ("confidential",)),
            Phrase("data protection", ("data protection", "data processing")),
        ),
        ("reference", "partnership", "report_by"),
    ),
    LetterKind(
        "D8", "Submission to quality assurance", _DHR, _HOME_OFFICE, "When the report is submitted",
        tuple(Phrase(f"that the {part} is enclosed", (part,)) for part in ("overview report", "executive summary", "action plan")),
        ("reference", "partnership", "signed_off_on"),
        (Prose("points", "Anything the panel should know", lines=True, optional=True),),
    ),
    LetterKind(
        "D9", "Copy of the report to the Commissioner", _DHR, (To.DA_COMMISSIONER,), "When the report is complete",
        (Phrase("the duty (section 9(3B))", ("section 9(3b)",)),),
        ("reference", "partnership"),
        facts=(("", "dac_copy_sent_on"),),
        heading="Copy of the report",
    ),
    LetterKind(
        "D10", "With the Home Office, to the family", _DHR, _FAMILY, "When the report is submitted",
        (Phrase("that there is no set time for the answer", ("no set time",)), _ADVOCATE),
        _CONTACT,
        facts=(("", "last_contact_on"),),
        heading="The report is with the Home Office",
    ),
    LetterKind(
        "D11", "Publication, to the family", _DHR, _FAMILY, "Before publication",
        (
            Phrase("that they get a copy first", ("copy before",)), _ADVOCATE,
            Phrase("that the day avoids dates that matter to them", ("anniversar", "dates that matter")),
        ),
        _CONTACT,
        (Prose("day", "The day of publication, and how it was agreed"),),
        facts=(("", "family_told_of_publication_on"),),
        owed=_FAMILY,
        heading="When the report will be published",
    ),
    LetterKind(
        "D12", "Final report and link", _DHR, (To.HOME_OFFICE, To.DA_COMMISSIONER), "After publication",
        (Phrase("that the final report is enclosed", ("final report",)),),
        ("reference", "partnership", "published_on", "publication_urls"),
        facts=(("home_office", "ho_weblink_sent_on"), ("da_commissioner", "dac_weblink_sent_on")),
    ),
    LetterKind(
        "D13", "Final report, to agencies", _DHR, (To.BODY,), "After publication",
        (Phrase("that the final report is enclosed", ("final report",)), Phrase("what to do with the learning", ("learning",))),
        ("reference", "body"),
        facts=(("", "agency_copies_sent_on"),),
        owed=(To.BODY,),
        heading="Final report",
    ),
    LetterKind(
        "D14", "Report withheld", _DHR, _HOME_OFFICE, "When it is decided not to publish",
        (Phrase("that the report is not published", ("not to publish",)), Phrase("the reasons", ("reasons",))),
        ("reference", "partnership"),
        (Prose("reasons", "The compelling reasons"), Prose("again", "When the decision is looked at again")),
        facts=(("", "ho_told_of_withholding_on"),),
    ),
    LetterKind(
        "D15", "Review stands down", _DHR, (To.HOME_OFFICE, To.BODY, To.CHAIR), "When the review is stood down",
        (Phrase("that the review stops", ("stands down", "stood down")), Phrase("the reasons", ("reasons",))),
        ("reference", "partnership"),
        (Prose("reasons", "The reasons"),),
        facts=(("home_office", "ho_told_of_stand_down_on"),),
    ),
    LetterKind(
        "D16", "Review stands down, to the family", _DHR, _FAMILY, "When the review is stood down",
        (Phrase("that the review stops", ("review will stop",)), Phrase("the reasons", ("reasons",)), _ADVOCATE,
         Phrase("how to challenge it", ("challenge",))),
        _CONTACT,
        (Prose("reasons", "The reasons, in words for the family"),),
        facts=(("", "family_told_of_stand_down_on"),),
        owed=_FAMILY,
        heading="The review will stop",
    ),
    LetterKind(
        "D17", "National recommendation", ("recommendation",), (To.BODY, To.HOME_OFFICE), "After publication",
        (Phrase("that an answer is wanted", ("tell us",)),),
        ("reference", "partnership", "reply_by"),
        (Prose("recommendation", "The recommendation"),),
        facts=(("", "sent_on"),), clocks=("NATIONAL_REC_REPLY",),
    ),
    LetterKind(
        "D18", "No review, to those who took part", _DHR, (To.BODY,), "After the chair's decision not to review",
        (Phrase("the decision", ("decided not to carry out a review",)),),
        ("reference", "body"),
        heading="Decision not to carry out a review",
    ),
)  # fmt: skip
