"""``tracker workflows migrate``: open cases go over to another version of their process, previewed and recorded."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from tracker import access, clock
from tracker.commands.opening import opened
from tracker.db import Database
from tracker.errors import BadInput, NotPossible, Refuses
from tracker.policy import SYSTEM
from tracker.queries import version_moves
from tracker.queries.version_moves import CaseShown, DateShown
from tracker.services import versions
from tracker.services.plans import partnership_keyed
from tracker.services.versions import MigrationRequest
from workflows.definition import Workflow
from workflows.released import RELEASED, UnknownWorkflow, workflow_of
from workflows.traces import short


class Mapped(click.ParamType[tuple[str, str]]):
    """A state of the old version and the state that it becomes: ``old=new``."""

    name = "old=new"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the sign."""
        if isinstance(value, tuple):
            return value
        old, sign, new = str(value).partition("=")
        if not (old.strip() and sign and new.strip()):
            self.fail(f"{value} does not say which state becomes which; write old=new.", param, ctx)
        return old.strip(), new.strip()


@click.command("migrate")
@click.argument("key", metavar="KEY")
@click.option("--to", "version", required=True, type=click.IntRange(1), help="The version to go over to.")
@click.option("--partnership", default=None, help="Only the cases of this partnership.")
@click.option(
    "--map",
    "states",
    type=Mapped(),
    multiple=True,
    help="Where cases go whose state is not in that version: old=new. May be given again.",
)
@click.option(
    "--recalculate", is_flag=True,
    help="Work out running dates anew whose default length is another, unless the partnership's procedure fixes it.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="List every case and every date, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def migrate_command(
    key: str,
    version: int,
    partnership: str | None,
    states: Sequence[tuple[str, str]],
    *,
    recalculate: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the open cases of a process over to another version. Closed cases stay on theirs.

    Each case goes over in a transaction of its own, so a run that was cut short is finished by running it again.
    """
    asked = MigrationRequest(_definition(key, version), dict(states), recalculate)
    versions.require_states(asked)
    with opened() as database:
        shown = _foreseen(database, asked, partnership)
        refused = [case for case in shown if case.refused]
        if refused and not dry_run:
            _print(refused, asked, as_json=as_json)
            raise Refuses(_refusal(len(refused)))
        done = shown if dry_run else _go_over(database, asked, shown)
    _print(done, asked, as_json=as_json)
    if not as_json:
        click.echo(_summary(done, asked, dry_run=dry_run))
    if refused:
        raise Refuses(_refusal(len(refused)))


def _refusal(number: int) -> str:
    what = "1 case has" if number == 1 else f"{number} cases have"
    return f"{what} no place in that version, so none goes over. Say where they go with --map old=new."


def _definition(key: str, version: int) -> Workflow:
    try:
        return workflow_of(key, version)
    except UnknownWorkflow:
        known = ", ".join(RELEASED)
        raise BadInput(f"There is no released definition {key[:60]}/{version}. There are: {known}.") from None


def _foreseen(database: Database, asked: MigrationRequest, partnership: str | None) -> list[CaseShown]:
    with database.reading() as session:
        if partnership is not None:
            partnership_keyed(session, partnership)
        references = version_moves.waiting(session, asked, partnership)
        return [version_moves.foreseen(session, one, asked, clock.today()) for one in references]


def _go_over(database: Database, asked: MigrationRequest, shown: Iterable[CaseShown]) -> list[CaseShown]:
    """Each case by itself, as it is now: what changed since it was looked at is worked out again."""
    done: list[CaseShown] = []
    for case in shown:
        with database.transaction() as session:
            held = access.case_for(session, SYSTEM, case.reference, lock=True)
            now = version_moves.foreseen(session, case.reference, asked, clock.today())
            try:
                event = versions.migrate(session, SYSTEM, held, asked, at=clock.now())
            except NotPossible as refused:
                raise Refuses(f"{len(done)} cases went over. {refused}") from None
        if event is not None:
            done.append(now)
    return done


def _print(cases: Sequence[CaseShown], asked: MigrationRequest, *, as_json: bool) -> None:
    if as_json:
        printed = {"key": asked.to.key, "to": asked.to.version, "cases": [case.as_json() for case in cases]}
        click.echo(json.dumps(printed, indent=1))
        return
    for case in cases:
        where = case.to_state if case.to_state == case.from_state else f"{case.from_state} to {case.to_state}"
        click.echo(
            case.refused or f"{case.reference}  version {case.from_version} to {asked.to.version}, at {where}"
        )
        for one in case.dates:
            click.echo(f"  {one.did:<7} {one.label}: {_when(one)}")


def _when(one: DateShown) -> str:
    old = short(one.old) if one.old else "no date"
    if one.paused:
        return "paused; its length is another once it runs again"
    if one.did == "moves":
        return f"{old} to {short(one.new) if one.new else 'no date'}"
    return old if one.did == "ends" else short(one.new) if one.new else "no date yet"


def _summary(cases: Sequence[CaseShown], asked: MigrationRequest, *, dry_run: bool) -> str:
    gone = [case for case in cases if not case.refused]
    did = Counter(one.did for case in gone for one in case.dates)
    dates = ", ".join(
        f"{did[what]} {words}" for what, words in (("starts", "start"), ("moves", "move"), ("ends", "end"))
    )
    number = "1 open case" if len(gone) == 1 else f"{len(gone)} open cases"
    if dry_run:
        return f"{number} would go over to {asked.to.id}. Of their dates {dates}. Nothing was changed."
    return f"{number} went over to {asked.to.id}. Of their dates {dates}."
