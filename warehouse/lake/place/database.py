"""The catalog's database as its server tells of it, and what the role that connects may do there."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.errors import SurroundingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The database, known by `system`, its server's number, and `number`, its own; `is_made` if it holds a lake."""

    role: str
    name: str
    number: int
    system: str
    is_made: bool
    may_write: bool

    def require_rights(self) -> None:
        """Raise SurroundingsError unless the role may write."""
        if not self.may_write:
            raise SurroundingsError(
                f"the lake: permission denied: the role {self.role} may not write to it; "
                "`paperlog doctor --only machine` says what to grant"
            )
