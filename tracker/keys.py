"""Secrets that a laptop makes for itself, so that trying the tracker out needs no settings. Never used in production."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from config import INSTANCE, Settings
from tracker import passwords

SECRET_KEY = "secret_key"  # noqa: S105 - the name of a file
DEMO_PASSWORD = "demo_password"  # noqa: S105 - the name of a file


def completed(settings: Settings, *, demonstration: bool, folder: Path = INSTANCE) -> Settings:
    """The settings with what is missing made up once and kept in ``folder``, readable by its owner only.

    ``demonstration``: also make a password for the people of a demonstration; otherwise one is used only if it was
    made before. Production settings come back as they are.
    """
    if settings.production:
        return settings
    found: dict[str, object] = {}
    if settings.secret_key is None:
        found["secret_key"] = SecretStr(_kept(folder / SECRET_KEY, lambda: secrets.token_urlsafe(48)))
    if settings.demo_password is None and (demonstration or (folder / DEMO_PASSWORD).exists()):
        found["demo_password"] = SecretStr(_kept(folder / DEMO_PASSWORD, passwords.generated))
    if "base_url" not in settings.model_fields_set:
        found["base_url"] = f"http://127.0.0.1:{settings.port}"
    return settings.model_copy(update=found)


def _kept(path: Path, make: Callable[[], str]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name and then linked, so that of two that start at once both read the same.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()
