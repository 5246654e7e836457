"""The command line: ``tracker COMMAND``. Each command lives in ``tracker/commands`` and is loaded when asked for."""

import importlib
import sys

import click
from typing_extensions import override

from tracker.errors import TrackerError

COMMANDS: dict[str, str] = {
    "run": "tracker.commands.serve:run",
    "migrate": "tracker.commands.migrate:migrate",
    "serve": "tracker.commands.serve:serve",
    "tick": "tracker.commands.tick:tick",
    "bench": "tracker.commands.bench:bench",
    "bounces": "tracker.commands.bounces:bounces",
    "scheduler": "tracker.commands.scheduler:scheduler",
    "settings": "tracker.commands.settings:settings",
    "demo": "tracker.commands.demo:demo_command",
    "users": "tracker.commands.users:users",
    "due": "tracker.commands.due:due",
    "threshold": "tracker.commands.threshold:threshold",
    "timescale": "tracker.commands.timescale:timescale",
    "read-plan": "tracker.commands.plans:read_plan",
    "import-indicators": "tracker.commands.indicators:import_indicators",
    "import-plan": "tracker.commands.plan_store:import_command",
    "export-plan": "tracker.commands.plan_store:export_command",
    "holidays": "tracker.commands.holidays:holidays",
    "figures": "tracker.commands.figures:figures",
    "policies": "tracker.commands.policies:policies",
    "overdue": "tracker.commands.overdue:overdue_command",
    "verify": "tracker.commands.overdue:verify_command",
    "workflows": "tracker.commands.workflows:workflows",
}


class Lazy(click.Group):
    """A group that imports a command's module only when that command is used: ``tracker due`` loads no web server."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, name = target.split(":")
        command = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def tracker() -> None:
    """The case tracker for Community Safety Partnerships."""


def main() -> None:
    """Run; a refusal is one plain sentence on standard error and exit status 1, never a traceback."""
    try:
        status = tracker(standalone_mode=False, prog_name="tracker")
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        sys.exit(1)
    except TrackerError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    if isinstance(status, int):  # click hands back the status of a command that ended itself, such as --help
        sys.exit(status)
