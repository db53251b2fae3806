"""What stands above and below the papers of a listing: the site's frame, the preamble, and the page's own date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.errors import PageChanged
from extractors.reading.captures import CleanLine
from extractors.reading.lines import Lines
from extractors.reading.marks import bare

_ONCE_A_DAY = "Get trending papers in your email inbox once a day!"
_OPENINGS = ("new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers")
_AFTER_THE_NAME = "and the research community"
_TABS = ("Daily", "Weekly", "Monthly")
_TRENDING = "Trending Papers"
# Everything in the menu and at the foot of the page that was seen in a capture up to 2026-10; nothing else is left out.
_FRAME = (
    "Hugging Face's logo", "Hugging Face", "Daily Papers - Hugging Face", "Models", "Datasets", "Spaces", "Buckets new",
    "Buckets", "Community", "Docs", "Enterprise", "Pricing", "Log In", "Sign Up", "Website", "Tasks", "HuggingChat",
    "Collections", "Languages", "Organizations", "Blog", "Posts", "Daily Papers", "Learn", "Discord", "Forum", "GitHub",
    "Solutions", "Team & Enterprise", "Hugging Face PRO", "Enterprise Support", "Inference Providers",
    "Inference Endpoints", "Storage Buckets", "Previous", "Next", "System theme", "Company", "TOS", "Privacy", "About",
    "Careers", "\u00a9 Hugging Face", "Trending Papers ranked by GitHub stars activity",
)  # fmt: skip
_PAGER = ("Previous", "Next")
_PAGE_NUMBER = re.compile(r"\d{1,4}|\.{3}|\u2026")
_PAGER_LINE = re.compile(rf"{_PAGER[0]}(?: (?:{_PAGE_NUMBER.pattern}))+ {_PAGER[1]}")
OWN_DATE = re.compile(r"(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})(?:, (?P<year>(?:19|20)\d\d))?")
"""The page's own date, as a rule without its year."""
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*\))?")
_PHRASE = "|".join(re.escape(phrase) for phrase in sorted(_FRAME, key=len, reverse=True))
_FRAME_LINE = re.compile(rf"(?:{_PHRASE})(?: (?:{_PHRASE}))*+")
# What reading services and browsers print above the page, and a dash for a picture of the menu.
_HEAD = re.compile(
    r"Title: Daily Papers - Hugging Face|URL Source: .*|Published Time: .*|Markdown Content:"
    r"|(?:(?:URL|Source): )?https?://(?:www\.)?(?:huggingface\.co|hf\.co)/papers\S*|Link: (?:preconnect|preload)|-"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where the papers stand among the lines: from place `first` to before place `end`.

    `parts` are the lines of the preamble, the last being the page's own date. `has_headings` tells that the page's name
    is one. `is_exact` tells that nothing stands around the papers but the shortest preamble.
    """

    parts: tuple[CleanLine, ...]
    first: int
    end: int
    has_headings: bool
    is_exact: bool


def frame_of(lines: Lines, found: Sequence[CleanLine]) -> Frame:
    """The frame around the papers. PageChanged names the first line that is none of it."""
    top = next((place for place, line in enumerate(found) if not (_is_frame(line) or _is_head(line))), 0)
    by = _by(lines, found, top)
    dated = _own_date(lines, found, _after_by(lines, found, by))
    end = _end(found)
    return Frame(
        parts=tuple(found[top : dated + 1]),
        first=dated + 1,
        end=end,
        has_headings=found[by - 1].is_heading,
        is_exact=(top, dated, end) == (0, len(_OPENINGS) + 1, len(found)),
    )


def _end(found: Sequence[CleanLine]) -> int:
    """The place below which there is nothing but the site's foot, perhaps with its pages by number."""
    end = next((place for place in range(len(found), 0, -1) if not _is_frame(found[place - 1])), 0)
    if _words(found, end) != _PAGER[1]:
        return end
    first = next((place for place in range(end, 0, -1) if not _PAGE_NUMBER.fullmatch(bare(found[place - 1].text))), 0)
    is_pager = first < end and first > 0 and _words(found, first - 1) == _PAGER[0]
    return _end(found[: first - 1]) if is_pager else end


def _is_frame(line: CleanLine) -> bool:
    words = bare(_LINK.sub(r" \1 ", line.text))
    return _FRAME_LINE.fullmatch(words) is not None or _PAGER_LINE.fullmatch(words) is not None


def _is_head(line: CleanLine) -> bool:
    return _HEAD.fullmatch(line.text) is not None


def _by(lines: Lines, found: Sequence[CleanLine], place: int) -> int:
    """The place of `by…`, behind the openings of the preamble."""
    for opening in _OPENINGS:
        if opening == _OPENINGS[1] and _words(found, place) == _ONCE_A_DAY:
            place += 1
        where = ", below nothing but the site's menu" if opening == _OPENINGS[0] else ""
        _require(lines, found, place, opening, f"the preamble's {opening!r}{where}")
        place += 1
    if not (_words(found, place) or "").startswith("by"):
        raise _unlike(lines, found, place, "the preamble's 'by'")
    return place


def _after_by(lines: Lines, found: Sequence[CleanLine], place: int) -> int:
    """Behind `by…`, which some tools break into three lines around the name, because that is a link."""
    if _words(found, place) != "by":
        return place + 1
    _require(lines, found, place + 2, _AFTER_THE_NAME, f"the preamble's {_AFTER_THE_NAME!r}")
    return place + 3


def _own_date(lines: Lines, found: Sequence[CleanLine], place: int) -> int:
    """The place of the page's own date: behind a search term, the tabs and a link to other papers, or some of them."""
    if _words(found, place) not in (_TABS[0], _TRENDING) and not _is_date(found, place):
        place += 1
    if _words(found, place) == _TABS[0]:
        for tab in _TABS:
            _require(lines, found, place, tab, f"the tab {tab!r}")
            place += 1
    if _words(found, place) == _TRENDING:
        place += 1
    if not _is_date(found, place):
        raise _unlike(lines, found, place, "the page's own date as 'Jun 1'")
    return place


def _is_date(found: Sequence[CleanLine], place: int) -> bool:
    return OWN_DATE.fullmatch(_words(found, place) or "") is not None


def _words(found: Sequence[CleanLine], place: int) -> str | None:
    return bare(found[place].text) if place < len(found) else None


def _require(lines: Lines, found: Sequence[CleanLine], place: int, words: str, expected: str) -> None:
    if _words(found, place) != words:
        raise _unlike(lines, found, place, expected)


def _unlike(lines: Lines, found: Sequence[CleanLine], place: int, expected: str) -> PageChanged:
    return lines.unlike(found[place].number if place < len(found) else len(lines) + 1, expected)
