"""The checklist of a review of a death in plain words.

The definitions keep the words of docs/domestic-homicide-review.md 4.6, which is written in shorthand; a released
definition is never changed, so what a page shows stands here. A task that is not here is shown as it is written.
"""

from collections.abc import Mapping

from workflows.released import RELEASED

PLAIN: Mapping[str, str] = {
    "notified.1": "Record the notification: where it came from, when it came, how, and the police reference. No real names",
    "notified.2": "Check that the same death is not recorded already and that no other partnership leads",
    "notified.3": "Name a lead officer, and let only named people open the case",
    "notified.4": "Record whether there is a press statement or interest from the media",
    "scoping.1": "File the written notification from the police, or the referral",
    "scoping.2": "Confirm where the person normally lived, so which partnership leads, and contact the other areas",
    "scoping.3": "Ask agencies to secure their records and to send a summary of their involvement with the person who died, the alleged perpetrator and the children",
    "scoping.4": "Ask the senior investigating officer or the family liaison officer about charges, trial dates, disclosure, who the family is and how to reach them safely",
    "scoping.5": "Check whether another review is due: safeguarding adults, child safeguarding, mental health homicide, patient safety, MAPPA, offensive weapons, prisons and probation, police complaints. Tell those who lead it",
    "scoping.6": "Ask the coroner’s officer whether an inquest is opened or suspended",
    "scoping.7": "Complete the test of the criteria: the parts of the definition and, where it may be suicide, what gives rise to concern",
    "scoping.8": "File the paper for the decision",
    "scoping.9": "Record early learning and immediate risks as actions now",
    "awaiting_decision.1": "Consult the partners, the specialist domestic abuse service and, as the guidance asks, somebody independent of the case",
    "awaiting_decision.2": "Record the decision, the reasons, who was consulted, who disagreed and which part of the definition is met",
    "awaiting_decision.3": "Ask everybody to declare conflicts of interest",
    "no_review_with_ho.1": "Write to the Home Office with the reasons",
    "no_review_with_ho.2": "Write to the family, through their liaison officer or advocate: the decision, how to challenge it, the Home Office leaflet",
    "no_review_with_ho.3": "Tell the police, whoever referred the death, and the agencies that were consulted",
    "no_review_with_ho.4": "Open another way of learning from the death, and follow it as actions",
    "commissioning.1": "Tell the Home Office by e-mail that there will be a review",
    "commissioning.2": "Write to the family: the decision, what a review is, the Home Office leaflets, the offer of an advocate, the right to take part or not, the choice of a pseudonym",
    "commissioning.3": "Tell the chief officers of the agencies that take part, and have them confirm that records are secured",
    "commissioning.4": "Appoint an independent chair, and an author if that is somebody else: statement of independence, experience, training, contract, fee, confidentiality, terms for data",
    "commissioning.5": "Form the panel: every body that the Act lists and was involved, and a specialist domestic abuse service, each independent of the line management of the case",
    "commissioning.6": "Tell the Domestic Abuse Commissioner and the Police and Crime Commissioner where your own policy asks for it",
    "commissioning.7": "Sign the agreement on sharing information and the data protection assessment; agree how reviews are joined where there are two",
    "setting_terms.1": "File the terms of reference: scope, period, key lines of enquiry, equality, who contributes",
    "setting_terms.2": "Offer the family a sight of the terms of reference and a say on them",
    "setting_terms.3": "Meet the senior investigating officer, the Crown Prosecution Service and the disclosure officer: what may go on before the trial, which witnesses may be seen",
    "setting_terms.4": "List the management reviews with their authors, dates and template, from agencies outside the area too",
    "setting_terms.5": "Consider the nine protected characteristics",
    "setting_terms.6": "File the minutes of the first panel meeting",
    "setting_terms.7": "Find an expert adviser, such as on culture, disability or economic abuse",
    "gathering.1": "File each agency’s chronology and the combined one",
    "gathering.2": "Have each agency’s management review signed off by a senior officer, and file nil returns",
    "gathering.3": "Approach family, friends, employer and neighbours, or record why not",
    "gathering.4": "Invite the perpetrator to contribute, after conviction, through probation or the prison",
    "gathering.5": "Act on urgent learning without waiting for the report",
    "gathering.6": "File panel minutes and the list of queries to agencies",
    "drafting.1": "File the draft of the overview report, under the headings of the guidance",
    "drafting.2": "File the draft of the executive summary",
    "drafting.3": "Write the recommendations: local, regional or national, for one agency or several, each specific and with a date",
    "drafting.4": "File the draft of the action plan, with the columns of the template",
    "drafting.5": "File the minutes of panel meetings",
    "drafting.6": "Write the glossary. Keep the key to the pseudonyms elsewhere",
    "consultation.1": "Offer the family the draft to read in private with an advocate, and record their comments with the answers",
    "consultation.2": "Have each agency check the facts, and an authorised manager accept the actions",
    "consultation.3": "Have each agency that wrote a management review offer its staff a talk about it",
    "consultation.4": "Have the panel approve the final draft, and record who disagrees",
    "consultation.5": "Check that nobody can be recognised: names, exact dates, addresses, what only one family can be. The chair and the panel are named",
    "consultation.6": "Have it read for law, data protection and defamation",
    "csp_sign_off.1": "File the paper and the minute of the partnership’s meeting",
    "csp_sign_off.2": "Agree the action plan: a lead agency, a lead person and a target date for each action",
    "csp_sign_off.3": "Outline how the media will be answered",
    "signed_off.1": "Send the Home Office the overview report, the executive summary, the action plan and the data form",
    "signed_off.2": "Send a copy to the Domestic Abuse Commissioner, as the Act asks",
    "signed_off.3": "Tell the family that it has gone to the Home Office and that there is no set time for a reply",
    "with_home_office.1": "Record the acknowledgement and the date of the Home Office panel",
    "with_home_office.2": "Ask the Home Office after 90 days and then every month",
    "with_home_office.3": "Keep the action plan moving and the updates coming",
    "amending.1": "Split the letter into numbered amendments, give each to somebody and record what was done",
    "amending.2": "Have the chair or author confirm, the partnership agree, and tell the family what matters to them",
    "amending.3": "Prepare the pack to submit again, if it is asked for",
    "cleared.1": "Check whether a trial, an appeal, an inquest or another review stands against publication",
    "cleared.2": "Agree the date with the family or tell them, give them the final copy first, offer support, avoid anniversaries and birthdays",
    "cleared.3": "Make the final pack one PDF under 20 megabytes: the report, the summary, the Home Office letter and the action plan as it stands",
    "cleared.4": "Check once more for names and for the properties of the file: author, comments, tracked changes",
    "cleared.5": "Plan the publication: agencies, staff, councillors and the MP told, answers ready",
    "cleared.6": "Have the chair of the partnership approve publication, or holding it back with the reasons",
    "implementing.1": "Send the final PDF and its address to the Home Office and the Domestic Abuse Commissioner",
    "implementing.2": "Send copies to the senior manager of each agency that took part",
    "implementing.3": "Send the national recommendations to the departments, and follow their replies",
    "implementing.4": "Spread the learning: a short briefing, training, a newsletter, the safeguarding and domestic abuse boards",
    "implementing.5": "Ask for updates on the actions every quarter, with evidence, and have somebody else verify them",
    "implementing.6": "Carry out both audits and the statement of impact",
    "implementing.7": "Tell the family how the actions go, if they wish",
    "closed.1": "Have the closing report minuted, and lock the record",
    "closed.2": "Set the date on which keeping it is reviewed, and deal with the key to the pseudonyms as the schedule says",
    "closed_no_review.1": "Set the date on which keeping it is reviewed",
    "transferred_out.1": "File the other area’s written acceptance",
    "stood_down.1": "Tell the Home Office, the family, the agencies and the chair, and end the contract",
    "void.1": "Record the reason",
}  # fmt: skip


_BY_TEXT: Mapping[str, str] = {
    task.text: PLAIN.get(task.key, task.text) for workflow in RELEASED.values() for task in workflow.tasks
}


def plain(text: str) -> str:
    """The words that a page shows for a task, by those of its definition."""
    return _BY_TEXT.get(text, text)
