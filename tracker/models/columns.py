"""Our column types and the naming of constraints."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")
JsonObject = dict[str, Any]


def one_of(column: str, values: Iterable[StrEnum | str]) -> CheckConstraint:
    """A named CHECK that a text column holds one of a closed set."""
    listed = ", ".join(f"'{value}'" for value in sorted(map(str, values)))
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


LongText = Text()
