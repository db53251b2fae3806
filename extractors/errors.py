"""What can go wrong between a request and a listing; each error has its facts as attributes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from transforms.errors import PaperlogError
from transforms.records import Cause


class UnknownSource(PaperlogError, ValueError):
    """No source has that name; the message lists the names that there are."""


class FetchError(PaperlogError):
    """A page could not be fetched; `cause` is the kind of failure that the answer shows."""

    def __init__(self, url: str, why: str, *, cause: Cause = Cause.BAD_ANSWER) -> None:
        super().__init__(f"{url}: {why}")
        self.url = url
        self.why = why
        self.cause = cause


class TransientFetchError(FetchError):
    """A retry may help: time-out, connection lost, 429, 5xx, a body shorter than announced."""


class PermanentFetchError(FetchError):
    """A retry will not help: 4xx, forbidden by robots.txt, too large, a challenge page, a private redirect target."""


class HostClosed(PermanentFetchError):
    """The host wants no request until a moment that is too far away to wait for; the message says how to ask sooner."""

    def __init__(self, url: str, said_at: datetime, until: datetime, sooner: str | None) -> None:
        how = f"; to ask sooner all the same, {sooner}" if sooner else ""
        why = f"its host asked at {said_at:%Y-%m-%d %H:%M} UTC for no request until {until:%Y-%m-%d %H:%M} UTC{how}"
        super().__init__(url, why, cause=Cause.RATE_LIMITED)
        self.until = until


class LandingError(PaperlogError):
    """A kept page or a file to adopt is missing, damaged or unusable; the message names the file."""

    cause: Cause | None = Cause.PAGE_DAMAGED


class UnreadableError(LandingError):
    """A right or the disk is in the way of reading a file now; nothing is known of its content."""

    cause = None

    def __init__(self, path: Path | str, error: OSError) -> None:
        super().__init__(f"{path}: cannot be read now: {error.strerror or error}")


class PageChanged(PaperlogError):
    """The page does not have the shape that its extractor was written for; nothing of it may be loaded."""

    cause = Cause.LAYOUT_CHANGED

    def __init__(self, where: str, expected: str, observed: str) -> None:
        super().__init__(f"{where}: expected {expected}, found {observed}")
        self.where = where
        self.expected = expected
        self.observed = observed


class EmptyList(PageChanged):
    """The page is of the right day and shape, but its list is empty (a day without a list redirects instead)."""

    cause = Cause.EMPTY_LIST


class PageCut(PageChanged):
    """The page breaks off before its closing tag."""

    cause = Cause.CUT_OFF


class IndexPage(PageChanged):
    """The page only says where the lists are: on other pages, which the message names."""

    cause = Cause.INDEX_PAGE


class OutOfReach(PaperlogError):
    """The site says that it does not give this partition any more: nobody can read it there."""

    def __init__(self, asked_on: date, said: str) -> None:
        super().__init__(f"the site gives no list of {asked_on} any more: {said}")
        self.asked_on = asked_on


class NoList(PaperlogError):
    """By the page's own words there is no list for that day, or none yet; `cause` tells which."""

    def __init__(self, asked_on: date, said: str, *, cause: Cause) -> None:
        super().__init__(f"no list for {asked_on}: {said}")
        self.asked_on = asked_on
        self.cause = cause


class WrongPartition(PaperlogError):
    """The page stands for another partition than the one asked for: there is no list for that day."""

    def __init__(self, asked_on: date, found_on: date, *, next_on: date | None = None) -> None:
        super().__init__(f"asked for {asked_on}, the page says {found_on}")
        self.asked_on = asked_on
        self.found_on = found_on
        self.next_on = next_on


class AnswerRefused(PaperlogError):
    """A service answers with an error of its own: its code, and its own words."""

    cause = Cause.BAD_ANSWER

    def __init__(self, where: str, code: str, said: str) -> None:
        super().__init__(f"{where}: {code}: {said}")
        self.code = code
        self.said = said
