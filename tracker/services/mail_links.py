"""Where a mail sends its reader: the one place in which the link of an item is made."""

from dataclasses import dataclass

from sqlmodel import Session

from tracker.mails import link_to
from tracker.models import Case, Sensitivity, User
from tracker.policy import READERS
from tracker.services.recipients import Directory
from tracker.services.update_links import Carrier


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link in a mail; empty where the reader could not open it.

    ``no_password``: it is answered without signing in. ``code``: a code is asked for first.
    """

    href: str = ""
    no_password: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links of one mail."""

    session: Session
    directory: Directory
    base_url: str
    carrier: Carrier

    def to(self, case: Case, address: str, reader: User | None) -> MailLink:
        """The link for a record in a mail to this address. ``reader`` is None for the mailbox of an organisation.

        Whoever leads the record answers without signing in; staff sign in, with what they do on record as theirs.
        """
        if reader is None or not self.directory.actor(reader).holds(*READERS):
            href = self.carrier.address_for(address, case)
            if href:
                return MailLink(href, no_password=True, code=case.sensitivity == Sensitivity.RESTRICTED)
        if reader is not None and not self.directory.may_open(reader, case):
            return MailLink()
        return MailLink(link_to(self.base_url, case.process, case.reference))
