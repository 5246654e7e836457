"""Passwords: what is accepted, and how they are kept (OWASP ASVS 5.0.0, 6.2 and 11.4.2)."""

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHash

SHORTEST = 14
LONGEST = 128
_OURS = (
    "casetracker",
    "communitysafety",
    "partnership",
    "domestichomicide",
    "password",
    "passwort",
    "letmein",
)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# OWASP's least for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_urlsafe(32))


def hashed(password: str) -> str:
    """Argon2id of the whole password; no character is cut off."""
    return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Takes as long when there is none to compare with."""
    usable = stored is not None and len(password) <= LONGEST
    try:
        right = _HASHER.verify(stored if usable and stored else _NOBODY, _normal(password[:LONGEST]))
    except (Argon2Error, InvalidHash):
        return False
    return usable and right


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker figures than today's."""
    return _HASHER.check_needs_rehash(stored)


def generated() -> str:
    """A new password of 24 letters and digits in four groups: 118 bits, without 0, 1, i, l and o."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(6)) for _ in range(4))


def complaint(password: str, email: str) -> str | None:
    """Why the password cannot be taken, in one sentence; None if it can."""
    if len(password) < SHORTEST:
        return f"The password must have {SHORTEST} characters or more. Three or four words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"The password must have {LONGEST} characters or fewer."
    bare = re.sub(r"[\W_]+", "", password.lower())
    for known in (*_OURS, *_parts(email)):
        bare = bare.replace(known, "")
    if len(bare) < SHORTEST // 2:
        return "The password must be more than your e-mail address or words that anyone would try first."
    if len(set(password)) < 5:
        return "The password must use at least 5 different characters."
    return None


def _parts(email: str) -> tuple[str, ...]:
    local, _, domain = email.lower().partition("@")
    words = {re.sub(r"[\W_]+", "", local), *re.split(r"[\W_]+", local), *re.split(r"[\W_]+", domain)}
    return tuple(sorted((word for word in words if len(word) > 3), key=len, reverse=True))


def _normal(password: str) -> str:
    # The same password typed on two keyboards may arrive composed or decomposed.
    return unicodedata.normalize("NFKC", password)
