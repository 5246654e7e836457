"""Keys and codes of update links: derived from a random part and the server's secret, so that neither alone is enough.

A key has 160 bits and is written in Crockford's base 32, eight groups of four: what people misread (O for 0, I and L
for 1) and how they type it (small letters, no dashes) makes no difference. A code has six digits.
"""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 32
"""Letters of a key: 5 bits each, 160 in all."""
GROUP = 4
DIGITS = 6
_MISREAD = str.maketrans("OIL", "011", "- \t\r\n\u00a0\u2010\u2011\u2012\u2013")


def new_nonce() -> str:
    """The random part of a new link or code: 128 bits."""
    return secrets.token_hex(16)


def key_of(secret: str, nonce: str, address: str) -> str:
    """The key of a link: ``7KQ2-M4TD-...``."""
    number = int.from_bytes(_derived(secret, "update link", nonce, address)[:20], "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def code_of(secret: str, nonce: str, link_id: int) -> str:
    """The code of six digits, zeros in front included."""
    number = int.from_bytes(_derived(secret, "code", nonce, str(link_id)), "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def plain(key: str) -> str:
    """A key as typed, without its dashes and misread letters; empty if it cannot be one."""
    letters = key.upper().translate(_MISREAD)
    return letters if len(letters) == LETTERS and set(letters) <= set(ALPHABET) else ""


def digits_of(typed: str) -> str:
    """A code as typed or pasted, with or without blanks and dashes; empty if it is not six digits."""
    digits = typed.translate(_MISREAD)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def hashed(key: str) -> str:
    """SHA-256 of a key, however it is written. A key is too long to be found by trying."""
    return hashlib.sha256(plain(key).encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two keys or codes are the same, in a time that says nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _derived(secret: str, purpose: str, *parts: str) -> bytes:
    """HMAC-SHA256. The parts are told apart by their lengths, the purposes by a key of their own."""
    own = hmac.new(secret.encode(), f"tracker {purpose}".encode(), hashlib.sha256).digest()
    said = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(own, said.encode(), hashlib.sha256).digest()
