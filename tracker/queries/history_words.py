"""The words by which a history calls what happened."""

from collections.abc import Mapping

from tracker.audit import Happened

TITLES: Mapping[str, str] = {
    Happened.CASE_OPENED: "Logged",
    Happened.FACTS_RECORDED: "Recorded",
    Happened.DEADLINE_CHANGED: "Date changed",
    Happened.ACCESS_GRANTED: "Named as somebody who can open the case",
    Happened.ACCESS_ENDED: "No longer able to open the case",
    Happened.OWNER_CHANGED: "Changed hands",
    Happened.REQUEST_ANSWERED: "Answered",
    Happened.UPDATE_WITHDRAWN: "Update taken back: it was not from the mailbox",
    Happened.TASKS_SETTLED: "Checklist changed",
    Happened.SUBJECT_RECORDED: "People in the review changed",
    Happened.PANEL_CHANGED: "Panel changed",
    Happened.AMENDMENT_RECORDED: "Amendment recorded",
    Happened.INCIDENT_RECORDED: "Incident recorded",
    Happened.REPORT_RECORDED: "Report recorded",
    Happened.PASSED_ON: "Passed on to relevant bodies",
    Happened.HARM_ASSESSED: "Harm assessed",
    Happened.DOCUMENT_ADDED: "Document added",
    Happened.DOCUMENT_CHECKED: "Document checked for names",
    Happened.DOCUMENT_RELEASED: "Document released to the panel",
    Happened.DOCUMENT_SCANNED: "Document passed by the virus scanner",
    Happened.DOCUMENT_WITHDRAWN: "Document taken out",
    Happened.CHASED: "Agency chased",
    Happened.LETTER_DRAFTED: "Letter drafted",
    Happened.LETTER_CHECKED: "Letter checked",
    Happened.LETTER_SENT: "Letter sent",
    Happened.LETTER_RETURNED: "Letter came back",
    Happened.LETTER_WAIVED: "Letter not sent to one of them",
    Happened.LETTER_CANCELLED: "Letter given up",
    Happened.NOTE_ADDED: "Note",
    Happened.RISK_JUDGED: "Said what is expected of a date",
    Happened.RETENTION_DECIDED: "Decided how long it is kept",
    Happened.TAKEN_TO_BOARD: "Taken to the board",
    Happened.BOARD_DECIDED: "What the board decided, recorded",
    Happened.REGIME_CHANGED: "Went over to another kind of review",
    Happened.WORKFLOW_MIGRATED: "Went over to another version of the process",
}
"""What each kind of event is called."""

ANSWERS: Mapping[str, str] = {
    "no_change": "No change reported",
    "progress": "Progress reported",
    "done": "Reported as done",
    "more_time": "More time asked for",
    "not_ours": "Reported as not theirs",
    "in_hand": "Reported as in hand",
    "more_time_agreed": "More time agreed",
    "more_time_refused": "More time refused",
    "handed_over": "Handed to another lead",
    "to_colleague": "A colleague asked to answer",
    "rehomed": "Went to the agency that succeeds it",
    "hold_placed": "Legal hold placed",
    "hold_ended": "Legal hold ended",
    "kept_longer": "Kept longer",
    "disposal_proposed": "Disposal proposed",
    "disposal_approved": "Disposal approved",
    "disposal_refused": "Disposal refused",
    "not_needed": "Not needed",
    "open_again": "Open again on the checklist",
}
"""What an event is called by its name, where that says more."""

TOLD: Mapping[str, str] = {
    "late_reasons": "Why it was late: {late_reasons}",
    "to_version": "From version {from_version} to version {to_version}",
    "said": "{said}",
    "suggested": "Suggested: {suggested}",
}
"""Details that are told as they are."""
