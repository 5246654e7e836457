"""What somebody else entered while a version of a local procedure was being written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.models import LocalPolicy, User
from tracker.policy import Actor
from tracker.queries import conflicts
from tracker.queries.conflicts import Differs
from tracker.queries.local_policies import Place, area_key
from tracker.services import policy_versions, policy_words
from tracker.services.policy_files import Version


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A version that was entered after a form was opened, with what differs from the answers; ``mark`` is its own."""

    name: str
    by: str
    at: datetime | None
    rows: tuple[Differs, ...]
    mark: str


def meanwhile(session: Session, actor: Actor, place: Place, begun: str, version: Version) -> Meanwhile | None:
    """What came in since the form was filled in with the version of that mark; None if nothing did.

    A version that is put right is compared with itself as it is now, a new one with the last there is.
    """
    found = policy_versions.versions(session, actor, partnership=place.partnership, area=area_key(place.area))
    rows = [row for row, _ in found if row.process == place.process]
    first = version.effective_from.isoformat()
    itself = [row for row in rows if begun.startswith(first) and row.effective_from == version.effective_from]
    last = (itself or rows)[-1:]
    if not begun or not last or policy_versions.mark_of(last[0]) == begun:
        return None
    now = last[0]
    if policy_versions.version_of(now, place.partnership) == version:
        return None  # what is entered is what stands there
    was = next((row for row in rows if policy_versions.mark_of(row) == begun), None)
    user = session.get(User, now.created_by_id) if now.created_by_id else None
    return Meanwhile(
        now.name,
        user.name if user else "",
        now.created_at,
        tuple(
            conflicts.answers(
                _said(was, place) if was else {},
                _said(now, place),
                [(what, what, words) for what, words in _in_words(version).items()],
            )
        ),
        policy_versions.mark_of(now),
    )


def _said(row: LocalPolicy, place: Place) -> Mapping[str, str]:
    return _in_words(policy_versions.version_of(row, place.partnership))


def _in_words(version: Version) -> dict[str, str]:
    said = {
        "Version": version.name,
        "Holds": policy_words.in_force(version),
        "Threshold": "\n".join(policy_words.threshold(version)),
    }
    return said | {
        each.what: each.words for each in (*policy_words.lengths(version), *policy_words.papers(version))
    }
