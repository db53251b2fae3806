"""What analysts use beside Paperlog, run for real: `make test-analyst` installs it; elsewhere each test is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.small import built


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a week of invented papers."""
    home = tmp_path_factory.mktemp("small")
    built(home)
    return home
