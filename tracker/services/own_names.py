"""Names of things: what a partnership calls its processes. A name is changed for everything that is drawn from then on."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from tracker.errors import BadInput
from tracker.models import Partnership, SetupChange, SetupKind
from tracker.policy import Actor
from tracker.services import set_up
from tracker.services.process_names import OF_PARTNERSHIP, TITLES
from workflows.facts import tidy

LONGEST = 60


def own_names(partnership: Partnership) -> dict[str, str]:
    """What the partnership calls each process, by process key."""
    return {process: str(getattr(partnership, column)) for process, column in OF_PARTNERSHIP.items()}


def fault_of(name: str) -> str:
    """What is wrong with a name, in one sentence; nothing if it can be used."""
    if not tidy(name):
        return "Enter a name"
    if len(tidy(name)) > LONGEST:
        return f"The name must be {LONGEST} characters or fewer"
    if not any(letter.isalpha() for letter in name):
        return "The name must have letters"
    return ""


def changes(partnership: Partnership, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The names that become others, each as it is and as it would be, by process key."""
    own = own_names(partnership)
    wanted = {process: tidy(name) for process, name in names.items()}
    return {
        process: (own[process], name)
        for process, name in wanted.items()
        if process in own and own[process] != name
    }


def set_names(
    session: Session,
    actor: Actor,
    partnership: Partnership,
    names: Mapping[str, str],
    *,
    reason: str,
    at: datetime,
    seen: str | None = None,
    request_id: str | None = None,
) -> SetupChange:
    """Call the processes (by key) by these names. Sent twice, it is one change.

    Raises:
        NotPermitted: the actor is neither manager nor administrator of the partnership.
        BadInput: a name cannot be used, none is another than before, or there is no reason.
        ChangedMeanwhile: the set-up was changed after they looked.
    """
    if before := set_up.done_before(session, request_id):
        return before
    set_up.require(session, actor, partnership, reason, seen)
    for process, name in names.items():
        if process not in OF_PARTNERSHIP:
            raise BadInput(f"There is no name for {process!r}.")
        if fault := fault_of(name):
            raise BadInput(f"{TITLES[process]}: {fault}.")
    session.refresh(partnership)
    found = changes(partnership, names)
    if not found:
        raise BadInput("No name is another than it was.")
    for process, (_, name) in found.items():
        setattr(partnership, OF_PARTNERSHIP[process], name)
    session.add(partnership)
    said = ". ".join(f"“{old}” is called “{new}”" for old, new in found.values()) + "."
    return set_up.record(
        session, actor, partnership, SetupKind.NAMES_SET, said,
        detail={process: {"from": old, "to": new} for process, (old, new) in found.items()},
        reason=reason, at=at, request_id=request_id,
    )  # fmt: skip
