"""What the form of a new letter shows: what is known of the recipient, what the tracker puts in, words to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker import access
from tracker.errors import NotPermitted, NotVisible
from tracker.models import Case
from tracker.policy import Actor, Permission, allows
from tracker.queries import choices
from tracker.queries.choices import Choices
from tracker.services import letter_contacts
from tracker.services.letter_parties import recommended_to
from tracker.services.letter_values import Addressed, Given, values_for
from tracker.services.threshold import reasons_for_letter
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, LetterKind, To

_OWN_REPORTS = {
    To.APPLICANT: "applicant", To.REPRESENTATIVE: "applicant", To.VICTIM: "victim", To.CO_APPLICANT: "applicant",
}  # fmt: skip
"""Whose reports the reasons of L5 are about, by recipient: a co-applicant's are those of their own case."""
_WHICH = {
    To.FAMILY: ("Which relative?", "The family as a whole"),
    To.CO_APPLICANT: ("Which co-applicant?", "Choose one"),
}


@dataclass(frozen=True, slots=True)
class Writing:
    """What the form of a new letter shows: what is known of the recipient, and what the tracker puts in."""

    kind: LetterKind
    to: To
    label: str
    bodies: Choices
    relatives: Choices
    channels: tuple[Channel, ...]
    given: tuple[Given, ...]
    missing: tuple[Given, ...]
    begun: Mapping[str, str]
    unsafe: tuple[str, ...]
    instance: str
    body: str

    @property
    def which(self) -> tuple[str, str]:
        """The question about one of several, and its first answer."""
        return _WHICH.get(self.to, ("", ""))


def writing(
    session: Session, actor: Actor, case: Case, code: str, to: str, *, whom: str, on: date, channel: Channel
) -> Writing:
    """What the form of a new letter shows. ``whom``: which of several, by the reference of a case or the key of a body.

    Raises:
        NotVisible: the case has no such letter, or it does not go to such a recipient.
        NotPermitted: the actor does not record things on the case.
    """
    kind = KINDS.get(code)
    if kind is None or case.process not in kind.processes or to not in {each.value for each in kind.to}:
        raise NotVisible("There is no such letter on this case.")
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit writes letters on this case.")
    to_whom = To(to)
    others = _several(session, case, to_whom)
    instance = whom if whom in dict(others) else ""
    if to_whom is To.CO_APPLICANT and not whom and len(others) == 1:
        instance = others[0][0]
    bodies = choices.organisations(session, case.partnership_id, on) if to_whom is To.BODY else ()
    label = letter_contacts.known_label(session, case, to_whom, instance)
    addressed = Addressed(label, "", on, channel, to=to_whom, instance=instance)
    given = values_for(session, case, kind, addressed)
    computed = [given[name] for name in kind.values if name != "body"]
    never = letter_contacts.safe_contact(session, case, to_whom, instance).never
    return Writing(
        kind,
        to_whom,
        label,
        bodies,
        others,
        tuple(each for each in Channel if (each is Channel.THROUGH) <= (to_whom is To.FAMILY)),
        tuple(each for each in computed if each.text),
        tuple(each for each in computed if not each.text),
        _begun(session, case, kind, to_whom, instance, whom),
        tuple(Channel(way).label for way in sorted(never)),
        instance,
        whom if whom in dict(bodies) else "",
    )


def _begun(
    session: Session, case: Case, kind: LetterKind, to: To, instance: str, whom: str
) -> dict[str, str]:
    """Words to begin with: of the recipient's own reports, or the recommendations for that body; of nobody else."""
    if kind.code == "L17":
        texts = [
            str(row.facts.get("recommendation_text") or "")
            for row in recommended_to(session, case)
            if whom and whom in {row.facts.get("recipient"), row.facts.get("addressed_to")}
        ]
        return {"recommendation": "\n".join(texts)} if texts else {}
    person = _OWN_REPORTS.get(to, "") if kind.code == "L5" else ""
    own = letter_contacts.co_application(session, case, instance) if to is To.CO_APPLICANT else case
    if not person or own is None:
        return {}
    reasons = reasons_for_letter(session, own, person)
    return {"reasons": "\n".join(reasons)} if reasons else {}


def _several(session: Session, case: Case, to: To) -> Choices:
    """Which of several it may be for, by the reference of their own case."""
    if to is To.FAMILY:
        return _relatives(session, case)
    if to is not To.CO_APPLICANT:
        return ()
    return tuple(
        (row.reference, f"The applicant of {row.reference}")
        for row in letter_contacts.merged_into(session, case)
    )


def _relatives(session: Session, case: Case) -> Choices:
    rows = letter_contacts.relatives(session, case)
    return tuple(
        (
            row.reference,
            f"{row.facts.get('pseudonym') or row.reference}, {row.facts.get('relation') or 'relative'}",
        )
        for row in rows
    )
