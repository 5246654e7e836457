"""Random legal acts on one case and all that belongs to it: what a unit with every role could do, in any order."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session, select

from tests.cast import Cast
from tracker import clock
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Deadline, DeadlineStatus, Event, Role
from tracker.policy import Actor, Holding
from tracker.services import acts, cases, countersigning, dates, families, holidays
from tracker.services.asked import FactsRequest, MoveRequest
from tracker.services.date_requests import Extension, Pause, PauseReason, Resume
from tracker.services.positions import position_of, workflow_for
from workflows.definition import Move, Workflow
from workflows.engine import MoveRefused, unmet_by
from workflows.facts import Fact, FactKind, FactValue
from workflows.released import current

REFUSALS = (MoveRefused, BadInput, NotPossible, NotPermitted, ChangedMeanwhile)
"""How an act that is not possible now is refused: nothing else may come out, and nothing may have changed."""

PEOPLE = ("officer@example.test", "manager@example.test")
BODIES = ("west-mercia-police", "housing")


class Life:
    """One case, its family, and the instant at which the next act happens."""

    def __init__(self, database: Database, cast: Cast, random: Random, at: datetime) -> None:
        self.database = database
        self.cast = cast
        self.random = random
        self.at = at
        self.root = 0
        self.done: Counter[str] = Counter()

    @property
    def today(self) -> date:
        return clock.london(self.at)

    def actor(self, session: Session) -> Actor:
        """Somebody who holds every role of the partnership, and leads for every agency."""
        user = self.cast.actor(session, "officer", self.at)
        roles = {Holding(role, self.cast.herefordshire, None) for role in Role if role is not Role.LEAD}
        leads = {Holding(Role.LEAD, None, body) for body in (self.cast.police, self.cast.housing)}
        return Actor(
            user.user_id, user.name, user.email, None, frozenset(roles | leads), frozenset({self.root})
        )

    def family(self, session: Session) -> list[Case]:
        """The case and all that belongs to it, in order."""
        return list(
            session.exec(
                select(Case).where((Case.id == self.root) | (Case.parent_id == self.root)).order_by(Case.id)
            ).all()
        )

    def attempt(self, act: str) -> bool:
        """Do one act in a transaction of its own; False if it was refused. No two happen at one instant."""
        self.at += timedelta(minutes=1)
        try:
            with self.database.transaction() as session:
                getattr(self, act)(session, self.actor(session))
        except REFUSALS:
            return False
        self.done[act] += 1
        return True

    def wait(self) -> None:
        """Time goes by."""
        self.at += timedelta(days=self.random.choice((0, 1, 3, 10, 40, 120)), minutes=1)

    def step(self, session: Session, actor: Actor) -> None:
        """Any case of the family takes any step that it can take now."""
        case = self.random.choice(self.family(session))
        workflow = workflow_for(case)
        moves = [move for move in workflow.moves_from(case.state) if not move.name.startswith("void")]
        if not moves:
            raise NotPossible("Nothing goes on from here.")
        usual = [move for move in moves if move.usual]
        move = self.random.choice(usual if usual and self.random.random() < 0.7 else moves)
        self.take(session, actor, case, workflow, move)

    def take(self, session: Session, actor: Actor, case: Case, workflow: Workflow, move: Move) -> None:
        """Take the step, with plausible answers for what it still asks."""
        for name in self._sent_first(session, workflow, case, move):
            self.note(session, case, name)
        here = position_of(session, workflow, case, {}, self.today)
        if any(countersigning.WHO in unmet.facts for unmet in unmet_by(workflow, move, here)):
            self.countersign(session, case)
        facts: dict[str, FactValue] = {}
        for _ in range(3):
            here = position_of(session, workflow, case, facts, self.today)
            wanted = {name for unmet in unmet_by(workflow, move, here) for name in unmet.facts}
            wanted = (wanted | set(move.anew)) - countersigning.FACTS
            facts |= {
                name: self.answer(workflow.fact_by_name[name])
                for name in sorted(wanted)
                if not workflow.fact_by_name[name].through and name not in facts
            }
        here = position_of(session, workflow, case, facts, self.today)
        soft = frozenset(unmet.name for unmet in unmet_by(workflow, move, here) if not unmet.hard)
        asked = MoveRequest(
            case.version, self.today, facts=facts, reason="So it was decided.", overridden=soft,
            override_reason="It cannot wait." if soft else "", evidence="Minute 7", late_reason="It took longer.",
        )  # fmt: skip
        cases.move(session, actor, case, move.name, asked, at=self.at)

    def _sent_first(self, session: Session, workflow: Workflow, case: Case, move: Move) -> Iterable[str]:
        """The letters that the step waits for."""
        here = position_of(session, workflow, case, {}, self.today)
        named = {name for unmet in unmet_by(workflow, move, here) for name in unmet.facts}
        return sorted(
            name
            for name in named
            if workflow.fact_by_name[name].through == "letters"
            and workflow.fact_by_name[name].kind is FactKind.DATE
        )

    def countersign(self, session: Session, case: Case) -> None:
        """The manager countersigns, before somebody else decides."""
        facts = {countersigning.WHO: "manager@example.test", "countersign_reason": "Counted again."}
        asked = FactsRequest(case.version, self.today, facts)
        cases.record_facts(session, self.cast.actor(session, "manager", self.at), case, asked, at=self.at)

    def note(self, session: Session, case: Case, name: str) -> None:
        """What the sending of a letter records."""
        asked = FactsRequest(case.version, self.today, {}, late_reason="It took longer.")
        acts.note(session, self.actor(session), case, {name: self.today}, asked, at=self.at)

    def answer(self, fact: Fact) -> FactValue:
        """A plausible answer."""
        plain: dict[FactKind, FactValue] = {
            FactKind.DATE: self.today + timedelta(days=30) if fact.may_be_future else self.today,
            FactKind.CHOICES: tuple(choice.value for choice in fact.choices),
            FactKind.YES_NO: self.random.random() < 0.5,
            FactKind.CONFIRM: True,
            FactKind.NUMBER: self.random.randrange(3),
            FactKind.MONTH: f"{self.today:%Y-%m}",
            FactKind.PERSON: PEOPLE[fact.name == "countersigned_by"],
            FactKind.ORGANISATION: self.random.choice(BODIES),
            FactKind.ORGANISATIONS: BODIES,
        }
        if fact.kind is FactKind.CHOICE:
            return self.random.choice(fact.choices).value
        return plain.get(fact.kind, f"What {fact.name} says")

    def child(self, session: Session, actor: Actor) -> None:
        """Something that belongs to the case is opened."""
        case = session.get_one(Case, self.root)
        workflow = workflow_for(case)
        families.open_child(session, actor, case, self.new_child(workflow, case), at=self.at)

    def new_child(self, workflow: Workflow, case: Case) -> families.NewChild:
        """Any process of the family, with what opening it asks for."""
        process = self.random.choice(workflow.family)
        definition = current(process, self.today)
        facts = {need[0]: self.answer(definition.fact_by_name[need[0]]) for need in definition.opening_needs}
        return families.NewChild(process, case.version, facts)

    def pause(self, session: Session, actor: Actor) -> None:
        """A running date is paused."""
        asked = Pause(PauseReason.COURT, self.today, "Court", "Told by letter")
        self._change(session, actor, asked)

    def resume(self, session: Session, actor: Actor) -> None:
        """A paused date runs again."""
        self._change(session, actor, Resume(self.today, "It goes on"))

    def extend(self, session: Session, actor: Actor) -> None:
        """More time is agreed."""
        asked = Extension(self.random.randrange(1, 30), self.today, "Agreed", "Minute 8", "Told by letter")
        self._change(session, actor, asked)

    def _change(self, session: Session, actor: Actor, asked: Extension | Pause | Resume) -> None:
        ids = [case.id for case in self.family(session)]
        running = session.exec(
            select(Deadline)
            .where(Deadline.case_id.in_(ids), Deadline.status == DeadlineStatus.RUNNING)
            .order_by(Deadline.id)
        ).all()
        if not running:
            raise NotPossible("No date runs.")
        deadline = self.random.choice(running)
        case = session.get_one(Case, deadline.case_id)
        dates.change_date(session, actor, case, deadline, asked, seen_version=case.version, at=self.at)

    def day_off(self, session: Session, actor: Actor) -> None:
        """A closed day is entered."""
        on = self.today + timedelta(days=self.random.randrange(1, 60))
        holidays.add(session, actor, on, "Closed", self.cast.herefordshire, at=self.at)

    def record(self, session: Session, actor: Actor) -> None:
        """A fact is recorded by itself."""
        case = self.random.choice(self.family(session))
        fact = self.random.choice(workflow_for(case).facts)
        facts = {fact.name: self.answer(fact)}
        asked = FactsRequest(case.version, self.today, facts, late_reason="It took longer.")
        cases.record_facts(session, actor, case, asked, at=self.at)


ACTS = ("step", "step", "step", "step", "child", "record", "pause", "resume", "extend", "day_off")
"""What can happen, and how often one thing for another."""


def orphans(session: Session) -> list[str]:
    """Clocks that run in a final state although the step into it did not start them."""
    found = []
    for case in session.exec(select(Case).order_by(Case.id)).all():
        if not workflow_for(case).state_by_name[case.state].final:
            continue
        last = session.exec(
            select(Event)
            .where(Event.case_id == case.id, Event.to_state == case.state)
            .order_by(Event.seq.desc())
        ).first()
        started = str(last.detail.get("effects", "")) if last else ""
        running = session.exec(
            select(Deadline.key).where(Deadline.case_id == case.id, Deadline.status == DeadlineStatus.RUNNING)
        ).all()
        found += [f"{case.reference} {case.state}: {key}" for key in running if f"start:{key}" not in started]
    return found
