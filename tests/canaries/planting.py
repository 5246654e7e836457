"""Canaries: words that stand nowhere else, one for each place where somebody may write. Whatever shows one, leaks.

The demonstration is loaded with a canary at the end of every text that anybody writes: it has cases in every state,
with their histories, so that whatever can be shown is there to be shown.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlmodel import Session, col, select

from tracker.models import Case, Deadline, DeadlineChange, Event, IncidentRecord, Sensitivity, User
from tracker.services import actions, cases, families, grants, incidents
from tracker.services.families import NewChild
from tracker.services.letter_contacts import merged_into
from workflows.definition import Workflow
from workflows.facts import Fact, FactKind, FactValue
from workflows.released import current, workflow_of

PATTERN = re.compile(r"zq[0-9a-f]{6}xq")
WRITTEN = {FactKind.TEXT, FactKind.LONG_TEXT, FactKind.DOCUMENT}
# References, names of partnerships and areas: what stands there is no free text.
KEYS = {"area", "case_ref", "surviving_case", "superseded_by", "csp_id", "number"}


@dataclass(frozen=True, slots=True)
class Canary:
    """Where one was planted: on which case (None: a person's name), in which fact or words, and whether private."""

    case_id: int | None
    where: str
    private: bool


@dataclass(slots=True)
class Aviary:
    """Every canary that was let out, by its word; and which case belongs to which."""

    known: dict[str, tuple[str, bool]] = field(default_factory=dict)
    cases: dict[str, Canary] = field(default_factory=dict)
    above: dict[int, int] = field(default_factory=dict)

    def word(self, where: str, *, private: bool = False) -> str:
        word = f"zq{len(self.known):06x}xq"
        self.known[word] = (where, private)
        return word

    def planted(self, text: str, where: str, *, private: bool = False) -> str:
        return f"{text} {self.word(where, private=private)}" if text else text

    def facts(self, workflow: Workflow, given: Mapping[str, FactValue]) -> dict[str, FactValue]:
        return {name: self._fact(workflow.fact_by_name.get(name), value) for name, value in given.items()}

    def _fact(self, fact: Fact | None, value: FactValue) -> FactValue:
        if fact is None or fact.kind not in WRITTEN or fact.name in KEYS or not isinstance(value, str):
            return value
        return self.planted(value, fact.name, private=fact.private)

    def settle(self, session: Session) -> None:
        """Look up on which case each one landed. The case page says what a hold on the case leaves open."""
        for child in session.exec(select(Case).where(col(Case.parent_id).is_not(None))).all():
            self.above[child.id or 0] = child.parent_id or 0
        for case in session.exec(select(Case).where(Case.process == "asb_case_review")).all():
            # Letters to a co-applicant are written on the case that theirs was merged into.
            self.above |= {merged.id or 0: case.id or 0 for merged in merged_into(session, case)}
        held = {
            hold.id: hold.parent_id for hold in session.exec(select(Case).where(Case.process == "hold")).all()
        }
        for told in session.exec(select(IncidentRecord)).all():
            for word in PATTERN.findall(f"{told.what} {told.place}"):
                self._note(word, told.case_id)
        rows = session.exec(select(Event)).all()
        for event in rows:
            for word in PATTERN.findall(f"{event.facts} {event.detail} {event.reason}"):
                self._note(word, held.get(event.case_id) or event.case_id)
        for case in session.exec(select(Case)).all():
            for word in PATTERN.findall(case.title):
                self._note(word, case.id)
        ledgers = select(DeadlineChange, Deadline.case_id).join(Deadline)
        for row, case_id in session.exec(ledgers).all():
            for word in PATTERN.findall(f"{row.reason} {row.authorised_by}"):
                self._note(word, case_id)
        for word in self.known:
            self.cases.setdefault(word, Canary(None, *self.known[word]))

    def _note(self, word: str, case_id: int | None) -> None:
        where, private = self.known[word]
        self.cases[word] = Canary(case_id, where, private)


def private_texts(workflow: Workflow) -> dict[str, FactValue]:
    """Something in every private fact that is written."""
    return {
        fact.name: f"Words about {fact.name}"
        for fact in workflow.facts
        if fact.private and fact.kind in WRITTEN
    }


@contextmanager
def planting(aviary: Aviary) -> Iterator[None]:
    """Plant a canary in everything that is written through the services meanwhile."""

    def wrapped(module: object, name: str, plant: Callable[..., object], at: int) -> None:
        whole = getattr(module, name)

        def planted(*given: object, **named: object) -> object:
            return whole(*given[:at], plant(*given[: at + 1]), *given[at + 1 :], **named)

        patch.setattr(module, name, planted)

    def new_case(_session: object, _actor: object, asked: cases.NewCase) -> cases.NewCase:
        workflow = current(asked.process, asked.opened_on)
        facts = aviary.facts(workflow, {**private_texts(workflow), **asked.facts})
        restricted = asked.sensitivity is Sensitivity.RESTRICTED
        if "action_text" in facts and not restricted:
            facts["action_text"] = asked.facts["action_text"]  # an open action is in a published plan
        # Those who are named for a restricted action see its wording in lists too; nobody else does anywhere.
        title = aviary.planted(asked.title, "title") if restricted else asked.title
        return replace(asked, facts=facts, title=title)

    def asked(_session: object, _actor: object, case: Case, name: object, asked: object = None) -> object:
        request = asked or name
        written = ("reason", "override_reason", "evidence", "late_reason", "note", "belongs_to")
        words = {
            each: aviary.planted(getattr(request, each), each)
            for each in written
            if getattr(request, each, "")
        }
        if hasattr(request, "facts"):
            words["facts"] = aviary.facts(workflow_of(case.process, case.workflow_version), request.facts)
        if hasattr(request, "reason") and "reason" not in words:
            words["reason"] = aviary.planted("Said so", "reason")
        return replace(request, **words)

    def why(_session: object, _actor: object, _case: Case, _user: User, why: str) -> str:
        return aviary.planted(why, "why named")

    def new_child(_session: object, _actor: object, _parent: Case, asked: NewChild) -> NewChild:
        workflow = current(asked.process, date(2026, 11, 23))
        return replace(asked, facts=aviary.facts(workflow, {**private_texts(workflow), **asked.facts}))

    def said(_session: object, _actor: object, _case: Case, said: incidents.IncidentSaid) -> object:
        return replace(
            said,
            what=aviary.planted(said.what, "incident", private=True),
            place=aviary.planted(said.place, "place", private=True),
        )

    with pytest.MonkeyPatch.context() as patch:
        wrapped(cases, "log_case", new_case, 2)
        wrapped(families, "open_child", new_child, 3)
        wrapped(incidents, "record_incident", said, 3)
        wrapped(cases, "move", asked, 4)
        wrapped(cases, "record_facts", asked, 3)
        wrapped(actions, "report", asked, 3)
        wrapped(grants, "grant", why, 4)
        yield


def name_everybody(session: Session, aviary: Aviary) -> None:
    """Give everybody a name that is a canary: pages may say it, mails and addresses never."""
    for user in session.exec(select(User).order_by(col(User.id))).all():
        user.name = aviary.planted(user.name, "name of a person", private=False)
        session.add(user)
