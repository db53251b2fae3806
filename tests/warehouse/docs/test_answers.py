"""There are ten questions for analysts, and all real data answer them."""

from __future__ import annotations

import pytest

from warehouse import Warehouse
from warehouse.docs import ANSWERS

NONE_IN_THE_REAL_DATA = {"06_days_where_sources_disagree"}  # no listing of the dump is on a saved day page


def test_there_are_ten_questions() -> None:
    assert len(ANSWERS.names()) == 10
    assert all(ANSWERS.text(name).startswith("-- ") for name in ANSWERS.names())


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ANSWERS.names())
def test_every_question_has_an_answer_in_the_real_data(real_on: Warehouse, name: str) -> None:
    with real_on.reader() as reader:
        assert bool(reader.query(ANSWERS.text(name)).rows) == (name not in NONE_IN_THE_REAL_DATA)
