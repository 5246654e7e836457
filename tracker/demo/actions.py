"""Sixty invented actions: a current plan for Herefordshire, and what reviews and case reviews agreed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial

from tracker import clock
from tracker.demo.people import HEREFORDSHIRE, email_of, lead_of
from tracker.demo.rows import PLAN, Row, due_on, rows
from tracker.demo.stage import Stage
from tracker.models import ActionDetails, Case, CaseParty, Plan, Sensitivity
from tracker.policy import Actor
from tracker.services import actions, cases
from tracker.services.actions import Answer, Update
from tracker.services.asked import MoveRequest, NewCase
from tracker.services.plans import key_of
from workflows.facts import FactValue
from workflows.traces import in_words

HEADINGS = ["Theme", "Action", "Timescale", "Lead"]
NOBODY = "Partners"
AFTER_PUBLICATION = "3 months after the review is published"
WITH_THE_PLAN = "Ongoing until the plan ends"

_SAID = (
    "The first part is done; the second is booked for next month.",
    "Draft agreed with partners and out for comment.",
    "Three of five sites are complete.",
    "Staff have been briefed; the first figures come with the next update.",
    "The contract is signed and the provider has started.",
)
_DONE = (
    "Done. The minutes of the group and the published document show it.",
    "Complete: the report went to the steering group and is on file.",
    "Finished; photographs and the inspection note are on file.",
)
_CHECKED = "Seen: the document and the minutes that adopt it."


def plan_year(today: date) -> int:
    """The year in which the plan of that day began: plans run from 1 April to 31 March."""
    return today.year if today.month >= 4 else today.year - 1


def add_plan(stage: Stage) -> Plan:
    """Add the current plan of Herefordshire, without its actions."""
    year = plan_year(stage.today)
    name = f"Action plan {year} to {year + 1}"
    plan = Plan(
        key=key_of(name),
        partnership_id=stage.partnership(HEREFORDSHIRE).id or 0,
        name=name,
        starts_on=date(year, 4, 1),
        ends_on=date(year + 1, 3, 31),
        headings=HEADINGS,
        imported_at=clock.morning_of(stage.ago(90)),
        source_name="Entered action by action",
    )
    stage.session.add(plan)
    stage.session.flush()
    return plan


def plan_actions(stage: Stage, plan: Plan, parents: dict[str, str]) -> None:
    """Put every invented action on the stage. ``parents`` gives the partnership of each case that has actions."""
    position = 0
    for number, row in enumerate(rows()):
        position += row.of == PLAN
        place = parents.get(row.of, HEREFORDSHIRE)
        Doing(stage, row, number, place, plan, position if row.of == PLAN else 0).plan()


class Doing:
    """One invented action on its way."""

    def __init__(
        self, stage: Stage, row: Row, number: int, partnership: str, plan: Plan, position: int
    ) -> None:
        self.stage, self.row, self.number = stage, row, number
        self.partnership, self._plan, self.position = partnership, plan, position
        self.due_on = due_on(stage, row.due)
        restricted = row.of in {
            "aspen",
            "chestnut",
            "rowan",
        }  # the actions of a review that is not public yet
        self.sensitivity = Sensitivity.RESTRICTED if restricted else Sensitivity.OPEN
        self.officer = email_of("officer", partnership)

    def plan(self) -> None:
        """Put all that happens to it on the stage."""
        row = self.row
        self._on(row.agreed, self._log)
        if row.lead and row.state not in {"draft", "not_accepted"}:
            self._on(row.agreed, self._accept)
        for ago, do in self._later():
            self._on(ago, do)

    def _later(self) -> Iterator[tuple[int, Callable[[datetime], None]]]:
        row = self.row
        reported = row.reported or 1
        match row.state:
            case "in_progress":
                if row.agreed - reported > 20:
                    yield row.agreed - 14, partial(self._report, Answer.PROGRESS)
                yield reported, partial(self._report, Answer.PROGRESS)
            case "completed_unverified" | "verified":
                yield (row.agreed + reported) // 2, partial(self._report, Answer.PROGRESS)
                yield reported, partial(self._report, Answer.DONE)
        if row.state == "verified":
            yield reported - 5, self._verify
        if row.state in _ENDS:
            yield max(row.agreed - 16, 2), self._end
        match row.then:
            case "more_time_asked" | "more_time_agreed":
                yield reported - 5, partial(self._report, Answer.MORE_TIME)
            case "not_ours":
                yield reported - 3, partial(self._report, Answer.NOT_OURS)
        if row.then == "more_time_agreed":
            yield reported - 9, self._decide

    def _on(self, ago: int, do: Callable[[datetime], None]) -> None:
        self.stage.plan(self.row.key, self.stage.ago(ago), do)

    @property
    def case(self) -> Case:
        """The action, once it is there."""
        return self.stage.cases[self.row.key]

    def _actor(self, email: str) -> Actor:
        return self.stage.cast.actor(email)

    def _lead(self) -> Actor:
        return self._actor(lead_of(self.row.lead) or self.officer)

    def _log(self, at: datetime) -> None:
        row, stage = self.row, self.stage
        body = stage.body(row.lead) if row.lead else None
        facts: dict[str, FactValue] = {"action_text": row.action}
        if body is not None:
            facts["lead_agency"] = body.key
        if self.due_on is not None:
            facts["target_on"] = self.due_on
        else:
            facts["target_condition"] = WITH_THE_PLAN if row.of == PLAN else AFTER_PUBLICATION
        adopted = body is None  # nobody can accept it: it stands in the adopted plan as it is
        if adopted:
            facts["agreed_on"] = clock.london(at)
        parent = None if row.of == PLAN else stage.cases[row.of]
        case = cases.log_case(
            stage.session,
            self._actor(self.officer),
            NewCase(
                process="action_item",
                partnership_id=stage.partnership(self.partnership).id or 0,
                opened_on=clock.london(at),
                facts=facts,
                title=row.action,
                sensitivity=self.sensitivity,
                owner_organisation_id=body.id if body else None,
                parent_id=parent.id if parent else None,
                state="agreed" if adopted else None,
                imported=adopted,
            ),
            at=at,
        )
        stage.cases[row.key] = case
        if self.sensitivity is Sensitivity.RESTRICTED:
            stage.cast.renamed(self.officer)
        self._add_details(case, body.name if body else NOBODY)
        if body is not None:
            stage.session.add(
                CaseParty(case_id=case.id or 0, part="lead", organisation_id=body.id, words=body.name)
            )
        stage.session.flush()

    def _add_details(self, case: Case, lead: str) -> None:
        condition = WITH_THE_PLAN if self.row.of == PLAN else AFTER_PUBLICATION
        timescale = in_words(self.due_on) if self.due_on else condition
        details = ActionDetails(
            case_id=case.id or 0,
            theme=self.row.theme,
            timescale=timescale,
            timescale_kind="day" if self.due_on else "relative",
            condition="" if self.due_on else condition,
        )
        if self.row.of == PLAN:
            details.plan_id, details.position = self._plan.id, self.position
            details.cells = dict(
                zip(HEADINGS, (self.row.theme, self.row.action, timescale, lead), strict=True)
            )
            ends_on = self._plan.ends_on
            details.after_plan_end = bool(self.due_on and ends_on and self.due_on > ends_on)
        self.stage.session.add(details)

    def _move(
        self, who: Actor, name: str, at: datetime, facts: Mapping[str, FactValue], late_reason: str = ""
    ) -> None:
        asked = MoveRequest(self.case.version, clock.london(at), facts=facts, late_reason=late_reason)
        cases.move(self.stage.session, who, self.case, name, asked, at=at)

    def _accept(self, at: datetime) -> None:
        self._move(self._actor(self.officer), "accept", at, {"agreed_on": clock.london(at)})

    def _report(self, answer: Answer, at: datetime) -> None:
        said = _DONE if answer is Answer.DONE else _SAID
        update = Update(answer, self.case.version, note=said[self.number % len(said)])
        if answer is Answer.MORE_TIME:
            wanted = self.stage.off(max(self.due_on or self.stage.today, self.stage.today), 45)
            update = Update(
                answer,
                self.case.version,
                note="The post that this depends on was filled late.",
                asked_for_on=wanted,
            )
        elif answer is Answer.NOT_OURS:
            update = Update(
                answer, self.case.version, note="The contact sits with the council's customer services.",
                belongs_to="Herefordshire Council",
            )  # fmt: skip
        actions.report(self.stage.session, self._lead(), self.case, update, at=at)

    def _verify(self, at: datetime) -> None:
        # Whoever reported it cannot verify it; without a lead who signs in, that was the officer.
        who = "officer" if lead_of(self.row.lead) else "manager"
        late = bool(self.due_on and clock.london(at) > self.due_on)
        self._move(
            self._actor(email_of(who, self.partnership)), "verify", at,
            {"verified_on": clock.london(at), "verification_note": _CHECKED},
            "Seen at the next meeting of the group." if late else "",
        )  # fmt: skip

    def _end(self, at: datetime) -> None:
        who, name, facts = _ENDS[self.row.state]
        given: dict[str, FactValue] = dict(facts)
        if self.row.state == "superseded":
            given["superseded_by"] = self.stage.reference_of(self.row.then)
        self._move(self._actor(email_of(who, self.partnership)), name, at, given)

    def _decide(self, at: datetime) -> None:
        actions.decide_more_time(
            self.stage.session, self._actor(email_of("manager", self.partnership)), self.case,
            agreed=True, reason="The reason is sound and the new date fits the plan.",
            seen_version=self.case.version, at=at,
        )  # fmt: skip


_ENDS: dict[str, tuple[str, str, dict[str, FactValue]]] = {
    "not_accepted": (
        "officer", "reject",
        {
            "rejection_reason": "The training is commissioned by another body for the whole region.",
            "csp_minute_ref": "Partnership minutes, item 7",
        },
    ),
    "superseded": ("officer", "supersede", {"supersede_reason": "The new action goes further."}),
    "abandoned": (
        "chair", "abandon", {"abandon_reason": "No provider could be found within the grant; reported to the board."},
    ),
}  # fmt: skip
