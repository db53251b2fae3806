"""The last member of a small JSON file proves the rest: a bit that flips may leave another time that looks right."""

from __future__ import annotations

import re
from hashlib import sha256

_SEAL = re.compile(rb',\s*"seal": "([0-9a-f]{64})"\s*\}\s*\Z')


def sealed(data: bytes) -> bytes:
    """The JSON object in `data`, which has members, with one more: `seal`, the SHA-256 of all bytes before it."""
    start = data.rstrip().removesuffix(b"}").rstrip()
    return start + b',\n "seal": "' + sha256(start).hexdigest().encode() + b'"\n}\n'


def is_intact(data: bytes) -> bool:
    """Whether the bytes are those that were sealed; True also where there is no seal, as in files of older releases."""
    found = _SEAL.search(data)
    return found is None or sha256(data[: found.start()]).hexdigest().encode() == found[1]
