"""A bit that flips in a sealed file is noticed, or leaves what the file says as it was."""

from __future__ import annotations

import json

import pytest

from transforms.seal import is_intact, sealed

SAID = {"kept_at": "2026-03-02T12:00:00.000000+00:00", "url": "http://127.0.0.1/", "etag": None}


@pytest.mark.parametrize("indent", [None, 1, 2])
def test_no_flipped_bit_changes_what_a_sealed_file_says_without_a_word(indent: int | None) -> None:
    whole = sealed(json.dumps(SAID, indent=indent).encode())
    assert is_intact(whole)
    for at in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        assert not is_intact(bytes(flipped)) or _says_the_same_or_nothing(bytes(flipped)), flipped


def _says_the_same_or_nothing(data: bytes) -> bool:
    try:
        said = json.loads(data)
    except ValueError:
        return True
    return {name: said.get(name, "nothing") for name in SAID} == SAID


def test_a_file_of_an_older_release_has_no_seal_and_is_taken_as_it_is() -> None:
    assert is_intact(json.dumps(SAID).encode())
