"""A text in which each line is one thing, with what mail, editors and Markdown put around or between its lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.reading.lines import Lines
from extractors.reading.marks import list_mark, stripped

_QUOTED = re.compile(r">+ ?")


def tokens_of(lines: Lines) -> Lines:
    """The lines that say something, without blanks around them; each keeps the number that it has on the page.

    What all of them carry is not the page's: the sign of a quotation, the same bullet. Blank lines stand between all of
    them, equally many, or between none: PageChanged names the first place that differs, where a line may be lost.
    """
    texts = _unquoted([stripped(text) for text in lines.texts])
    numbers = tuple(number for number, text in enumerate(texts, start=1) if text)
    _require_even(lines, numbers)
    said = _without_common_mark([texts[number - 1] for number in numbers])
    is_ended = lines.is_ended or (bool(numbers) and numbers[-1] < len(lines))
    return replace(lines, texts=tuple(said), numbers=numbers, is_ended=is_ended)


def _unquoted(texts: Sequence[str]) -> list[str]:
    if not all(text.startswith(">") for text in texts if text):
        return list(texts)
    return [stripped(_QUOTED.sub("", text, count=1)) for text in texts]


def _require_even(lines: Lines, numbers: Sequence[int]) -> None:
    gaps = {number: number - before - 1 for before, number in pairwise(numbers)}
    usual = Counter(gaps.values()).most_common(1)
    for number, gap in gaps.items():
        if gap == usual[0][0]:
            continue
        if usual[0][0] == 0:
            raise lines.unlike(number - gap, "a text: the dump has no blank lines")
        raise lines.changed(number, f"{usual[0][0]} blank lines above this line, as above most others", str(gap))


def _without_common_mark(texts: Sequence[str]) -> list[str]:
    """The texts without the bullet that stands before every one of them; the first, a heading, may have none."""
    mark = list_mark(texts[1]) if len(texts) > 1 else ""
    if not mark or not all(text.startswith(mark) for text in texts[1:]):
        return list(texts)
    return [text.removeprefix(mark) for text in texts]
