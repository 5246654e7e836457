"""Takes an invented case along its course, through the services that everybody uses, with plausible answers."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from sqlmodel import col, select

from tracker import clock
from tracker.demo.beats import DO, GRANT, LOG, NOTE, OPEN, Beat, Given, Here, Off, Story, is_step, placed
from tracker.demo.on_applications import send_letter
from tracker.demo.people import email_of
from tracker.demo.stage import Stage
from tracker.models import Case, Sensitivity
from tracker.policy import Actor
from tracker.services import cases, families, grants, tasks
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.positions import position_of, workflow_for
from workflows.deciders import Decider
from workflows.definition import Move, Workflow
from workflows.engine import Unmet, unmet_by, with_facts
from workflows.facts import FactKind, FactValue
from workflows.position import Position
from workflows.released import current
from workflows.traces import in_words

AGENCIES: Mapping[bool, tuple[str, ...]] = {
    True: ("west-mercia-police", "herefordshire-council", "herefordshire-and-worcestershire-icb", "probation-service"),
    False: (
        "west-mercia-police", "worcestershire-county-council-public-health", "herefordshire-and-worcestershire-icb",
    ),
}  # fmt: skip
"""Agencies that take part in a review in Herefordshire, and elsewhere."""

_CALLED = ("agency", "pseudonym", "number")
"""Facts by which one of several that belong to a case is told from the others."""
MINUTE = "Minute of the partnership's meeting of {day}, item {item}"
WAITING_FOR_THE_CHAIR = frozenset({"submit_for_decision", "submit_to_csp"})


def agencies_of(story: Story) -> Mapping[str, tuple[str, ...]]:
    """Which agencies are asked, for each fact that lists some."""
    found = story.agencies or AGENCIES[story.partnership == "herefordshire"]
    return {
        "imr_requests": found,
        "information_requests": found[:2],
    }


class Walker:
    """One invented case on its way."""

    def __init__(self, stage: Stage, story: Story, number: int) -> None:
        self.stage = stage
        self.story = story
        self.number = number
        self.officer = email_of(story.officer or "officer", story.partnership)
        self._agencies = agencies_of(story)
        self._named: set[str] = set()
        self._opened_on = stage.today

    def plan(self) -> None:
        """Put everything that happens to the case on the stage."""
        workflow = current(self.story.process, self.stage.today)
        last = [beat.do for beat in self.story.beats if is_step(beat)][-1]
        final = any(m.name == last and workflow.state_by_name[m.to].final for m in workflow.moves)
        for one in placed(self.story, self._agencies, final=final):
            self.stage.plan(self.story.key, self.stage.ago(one.ago), partial(self._act, one.beat))

    def _act(self, beat: Beat, at: datetime) -> None:
        day = clock.london(at)
        if beat.do == LOG:
            self._log(beat, day, at)
        elif beat.do == GRANT:
            self._name(beat.whom, beat.why, at)
        elif beat.do == DO and beat.act:
            who = email_of(beat.whom, self.story.partnership) if beat.whom else self.officer
            beat.act(self.stage.session, self._actor(who), self.case, day, at)
        elif beat.do == OPEN:
            self._open(beat, day, at)
        else:
            for case in self._those(beat):
                (self._note if beat.do == NOTE else self._move)(case, beat, day, at)

    @property
    def case(self) -> Case:
        """The case, once it is logged."""
        return self.stage.cases[self.story.key]

    def _log(self, beat: Beat, day: date, at: datetime) -> None:
        self._opened_on = day
        workflow = current(self.story.process, day)
        facts = self._answered(workflow, beat.facts, day)
        for need in workflow.opening_needs:
            facts.setdefault(need[0], self._answer(workflow, need[0], day))
        officer = self._actor(self.officer)
        asked = NewCase(
            process=self.story.process,
            partnership_id=self.stage.partnership(self.story.partnership).id or 0,
            opened_on=day,
            facts=facts,
            sensitivity=Sensitivity.RESTRICTED if self.story.restricted else Sensitivity.OPEN,
            owner_user_id=officer.user_id,
        )
        self.stage.cases[self.story.key] = cases.log_case(self.stage.session, officer, asked, at=at)
        if self.story.restricted:
            self.stage.cast.renamed(self.officer)
            self._named.add(self.officer)

    def _those(self, beat: Beat) -> list[Case]:
        """What the beat is about: the case, or of what belongs to it those of the sort and of the agency."""
        if not beat.of:
            return [self.case]
        process, _, kind = beat.of.partition(":")
        rows = self.stage.session.exec(
            select(Case).where(Case.parent_id == self.case.id, Case.process == process).order_by(col(Case.id))
        ).all()
        return [
            row
            for row in rows
            if (not kind or row.facts.get("kind") == kind)
            and (not beat.instance or beat.instance in (row.facts.get(name) for name in _CALLED))
        ]

    def _open(self, beat: Beat, day: date, at: datetime) -> None:
        process, _, kind = beat.of.partition(":")
        workflow = current(process, day)
        given = {"kind": kind, "agency": beat.instance, **beat.facts}
        facts = self._answered(workflow, {name: value for name, value in given.items() if value}, day)
        for need in workflow.opening_needs:
            if not any(name in facts for name in need):
                facts[need[0]] = self._answer(workflow, need[0], day)
        asked = families.NewChild(process, self.case.version, facts)
        families.open_child(self.stage.session, self._actor(self.officer), self.case, asked, at=at)

    def _note(self, case: Case, beat: Beat, day: date, at: datetime) -> None:
        facts = self._answered(workflow_for(case), beat.facts, day)
        asked = FactsRequest(
            case.version, day, facts, instance="" if beat.of else beat.instance, late_reason=beat.late
        )
        cases.record_facts(self.stage.session, self._actor(self.officer), case, asked, at=at)

    def _name(self, whom: str, why: str, at: datetime) -> None:
        email = email_of(whom, self.story.partnership)
        if not self.story.restricted or email in self._named:
            return
        user = self.stage.cast.user(email)
        grants.grant(self.stage.session, self._actor(self.officer), self.case, user, why, at=at)
        self.stage.cast.renamed(email)
        self._named.add(email)

    def _move(self, case: Case, beat: Beat, day: date, at: datetime) -> None:
        workflow = workflow_for(case)
        move = workflow.move(beat.do, case.state)
        if move is None:
            raise ValueError(f"{self.story.key}: no step {beat.do} from {case.state}")
        if beat.do in WAITING_FOR_THE_CHAIR:
            self._name("chair", "The decision is for the CSP chair", at)
        email, evidence = self._decider(move, day)
        if email != self.officer:
            self._name(email, "Takes the steps of this review that are theirs to take", at)
        if move.to != case.state:
            self._checked(case, day, at)
        facts = self._needed(case, workflow, move, beat, day, at)
        asked = MoveRequest(
            seen_version=case.version,
            occurred_on=day,
            facts=facts,
            evidence=evidence,
            late_reason=beat.late,
        )
        cases.move(self.stage.session, self._actor(email), case, beat.do, asked, at=at)

    def _checked(self, case: Case, day: date, at: datetime) -> None:
        """Tick what is open on the checklists before the case goes on."""
        rows = tasks.tasks_of(self.stage.session, case)
        keys = tuple(row.key for row in rows if row.done_on is None and not row.not_needed_reason)
        if keys:
            asked = tasks.Settled(case.version, keys, day)
            tasks.settle(self.stage.session, self._actor(self.officer), case, asked, at=at)

    def _decider(self, move: Move, day: date) -> tuple[str, str]:
        """Who takes the step, and with which evidence where it is recorded for somebody else."""
        place = self.story.partnership
        if {Decider.BU_OFFICER, Decider.SYSTEM} & set(move.decided_by):
            return self.officer, ""
        if Decider.BU_MANAGER in move.decided_by:
            return email_of("manager", place), ""
        if Decider.DECISION_MAKER in move.decided_by:
            return email_of("decision-maker", place), ""
        if Decider.CSP_CHAIR in move.decided_by and not self.story.minuted:
            return email_of("chair", place), ""
        return self.officer, MINUTE.format(day=in_words(day), item=3 + self.number % 5)

    def _needed(
        self, case: Case, workflow: Workflow, move: Move, beat: Beat, day: date, at: datetime
    ) -> dict[str, FactValue]:
        """What the step asks for and nobody has recorded yet; of alternatives the first."""
        facts = self._answered(workflow, beat.facts, day)
        stands = position_of(self.stage.session, workflow, case, {}, day)
        if self._sent(case, workflow, move, with_facts(stands, facts), day, at):
            stands = position_of(self.stage.session, workflow, case, {}, day)
        for _ in move.asks():
            here = with_facts(stands, facts)
            missing = [
                name
                for unmet in unmet_by(workflow, move, here)
                if (name := _first(workflow, unmet, facts)) is not None
            ]
            if not missing:
                break
            facts |= {name: self._answer(workflow, name, day) for name in missing}
        return facts

    def _sent(
        self, case: Case, workflow: Workflow, move: Move, here: Position, day: date, at: datetime
    ) -> bool:
        """Send the letters that the step waits for; whether there were any."""
        waits = dict.fromkeys(name for unmet in unmet_by(workflow, move, here) for name in unmet.facts)
        letters = [name for name in waits if workflow.fact_by_name[name].through == "letters"]
        for name in letters:
            send_letter(self.stage.session, self._actor(self.officer), case, name, day, at)
        return bool(letters)

    def _answered(self, workflow: Workflow, given: Mapping[str, Given], day: date) -> dict[str, FactValue]:
        return {
            name: self._resolved(value, day) for name, value in given.items() if name in workflow.fact_by_name
        }

    def _answer(self, workflow: Workflow, name: str, day: date) -> FactValue:
        if name in self.story.facts:
            return self._resolved(self.story.facts[name], day)
        if name in self.story.answers:
            return self._resolved(self.story.answers[name], day)
        if name in self._agencies:
            return self._agencies[name]
        kind = workflow.fact_by_name[name].kind
        if kind is FactKind.DATE:
            return day
        if kind is FactKind.CONFIRM:
            return True
        raise ValueError(f"{self.story.key}: there is no answer for {name}")

    def _resolved(self, value: Given, day: date) -> FactValue:
        if isinstance(value, Off):
            return self.stage.off(day, value.working_days) if value.working_days else day
        if not callable(value):
            return value
        shortly_before = self.stage.off(self._opened_on, -3)
        return value(Here(day, self.story, self.number, self.stage.reference_of, f"{shortly_before:%Y-%m}"))

    def _actor(self, email: str) -> Actor:
        return self.stage.cast.actor(email)


def _first(workflow: Workflow, unmet: Unmet, given: Mapping[str, FactValue]) -> str | None:
    """The first answer that can be typed and is not given yet."""
    return next((n for n in unmet.facts if n not in given and not workflow.fact_by_name[n].through), None)
