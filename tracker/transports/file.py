"""Mail for a demonstration and for tests: one ``.eml`` file for each message."""

import os
import re
import tempfile
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from tracker.transports import Permanent, Temporary

_SAFE = re.compile(r"[^A-Za-z0-9@._-]+")


class FileTransport:
    """Writes each mail into a folder, named by its Message-ID: the same mail again replaces the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: EmailMessage) -> None:
        """Write the whole file or nothing.

        Raises:
            Temporary: the folder cannot be written to.
            Permanent: the mail has no Message-ID.
        """
        name = _SAFE.sub("-", str(mail["Message-ID"] or "").strip().strip("<>")).lstrip(".")
        if not name:
            raise Permanent("The mail has no Message-ID.")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(mail.as_bytes(policy=SMTP))
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise Temporary(f"The mail folder cannot be written to ({error.strerror}).", down=True) from None
