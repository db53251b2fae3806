"""Text in a citation: one line, without anything that would move a terminal's cursor or turn a line around."""

from __future__ import annotations

import re
import unicodedata

from transforms.fields.text import title_line

# Besides what no stored text has: marks and overrides of direction, separators of lines, what has no width, and
# characters that no file may hold.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def one_line(text: str) -> str:
    """The text on one line, in NFC, without control characters of any kind."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    return " ".join(_UNSEEN.sub("", title_line(_UNSEEN.sub("", text))).split())
