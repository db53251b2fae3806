"""Answers that were given, kept by their tag: many readers of one page cost no more than one."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

BYTES_MAX = 32_000_000


class KeptAnswers:
    """The last answers, up to so many bytes; a tag stands for one text of one snapshot. Several threads may use it."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._lock, self._bytes_max, self._size = Lock(), bytes_max, 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str) -> bytes | None:
        """The answer of that tag; None if it is not kept."""
        with self._lock:
            if tag in self._bodies:
                self._bodies.move_to_end(tag)
            return self._bodies.get(tag)

    def keep(self, tag: str, body: bytes) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        with self._lock:
            self._size += len(body) - len(self._bodies.pop(tag, b""))
            self._bodies[tag] = body
            while self._size > self._bytes_max:
                self._size -= len(self._bodies.popitem(last=False)[1])
