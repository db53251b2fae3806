"""The base of every error that a person can cause or mend: the command line shows its message, never a traceback."""

from __future__ import annotations


class PaperlogError(Exception):
    """Something that a person can understand and act on; the message says what to do."""
