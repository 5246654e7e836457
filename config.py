"""Settings: one frozen class. The application is given an instance and reads no environment itself."""

import os
import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "TRACKER_"
INSTANCE = Path(__file__).resolve().parent / "instance"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NOTIFY_KEY = re.compile(rf"(^|-){_UUID.pattern}-{_UUID.pattern}$")


class SettingsRefused(Exception):
    """A setting is unknown, missing or unsafe. ``str()`` is one plain sentence."""


class Settings(BaseSettings):
    """Every setting of the tracker. Each comes from ``TRACKER_<NAME>`` or the file named by ``TRACKER_ENV_FILE``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    database_url: str = Field(
        default="",
        description="Where the records are kept: sqlite:///PATH or postgresql://user:password@host/name. "
        "Empty: a SQLite file in the instance folder.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs session cookies and links. At least 32 characters; needed for any address but this machine's own.",
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Where people reach the tracker; every link in a mail starts with it. "
        "Anything but this machine's own address means production, and must be https.",
    )
    scheduler: Literal["embedded", "off"] = Field(
        default="embedded",
        description="Whether a web process also decides and sends reminders. Off when `tracker scheduler` runs beside it.",
    )
    mail: Literal["file", "smtp", "notify"] = Field(
        default="file",
        description="How mail leaves: `file` writes one .eml per message, `smtp` and `notify` send it.",
    )
    mail_dir: Path = Field(default=INSTANCE / "mail", description="Folder for `file` mail.")
    smtp_url: SecretStr | None = Field(
        default=None,
        description="smtp://user:password@host:port; smtps:// for TLS from the start. STARTTLS is used where the server "
        "offers it, and insisted on when there is a password and the server is not on this machine.",
    )
    notify_api_key: SecretStr | None = Field(
        default=None, description="Key of a service of GOV.UK Notify, whole: its name and two UUIDs."
    )
    notify_template_id: str = Field(
        default="",
        description="UUID of its e-mail template, whose subject is ((subject)) and whose body is ((body)).",
    )
    notify_url: str = Field(
        default="https://api.notifications.service.gov.uk", description="Where GOV.UK Notify is asked."
    )
    bounces_url: SecretStr | None = Field(
        default=None,
        description="Mailbox that collects returned mail: imaps://user:password@host:port/Folder. Empty: none is read.",
    )
    teams_hosts: str = Field(
        default="",
        description="Hosts that cards for Microsoft Teams may be posted to, by the ends of their names: "
        ".logic.azure.com,.environment.api.powerplatform.com. Empty: nobody can choose Teams.",
    )
    mail_from: str = Field(
        default="case-tracker@localhost", description="The address that reminders come from."
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the web server.")
    threads: int = Field(default=8, ge=1, le=64, description="Threads of the web server.")
    workers: int = Field(
        default=1,
        ge=1,
        le=32,
        description="Processes of the web server. Each sends reminders too where the scheduler is embedded; they share the work.",
    )
    tick_seconds: int = Field(
        default=30, ge=1, le=600, description="How often the scheduler asks what is owed, in seconds."
    )
    idle_minutes: int = Field(
        default=20, ge=5, le=60, description="Minutes without a request after which a session ends."
    )
    demo_password: SecretStr | None = Field(
        default=None, description="Password of the demonstration people; generated at loading when not set."
    )
    proxies: int = Field(
        default=0, ge=0, le=5, description="How many proxies in front may be trusted for X-Forwarded headers."
    )

    documents: Literal["links", "stored"] = Field(
        default="links",
        description="What the register of documents takes: `links` into the council's own store, or `stored` files as well.",
    )
    document_dir: Path = Field(
        default=INSTANCE / "documents", description="Folder for stored files; no web server may read it."
    )
    document_megabytes: int = Field(
        default=10, ge=1, le=25, description="The largest file that is stored, in megabytes."
    )
    document_quota_megabytes: int = Field(
        default=2000, ge=1, description="All stored files of one partnership together, in megabytes."
    )
    document_scanner: str = Field(
        default="",
        description="A clamd that looks at each stored file: unix:/path or tcp://host:port. Until it has, nobody gets the "
        "file. Empty: files are checked by type and content only.",
    )

    dardr_in_force_from: date | None = Field(
        default=None,
        description="First day on which section 8A of the 2004 Act is in force, as 2027-04-01: deaths received from then on "
        "are logged as domestic abuse related death reviews. Empty: it is not in force.",
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:// or postgresql://")
        return value

    @field_validator("document_scanner")
    @classmethod
    def _known_scanner(cls, value: str) -> str:
        if value and not value.startswith(("unix:/", "tcp://")):
            raise ValueError("must start with unix:/ or tcp://")
        return value

    @field_validator("teams_hosts")
    @classmethod
    def _whole_hosts(cls, value: str) -> str:
        for end in filter(None, (part.strip() for part in value.split(","))):
            if len(end.strip(".").split(".")) < 2 or not end.replace(".", "").replace("-", "").isalnum():
                raise ValueError(
                    "must be ends of names of hosts, such as .logic.azure.com, with commas between"
                )
        return value

    @field_validator("dardr_in_force_from", mode="before")
    @classmethod
    def _no_date(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _safe(self) -> "Settings":
        if not urlsplit(self.base_url).hostname:
            raise ValueError("base_url must be a whole address, such as https://tracker.example.gov.uk")
        if self.mail == "smtp" and self.smtp_url is None:
            raise ValueError("mail is smtp, so smtp_url must be set")
        if self.mail == "notify" and not _is_notify(self.notify_api_key, self.notify_template_id):
            raise ValueError(
                "mail is notify, so notify_api_key and notify_template_id must be set, each whole"
            )
        notify = urlsplit(self.notify_url)
        if notify.scheme != "https" and notify.hostname not in LOOPBACK:
            raise ValueError("notify_url must start with https://")
        if self.bounces_url is not None and not _is_imap(self.bounces_url.get_secret_value()):
            raise ValueError("bounces_url must be imaps://user:password@host:port/Folder")
        if self.production and not self.base_url.startswith("https://"):
            raise ValueError("base_url must start with https:// for any address but this machine's own")
        if self.production and (self.secret_key is None or len(self.secret_key.get_secret_value()) < 32):
            raise ValueError(
                "secret_key must be set to at least 32 characters for any address but this machine's own"
            )
        return self

    @cached_property
    def production(self) -> bool:
        """Whether people reach the tracker at an address other than this machine's own."""
        return (urlsplit(self.base_url).hostname or "") not in LOOPBACK

    @property
    def teams_ends(self) -> tuple[str, ...]:
        """The ends of names of hosts that cards may be posted to."""
        return tuple(part.strip().lower() for part in self.teams_hosts.split(",") if part.strip())

    @cached_property
    def database(self) -> str:
        """The database address that is really used."""
        return self.database_url or f"sqlite:///{INSTANCE / 'tracker.db'}"


def _is_notify(key: SecretStr | None, template: str) -> bool:
    return (
        key is not None
        and bool(_NOTIFY_KEY.search(key.get_secret_value()))
        and bool(_UUID.fullmatch(template))
    )


def _is_imap(url: str) -> bool:
    parts = urlsplit(url)
    schemes = {"imap", "imaps"} if parts.hostname in LOOPBACK else {"imaps"}
    return parts.scheme in schemes and bool(parts.hostname) and bool(parts.username)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment and the file named there.

    Raises:
        SettingsRefused: a name is unknown, or a value is missing or unsafe.
    """
    given = from_environment(os.environ if environ is None else environ)
    try:
        return Settings.model_validate({name: value for name, (value, _) in given.items()})
    except ValidationError as error:
        raise SettingsRefused(_sentence(error)) from None


def from_environment(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Each given setting as (value, where it came from). The environment wins over the file."""
    given: dict[str, tuple[str, str]] = {}
    path = environ.get(f"{PREFIX}ENV_FILE")
    if path:
        given |= {name: (value, path) for name, value in _file(Path(path)).items()}
    for name, value in environ.items():
        if name.startswith(PREFIX) and name != f"{PREFIX}ENV_FILE":
            given[name.removeprefix(PREFIX).lower()] = (value, f"environment ({name})")
    unknown = sorted(set(given) - set(Settings.model_fields))
    if unknown:
        raise SettingsRefused(
            f"There is no setting {PREFIX}{unknown[0].upper()}. `tracker settings` lists those there are."
        )
    return given


def _file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingsRefused(f"The settings file {path} cannot be read.") from None
    found: dict[str, str] = {}
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name = name.strip().removeprefix("export ").strip()
        if not equals or not name.startswith(PREFIX):
            raise SettingsRefused(f"The settings file {path} has a line that is not {PREFIX}NAME=value.")
        found[name.removeprefix(PREFIX).lower()] = value.strip().strip("'\"")
    return found


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "".join(f"{PREFIX}{str(part).upper()} " for part in first["loc"][:1])
    return f"{name}{first['msg'].removeprefix('Value error, ')}."
