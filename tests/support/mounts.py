"""File systems of a test's own: read-only, or too small."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder without the right to write: root needs a file system of its own for that."""
    if os.geteuid() == 0:
        with mounted(folder, "bind,ro", source=folder):
            yield
        return
    folder.chmod(0o555)
    yield
    folder.chmod(0o755)


@contextmanager
def mounted(folder: Path, options: str, source: Path | None = None) -> Iterator[None]:
    """A file system of its own on the folder: an empty one, or another folder seen there."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    kind = ["-t", "none", str(source)] if source else ["-t", "tmpfs", "tmpfs"]
    command = [str(mount), "-o", options, *kind, str(folder)]
    if mount is None or unmount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield
    finally:
        subprocess.run([unmount, "--lazy", str(folder)], check=True)
