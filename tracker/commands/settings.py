"""``tracker settings``: every setting, its value and where that came from."""

import json
import os

import click
from pydantic import SecretStr
from sqlalchemy import make_url

import config
from config import PREFIX, Settings
from tracker.commands import opening

HIDDEN = "(set, not shown)"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(*, as_json: bool) -> None:
    """List every setting with its description, its value and where the value came from. Secrets are not shown."""
    listed = rows(opening.settings(), config.from_environment(os.environ))
    if as_json:
        click.echo(json.dumps(listed, indent=1))
        return
    for row in listed:
        click.echo(f"{row['name']} = {row['value']}  [{row['source']}]")
        click.echo(f"    {row['description']}")


def rows(present: Settings, given: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    """One row for each setting: name, value, source, description."""
    return [
        {
            "name": f"{PREFIX}{name.upper()}",
            "value": _shown(name, present),
            "source": given[name][1] if name in given else "default",
            "description": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, present: Settings) -> str:
    value = getattr(present, name)
    if isinstance(value, SecretStr):
        return HIDDEN
    if name == "database_url":
        return make_url(present.database).render_as_string(hide_password=True)
    return "(not set)" if value is None else str(value)
