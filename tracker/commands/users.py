"""``tracker users``: who may sign in."""

import json
import sys

import click

from tracker import clock, passwords
from tracker.commands.opening import opened
from tracker.models import Role
from tracker.policy import SYSTEM
from tracker.services import people
from tracker.services.people import NewPerson

ask_option = click.option(
    "--ask", is_flag=True, help="Ask for the password, or read it from a pipe, instead of making one up."
)


@click.group()
def users() -> None:
    """Add, list and disable the people who may sign in."""


@users.command()
@click.option(
    "--email", required=True, help="Their e-mail address: they sign in with it, and reminders go to it."
)
@click.option(
    "--name", default="", help="How pages call them. A role title will do. Needed for a new person."
)
@click.option(
    "--role", required=True, type=click.Choice([str(role) for role in Role]), help="What they are there."
)
@click.option("--partnership", default="", help="Key of the partnership, for every role but lead.")
@click.option("--organisation", default="", help="Key of the agency, for a lead.")
@ask_option
def add(*, email: str, name: str, role: str, partnership: str, organisation: str, ask: bool) -> None:
    """Add a person with one role, or one more role to a person who is there. A new password is printed once."""
    password = _password(ask=ask)
    asked = NewPerson(email, name, Role(role), partnership, organisation)
    with opened() as database, database.transaction() as session:
        known = people.is_known(session, email)
        user = people.add(session, SYSTEM, asked, password=password, at=clock.now())
        email = user.email
    click.echo(f"{email} has one more role: {role}." if known else f"{email} is added as {role}.")
    if not known and not ask:
        click.echo(f"Password, shown this once: {password}")


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_users(*, as_json: bool) -> None:
    """List everyone who can or could sign in, with their roles."""
    with opened() as database, database.reading() as session:
        found = people.everybody(session)
    if as_json:
        rows = [
            {
                "email": person.email,
                "name": person.name,
                "active": person.active,
                "roles": [{"role": str(role), "where": where} for role, where in person.roles],
            }
            for person in found
        ]
        click.echo(json.dumps(rows, indent=1))
        return
    for person in found:
        roles = "; ".join(f"{role}, {where}" for role, where in person.roles) or "no role"
        click.echo(f"{person.email}  {person.name}  {roles}{'' if person.active else '  (disabled)'}")


@users.command()
@click.argument("email")
def disable(email: str) -> None:
    """Keep EMAIL out from their very next request on. What they did stays theirs."""
    with opened() as database, database.transaction() as session:
        people.disable(session, SYSTEM, email, at=clock.now())
    click.echo(f"{email} can no longer sign in; their sessions are ended.")


@users.command("set-password")
@click.argument("email")
@ask_option
def set_password(email: str, *, ask: bool) -> None:
    """Give EMAIL a new password and end their sessions. A password that was made up is printed once."""
    password = _password(ask=ask)
    with opened() as database, database.transaction() as session:
        people.set_password(session, SYSTEM, email, password, at=clock.now())
    click.echo(f"{email} has a new password; their sessions are ended.")
    if not ask:
        click.echo(f"Password, shown this once: {password}")


def _password(*, ask: bool) -> str:
    if not ask:
        return passwords.generated()
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return typed
