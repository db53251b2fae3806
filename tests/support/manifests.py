"""Manifests that say something else than they were written with, and are sealed all the same."""

from __future__ import annotations

import json
from pathlib import Path

from transforms.seal import sealed


def rewrite(path: Path, **changes: object) -> None:
    """Write a manifest with other members in the place of this one; a kept link to the old one stays as it is."""
    held = json.loads(path.read_text(encoding="utf-8"))
    held.pop("seal")
    path.unlink()
    path.write_bytes(sealed(json.dumps(held | changes).encode()))
