from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from warehouse.papers.indexfile import ADDED_MOST, IndexFile
from warehouse.papers.indexstore import IndexStore


@pytest.fixture(params=["file", "file that settles", pytest.param("server", marks=pytest.mark.services)])
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], IndexStore]:
    """Makes stores of each kind in turn, each in a place of its own where nothing was before."""
    if request.param != "server":
        added_most = ADDED_MOST if request.param == "file" else 50
        return lambda: IndexFile(tmp_path_factory.mktemp("index") / "resolver.sqlite", added_most)
    postgres = request.getfixturevalue("postgres")
    from warehouse.papers.indexserver import IndexServer  # noqa: PLC0415 - an extra

    numbers = count(1)
    return lambda: IndexServer(postgres, f"Index {next(numbers)}")
