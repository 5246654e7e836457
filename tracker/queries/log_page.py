"""What the log form asks, which dates a new case would start, and which cases look like it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case, Partnership, Role
from tracker.policy import Actor
from tracker.queries import choices, steps
from tracker.queries.choices import Choices
from tracker.queries.steps import Foretold
from tracker.services import clocks
from tracker.services.areas import areas_of
from tracker.services.process_names import name_at_opening, names_in, with_article
from workflows.definition import Move, Workflow
from workflows.facts import Fact, FactValue
from workflows.released import current

KINDS: Mapping[str, str] = {"dhr": "dhr_2016", "asb": "asb_case_review"}
"""The two kinds of case that are logged here, by their word in the address."""

_ALIKE = ("applicant_name", "applicant_contact", "death_month")
_RECENT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class LogSheet:
    """What the log form is made from. ``submits`` is the step that is taken with the logging, if there is one."""

    kind: str
    workflow: Workflow
    facts: tuple[Fact, ...]
    needs: tuple[tuple[str, ...], ...]
    submits: Move | None
    partnerships: tuple[Partnership, ...]
    officers: Choices
    organisations: Choices
    areas: Mapping[str, tuple[str, ...]]  # the names of each partnership's areas, by its key
    heading: str

    @property
    def optional(self) -> frozenset[str]:
        """Questions that may stay open."""
        return frozenset(f.name for f in self.facts) - {name for need in self.needs for name in need}

    def partnership(self, key: str) -> Partnership | None:
        """The partnership of that key, or the only one."""
        if len(self.partnerships) == 1:
            return self.partnerships[0]
        return next((each for each in self.partnerships if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case that may be the same, as far as the actor may see it."""

    reference: str
    opened_on: date
    why: str


def log_sheet(
    session: Session, actor: Actor, kind: str, asked: Collection[str], today: date, deaths: str = KINDS["dhr"]
) -> LogSheet:
    """What the form asks: what the definition needs, what its first step needs, and ``asked``, in that order of facts.

    ``deaths`` is the process under which a death that is received today is reviewed.
    """
    workflow = current(KINDS[kind], today)
    submits = workflow.move("submit", workflow.initial)
    needs = (*workflow.opening_needs, *(submits.needs if submits else ()))
    names = dict.fromkeys([*asked, *(name for need in needs for name in need)])
    found = choices.partnerships(session, actor)
    officers: dict[str, str] = {}
    bodies: dict[str, str] = dict(choices.organisations(session, None, today))
    for partnership in found:
        officers |= dict(choices.people(session, partnership.id or 0, Role.OFFICER, Role.MANAGER))
        bodies |= dict(choices.organisations(session, partnership.id, today))
    return LogSheet(
        kind=kind,
        workflow=workflow,
        facts=tuple(workflow.fact_by_name[name] for name in names if name in workflow.fact_by_name),
        needs=tuple(dict.fromkeys(needs)),
        submits=submits,
        partnerships=found,
        officers=tuple(officers.items()),
        organisations=tuple(sorted(bodies.items(), key=lambda body: body[1].casefold())),
        areas={
            each.key: tuple(area.name for area in areas_of(session, each.id or 0, today)) for each in found
        },
        heading=headings(names_logged(session, found, today, deaths))[kind],
    )


def names_logged(
    session: Session, partnerships: Iterable[Partnership], today: date, deaths: str
) -> Mapping[str, str]:
    """What each kind is called where it is logged, by its word in the address. ``deaths`` is the process of today's deaths."""
    names = names_in(session, {each.id or 0 for each in partnerships}, today)
    return {kind: names[deaths if kind == "dhr" else process] for kind, process in KINDS.items()}


def headings(names: Mapping[str, str]) -> Mapping[str, str]:
    """The heading of each kind's form, which is also the link to it."""
    return {
        "dhr": f"Log {with_article(names['dhr'])} notification",
        "asb": f"Log {with_article(names['asb'])} application",
    }


def startings(
    session: Session,
    sheet: LogSheet,
    partnership: Partnership,
    opened_on: date,
    facts: Mapping[str, FactValue],
) -> tuple[Foretold, ...]:
    """Every date that logging starts, worked out by the code that then starts it, on a case that is not stored."""
    workflow = sheet.workflow
    case = Case(
        reference="", process=workflow.key, workflow_version=workflow.version, partnership_id=partnership.id or 0,
        state=workflow.initial, state_since_on=opened_on, opened_on=opened_on,
    )  # fmt: skip
    logged = clocks.foresee(
        session, case, workflow, workflow.opening, facts,
        new_facts=facts, occurred_on=opened_on,
        words=f"{name_at_opening(session, case, facts)} logged",
    )  # fmt: skip
    ended: frozenset[str] = frozenset()
    both = logged.startings
    if sheet.submits is not None:
        ended = steps.stops(sheet.submits)
        submitted = clocks.foresee(
            session, case, workflow, sheet.submits.effects, facts,
            new_facts={}, occurred_on=opened_on, words=sheet.submits.past,
            asked=sheet.submits.asks(),
        )  # fmt: skip
        both = (*both, *submitted.startings)
    left = tuple(start for start in both if start.clock.key not in ended)
    return steps.startings(session, replace(logged, startings=left))


def alike(
    session: Session,
    actor: Actor,
    sheet: LogSheet,
    partnership: Partnership,
    facts: Mapping[str, FactValue],
    today: date,
) -> tuple[Alike, ...]:
    """Open cases of the last half year with the same applicant or month, for a person to look at. Decides nothing."""
    wanted = {name: facts[name] for name in _ALIKE if name in facts}
    if not wanted:
        return ()
    rows = session.exec(
        select(Case)
        .where(
            Case.process == sheet.workflow.key,
            Case.partnership_id == partnership.id,
            col(Case.closed_on).is_(None),
            Case.opened_on >= today - _RECENT,
            access.visible(actor),
        )
        .order_by(col(Case.opened_on).desc(), col(Case.reference))
    ).all()
    labels = sheet.workflow.fact_by_name
    return tuple(
        Alike(row.reference, row.opened_on, f"the same answer to “{labels[name].label}”")
        for row in rows
        for name, value in wanted.items()
        if str(row.facts.get(name, "")).casefold() == str(value).casefold()
    )
