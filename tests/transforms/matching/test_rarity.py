"""The frozen rarities say what their maker says, and nothing that is loaded changes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.matching import rarity_table as token_table
from transforms.matching.rarity import (
    NUMBER_BITS,
    UNKNOWN_TOKEN_BITS,
    VERSION,
    surname_bits,
    token_bits,
    total_bits,
)


def test_common_words_say_little_and_unknown_ones_much() -> None:
    assert VERSION == "1"
    assert token_bits("the") < token_bits("reinforcement") < token_bits("abroad") < token_bits("qwzx")
    assert token_bits("qwzx") == UNKNOWN_TOKEN_BITS
    assert token_bits("2026") == NUMBER_BITS
    assert surname_bits("wang") < surname_bits("quarrell")


def test_a_sum_does_not_depend_on_the_order_of_words() -> None:
    words = ["estuary", "the", "reinforcement", "qwzx", "basalt", "learning"]
    assert total_bits(words) == total_bits(reversed(words)) == total_bits(set(words))


@pytest.mark.shared_data
@pytest.mark.slow
def test_the_artefact_is_what_its_maker_makes(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("wordfreq", reason="the extra `bench` is not installed")
    from tests.bench.token_statistics import main  # noqa: PLC0415 (needs the extra)

    main()
    assert capsys.readouterr().out == Path(str(token_table.__file__)).read_text("utf-8")
