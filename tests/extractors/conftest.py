from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from transforms.records import Page

SHARED = Path(__file__).parents[3] / "shared" / "data"
MakePage = Callable[..., Page]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not here")
    return SHARED


@pytest.fixture(scope="session")
def make_page() -> MakePage:
    def make(
        source: str,
        body: str | bytes,
        *,
        asked_on: date | None = None,
        url: str = "file:page",
        fetched_at: datetime = datetime(2026, 1, 8, 12, tzinfo=UTC),
        media_type: str = "text/plain",
    ) -> Page:
        content = body.encode() if isinstance(body, str) else body
        return Page(
            source=source,
            asked_on=asked_on,
            url=url,
            final_url=url,
            fetched_at=fetched_at,
            media_type=media_type,
            body=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    return make
