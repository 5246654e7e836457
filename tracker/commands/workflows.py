"""``tracker workflows``: the released processes as lists, tables, drawings and data, and the check that they hold."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from tracker.commands.opening import database_is_there, opened
from tracker.commands.versions import migrate_command
from tracker.errors import BadInput, Refuses
from tracker.queries import version_moves
from workflows.definition import Clock, Move, Workflow
from workflows.ladder import check as check_ladder
from workflows.released import RELEASED, digests
from workflows.selfcheck import faults_of


@click.group()
def workflows() -> None:
    """The processes that cases run on, each version as it was released."""


workflows.add_command(migrate_command)


@workflows.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(*, as_json: bool) -> None:
    """List every released definition."""
    if as_json:
        _print_json(
            [
                {
                    "key": w.key,
                    "version": w.version,
                    "title": w.title,
                    "effective_from": w.effective_from.isoformat(),
                    "digest": w.digest,
                }
                for w in RELEASED.values()
            ]
        )
        return
    rows = [
        (w.id, w.title, w.effective_from.isoformat(), len(w.states), len(w.moves), len(w.clocks))
        for w in RELEASED.values()
    ]
    _print_table(("definition", "title", "from", "states", "moves", "clocks"), rows)


@workflows.command("check")
def check_command() -> None:
    """Check digests, reachability, names, citations and reminders of every released definition, and that every open
    case can still run on the version it is pinned to.

    Prints one line for each thing that is wrong, and then exits with status 1.
    """
    wrong = list(wrong_with(RELEASED.values()))
    cases, held = _open_cases()
    wrong += held
    for line in wrong:
        click.echo(line)
    if wrong:
        sys.exit(1)
    click.echo(
        f"{len(RELEASED)} released definitions are as they were released, and nothing in them is wrong. {cases}"
    )


def _open_cases() -> tuple[str, list[str]]:
    """How many open cases were looked at, as a sentence, and what is wrong with them. Without a database, none."""
    try:
        if not database_is_there():
            return "There is no database here, so no case was looked at.", []
        with opened() as database, database.reading() as session:
            number, wrong = version_moves.open_cases(session), list(version_moves.held_up(session))
    except Refuses as refused:
        return f"No case was looked at: {refused}", []
    return "1 open case runs on them." if number == 1 else f"{number} open cases run on them.", wrong


def wrong_with(definitions: Iterable[Workflow]) -> Iterator[str]:
    """Say in words what is wrong with each definition, and which locked version is missing."""
    definitions = tuple(definitions)
    locked = digests()
    for workflow in definitions:
        if workflow.id not in locked:
            yield f"{workflow.id}: released.json does not lock it"
        elif workflow.digest != locked[workflow.id]:
            yield f"{workflow.id}: it differs from what was released; a released version never changes"
        for fault in faults_of(workflow):
            yield f"{workflow.id}: {fault}"
        for clock in workflow.clocks:
            try:
                check_ladder(clock.ladder)
            except ValueError as fault:
                yield f"{workflow.id}: the clock {clock.key}: {fault}"
    for name in sorted(set(locked) - {workflow.id for workflow in definitions}):
        yield f"{name}: it is locked in released.json, but there is no such definition"


@workflows.command("show")
@click.argument("name", metavar="KEY[/VERSION]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "mermaid", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
def show_command(name: str, form: str) -> None:
    """Show one definition, such as dhr_2016/1; without a version, the latest."""
    workflow = _found(name)
    if form == "json":
        _print_json({**workflow.as_json(), "digest": workflow.digest})
    elif form == "mermaid":
        click.echo("\n".join(mermaid(workflow)))
    else:
        _print_tables(workflow)


def _found(name: str) -> Workflow:
    key, slash, version = name.partition("/")
    versions = [w for w in RELEASED.values() if w.key == key and (not slash or str(w.version) == version)]
    if not versions:
        known = ", ".join(RELEASED)
        raise BadInput(f"There is no released definition {name[:60]}. There are: {known}.")
    return max(versions, key=lambda w: w.version)


def mermaid(workflow: Workflow) -> Iterator[str]:
    """Draw a definition as a Mermaid state diagram; moves between the same two states share an arrow."""
    yield "stateDiagram-v2"
    for state in workflow.states:
        yield f'  state "{_escaped(state.label)}" as {state.name}'
    yield f"  [*] --> {workflow.initial}"
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in workflow.moves:
        for source in move.sources:
            arrows.setdefault((source, move.to), []).append(move.label)
    for (source, to), labels in arrows.items():
        yield f"  {source} --> {to}: {' / '.join(_escaped(label) for label in labels)}"
    for state in workflow.states:
        if state.final:
            yield f"  {state.name} --> [*]"


def _escaped(label: str) -> str:
    """The label without what Mermaid reads as its own: quotes, colons, semicolons, brackets, numbers signs."""
    codes = {'"': "#quot;", ":": "#58;", ";": "#59;", "#": "#35;", "<": "#lt;", ">": "#gt;"}
    return "".join(codes.get(character, character) for character in label)


def _print_tables(workflow: Workflow) -> None:
    click.echo(f"{workflow.title} ({workflow.id}), in effect from {workflow.effective_from.isoformat()}")
    click.echo(f"digest {workflow.digest}\n")
    stages = {stage.key: stage.label for stage in workflow.stages}
    _print_table(
        ("state", "label", "stage", "final"),
        [(s.name, s.label, stages[s.stage], "final" if s.final else "") for s in workflow.states],
    )
    click.echo()
    _print_table(("move", "from", "to", "decided by", "needs"), [_move_row(move) for move in workflow.moves])
    click.echo()
    _print_table(
        ("clock", "label", "starts on", "length", "force", "basis"), [_clock_row(c) for c in workflow.clocks]
    )


def _move_row(move: Move) -> tuple[str, ...]:
    needs = ["|".join(need) for need in move.needs] + [r.name for r in move.requirements]
    return (
        move.name,
        ", ".join(move.sources),
        move.to,
        ", ".join(move.decided_by),
        ", ".join(dict.fromkeys(needs)),
    )


def _clock_row(clock: Clock) -> tuple[str, ...]:
    length = f"{clock.period.n} {clock.period.unit}".replace("_", " ") if clock.period else "date entered"
    return (clock.key, clock.label, clock.starts_on, length, clock.force, clock.basis)


def _print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as their longest cell; the last is not padded."""
    lines = [tuple(head), *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
