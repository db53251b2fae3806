"""There are ten questions for analysts, and all real data answer them."""

from __future__ import annotations

import pytest

from warehouse import Warehouse
from warehouse.database.sql import names, statement

NONE_IN_THE_REAL_DATA = {"06_days_where_sources_disagree"}  # no listing of the dump is on a saved day page


def test_there_are_ten_questions() -> None:
    assert len(names("answers")) == 10
    assert all(statement(name, "answers").startswith("-- ") for name in names("answers"))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", names("answers"))
def test_every_question_has_an_answer_in_the_real_data(real: Warehouse, name: str) -> None:
    with real.reader() as reader:
        assert bool(reader.query(statement(name, "answers")).rows) == (name not in NONE_IN_THE_REAL_DATA)
