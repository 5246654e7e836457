"""The steps of a domestic homicide review after the sign-off: the rows of docs/domestic-homicide-review.md 4.3."""

from workflows import dhr_2016_guards as guard
from workflows.deciders import Decider
from workflows.definition import Move
from workflows.effects import Cancel, CountUp, SetFact, Start, Stop, Tasks

_OFFICERS = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_MANAGER = (Decider.BU_MANAGER,)
_CHAIR = (Decider.CSP_CHAIR,)
_LETTER = ("feedback_letter_doc", "feedback_letter_on", "qa_panel_on")
_LETTER_NEEDS = tuple((name,) for name in _LETTER)
_TOLD_OF_PUBLICATION = ("family_told_of_publication_on", "family_not_told_reason")

MOVES_AFTER_SIGN_OFF: tuple[Move, ...] = (
    Move(
        "submit_to_home_office", ("signed_off",), "with_home_office", "Submit it to the Home Office",
        "Submitted to the Home Office", _OFFICERS,
        needs=(("submitted_on",), ("submission_pack",), ("submission_reference",)),
        requirements=(guard.SUBMISSION_PACK, guard.DAC_COPY),
        effects=(Stop("SUBMIT_HO"), Start("HO_QA_CHASE"), CountUp("submission_no")),
        does="The report is in the Home Office's queue, which has no published time limit.",
        anew=("submitted_on", "submission_reference"),
    ),
    Move(
        "ho_clears", ("with_home_office",), "cleared", "Record: cleared", "Cleared by the Home Office", _OFFICERS,
        needs=_LETTER_NEEDS,
        effects=(Stop("HO_QA_CHASE"), SetFact("qa_outcome", "cleared"), Start("PUBLISH"), Tasks("cleared")),
        does="Publication is planned.",
        anew=_LETTER,
    ),
    Move(
        "ho_clears_with_amendments", ("with_home_office",), "amending", "Record: publish after amendments",
        "To be published after amendments", _OFFICERS,
        needs=(*_LETTER_NEEDS, ("amendments_required",)),
        effects=(
            Stop("HO_QA_CHASE"), SetFact("qa_outcome", "publish_after_amendments"), Start("AMENDMENTS"),
            Tasks("amending"),
        ),
        does="The amendments are made; then the report may be published.",
        anew=(*_LETTER, "amendments_required"),
    ),
    Move(
        "ho_requires_resubmission", ("with_home_office",), "amending", "Record: resubmission wanted",
        "Resubmission wanted", _OFFICERS,
        needs=(*_LETTER_NEEDS, ("amendments_required",)),
        effects=(
            Stop("HO_QA_CHASE"), SetFact("qa_outcome", "resubmit"), Start("AMENDMENTS"), Tasks("amending"),
        ),
        does="The amendments are made; then the report goes to the Home Office again.",
        anew=(*_LETTER, "amendments_required"),
    ),
    Move(
        "complete_amendments", ("amending",), "cleared", "Complete the amendments", "Amendments complete", _MANAGER,
        needs=(("amended_version",), ("amendments_confirmed_by_chair_on",)),
        requirements=(guard.TO_AMEND, guard.AMENDED),
        effects=(Stop("AMENDMENTS"), Start("PUBLISH"), Tasks("cleared")),
        does="Publication is planned.",
        anew=("amended_version", "amendments_confirmed_by_chair_on", "all_amendments_resolved"),
    ),
    Move(
        "resubmit", ("amending",), "with_home_office", "Resubmit it to the Home Office",
        "Resubmitted to the Home Office", _MANAGER,
        needs=(("amended_version",), ("submitted_on",), ("submission_reference",)),
        requirements=(guard.TO_RESUBMIT, guard.AMENDED),
        effects=(Stop("AMENDMENTS"), Start("HO_QA_CHASE"), CountUp("submission_no")),
        does="The amended report is in the Home Office's queue again.",
        anew=("amended_version", "submitted_on", "submission_reference", "all_amendments_resolved"),
    ),
    Move(
        "publish", ("cleared",), "implementing", "Publish the report", "Published", _CHAIR,
        needs=(
            ("published_on",), ("publication_urls",), _TOLD_OF_PUBLICATION, ("final_anonymisation_checked_on",),
            ("comms_plan_doc",),
        ),
        requirements=(guard.NOT_HELD, guard.PUBLICATION_PACK),
        effects=(
            Stop("PUBLISH"), SetFact("publication_status", "published"), Start("TELL_HO_DAC_PUBLISHED"),
            Start("AGENCY_COPIES"), Start("AUDIT_6M"), Start("AUDIT_12M"), Tasks("implementing"),
        ),
        does="The report is public; the action plan is delivered and audited.",
        anew=("published_on",),
    ),
    Move(
        "withhold_publication", ("cleared",), "implementing", "Decide not to publish", "Publication withheld", _CHAIR,
        needs=(("withhold_reason",), ("withhold_decided_on",), ("withhold_review_on",), ("ho_told_of_withholding_on",)),
        effects=(
            Stop("PUBLISH", "withheld"), SetFact("publication_status", "withheld"),
            Start("WITHHOLD_REVIEW", from_fact="withhold_decided_on"),
            Start("AGENCY_COPIES", from_fact="withhold_decided_on"),
            Start("AUDIT_6M", from_fact="withhold_decided_on"), Start("AUDIT_12M", from_fact="withhold_decided_on"),
            Tasks("implementing"),
        ),
        does="The report stays unpublished for compelling reasons of welfare. The learning is shared all the same.",
        usual=False, anew=("withhold_reason", "withhold_decided_on"),
    ),
    Move(
        "publish_later", ("implementing",), "implementing", "Publish it after all", "Published after all", _CHAIR,
        needs=(("published_on",), ("publication_urls",), _TOLD_OF_PUBLICATION, ("final_anonymisation_checked_on",)),
        requirements=(guard.WITHHELD,),
        effects=(
            Stop("WITHHOLD_REVIEW"), SetFact("publication_status", "published"), Start("TELL_HO_DAC_PUBLISHED"),
        ),
        does="The report is public after all.",
        usual=False, anew=("published_on",),
    ),
    Move(
        "close", ("implementing",), "closed", "Close the review", "Closed", _CHAIR,
        needs=(
            ("closed_on",), ("closure_report_doc",), ("closure_minute_ref",), ("audit_completed_on",),
            ("learning_disseminated_on",),
        ),
        requirements=(guard.ACTIONS_ENDED, guard.SETTLED, guard.NATIONAL_SENT, guard.TASKS_DONE),
        effects=(Stop("AUDIT_12M"), Start("RETENTION")),
        does="The partnership concludes the review. It can be opened again.",
        anew=(
            "closed_on", "closure_report_doc", "closure_minute_ref", "all_actions_terminal",
            "national_recommendations_all_dispatched", "no_open_mandatory_tasks",
        ),
    ),
    Move(
        "reopen", ("closed",), "implementing", "Open the review again", "Opened again", _CHAIR,
        needs=(("reopen_reason",),),
        effects=(Cancel("RETENTION"), Start("WITHHOLD_REVIEW", if_fact="publication_status", equals="withheld")),
        does="The action plan is delivered again. Where the report is withheld, that is looked at again in six months.",
        usual=False, anew=("reopen_reason",),
    ),
)  # fmt: skip
