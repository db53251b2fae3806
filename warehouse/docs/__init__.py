"""Pages generated from the schema, and the queries that pages show."""

from __future__ import annotations

from warehouse.database.sql import Statements

ANSWERS = Statements(__name__, "answers")
"""The analysts' ten questions; the first line of each is its title."""

EXAMPLES = Statements(__name__, "examples")
"""One query for each view and macro of `marts`, under its name."""
