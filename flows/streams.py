"""The three standard streams, usable wherever the command line is started: a service may close them."""

from __future__ import annotations

import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def prepare_streams() -> None:
    """Make all three usable: what is said where nobody listens is lost, and the work is done all the same."""
    for descriptor, (name, mode) in enumerate(_STREAMS):
        _open_if_closed(descriptor)
        if getattr(sys, name) is None:  # as Python has it that was started with this one closed
            stream = open(descriptor, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - not by a path
            setattr(sys, name, stream)
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a terminal that cannot show a character gets its escape


def _open_if_closed(descriptor: int) -> None:
    """Else the next file that is opened, such as a database, would get what is printed written into it."""
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one, as those below it are open
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - takes no keyword
