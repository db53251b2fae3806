from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.pages import page_of
from tests.support.places import DATA
from transforms.records import Page


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data; whoever asks for it is marked `shared_data`."""
    return DATA


@pytest.fixture(scope="session")
def make_page() -> Callable[..., Page]:
    """The one maker of pages, with a source and a body."""
    return page_of
