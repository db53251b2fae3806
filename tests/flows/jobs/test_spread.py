"""What a backfill over several machines refuses before it asks anybody; the rest needs servers (tests/services)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.cli.progress import NoProgress
from flows.jobs.spread import Piece, fetch_piece, fetched_by
from flows.pipeline.work import Work
from flows.settings import SettingsError, from_environment
from tests.support.environment import environment_of

DAY = date(2026, 3, 2)
PIECE = Piece(source="hf_daily", days=(DAY,), since=datetime(2026, 3, 2, tzinfo=UTC))


class Nobody:
    """A crew that must not be asked."""

    def send(self, piece: Piece) -> None:
        """Fail."""
        raise AssertionError(piece)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(settings=from_environment(environment_of(tmp_path, "http://127.0.0.1:9")), progress=NoProgress())


def test_machines_that_share_no_pages_are_refused(work: Work) -> None:
    with pytest.raises(SettingsError, match="machines share no pages here: set PAPERLOG_LANDING"):
        next(fetched_by(work, Nobody(), [("hf_daily", [DAY])]))
    with pytest.raises(SettingsError, match="machines share no pages here"):
        fetch_piece(work, PIECE)


def test_a_piece_has_a_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Piece(source="hf_daily", days=(), since=PIECE.since)
