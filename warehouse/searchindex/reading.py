"""The search index of an opened snapshot: it answers or says why it cannot; no answer is empty for want of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from warehouse.database.connection import REPUBLISH
from warehouse.errors import WarehouseError
from warehouse.searchindex.files import State, opened_to_read, state_of

_STEPS_BETWEEN_LOOKS = 5_000


class SearchIndex:
    """The index of one snapshot, opened with it: a publish later replaces both, and takes nothing from who has them.

    Every call raises WarehouseError if the file is missing, damaged, or that of another snapshot.
    """

    def __init__(self, path: Path, snapshot: str) -> None:
        self._path, self._snapshot = path, snapshot
        self._lock = Lock()
        self._state: State | None = None
        self._database: sqlite3.Connection | None = None
        with suppress(sqlite3.Error):  # whoever searches is told
            self._database = opened_to_read(path)

    def state(self) -> State:
        """What the index says of itself."""
        if self._state is None:
            with self._clear_errors():
                self._state = state_of(self._opened)
            if self._state.snapshot != self._snapshot:
                raise WarehouseError(f"{self._path.name} is the search index of another snapshot; {REPUBLISH}")
        return self._state

    def rows(self, statement: str, values: tuple[object, ...], seconds_max: float) -> list[tuple[Any, ...]]:
        """The rows of one statement; WarehouseError also where it takes too long."""
        self.state()
        deadline = time.monotonic() + seconds_max
        with self._lock, self._clear_errors():
            self._opened.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
            try:
                return self._opened.execute(statement, values).fetchall()
            except sqlite3.OperationalError as error:
                if time.monotonic() <= deadline:
                    raise
                raise WarehouseError(
                    f"interrupted after {seconds_max:g} s: ask for less, by a word or a day"
                ) from error
            finally:
                self._opened.set_progress_handler(None, 0)

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()

    @property
    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            with suppress(sqlite3.Error):  # it may have been put back meanwhile
                self._database = opened_to_read(self._path)
        if self._database is None:
            raise WarehouseError(f"this snapshot has no search index: {self._path} is missing; {REPUBLISH}")
        return self._database

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise WarehouseError(f"{self._path.name} cannot be searched: {error}; {REPUBLISH}") from error
        except sqlite3.DatabaseError as error:
            raise WarehouseError(f"{self._path.name} is damaged: {error}; {REPUBLISH}") from error
