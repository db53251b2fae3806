"""Whole files go to the processes of `make test`: those that take long first, so that nobody waits for the last one."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with a Prefect server first, then files with slow tests; within a file the order stays."""
    ranks: dict[str, int] = {}
    for item in items:
        rank = 0 if item.get_closest_marker("prefect") else 1 if item.get_closest_marker("slow") else 2
        ranks[str(item.path)] = min(rank, ranks.get(str(item.path), rank))
    items.sort(key=lambda item: ranks[str(item.path)])
