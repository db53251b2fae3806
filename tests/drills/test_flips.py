"""A sample of `make flips`: no damage to a file gives another answer without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drills.damage import TARGETS
from tests.drills.flips import flips


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_no_damage_gives_another_answer_without_a_word(tmp_path: Path) -> None:
    outcomes = list(flips(tmp_path, dict.fromkeys(TARGETS, 1)))
    assert [each for each in outcomes if each.end == "silently wrong"] == []
    assert len(outcomes) == len(TARGETS)
