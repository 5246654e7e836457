"""A look at the records whose rows stay readable after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from tracker import parts


@contextmanager
def looking() -> Iterator[Session]:
    """A consistent look without writing. What was fetched keeps its values: a page is drawn after the look has ended."""
    with parts.database().reading() as session:
        yield session
        session.expunge_all()
