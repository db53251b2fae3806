"""What all channels say in the same words: the headline of an issue, a paper in a line, why, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from flows.design.names import KINDS, addresses_of, day_text, name_of
from flows.shown import counted, in_one_line
from transforms.digest.interests import ANY
from transforms.digest.records import DigestPaper, Issue, Item, News, Place, Unread
from transforms.records import Link
from transforms.series import list_of

AUTHORS_SHOWN = 3
INSTITUTIONS_SHOWN = 2
LINKS_SHOWN = 4
PLACES_SHOWN = 4
WEEK_DAYS = 7

SECTIONS: dict[News, str] = {
    News.NEW: "New",
    News.LATE: "Came late",
    News.ROSE: "Rose",
    News.REVIEWED: "Reviewed",
    News.VERSION: "New versions",
}
"""The headings of an issue, in their order."""


def headline(issue: Issue) -> str:
    """What the issue holds, in a sentence; it never says that nothing is new where lists could not be looked at."""
    counts = Counter(each.news for each in issue.items)
    said = [
        *_some(counts[News.NEW], "new paper"),
        *_some(counts[News.LATE], "paper that came late", "papers that came late"),
        *_some(counts[News.ROSE], "paper that rose", "papers that rose"),
        *_some(counts[News.REVIEWED], "review"),
        *_some(counts[News.VERSION], "new version"),
    ]
    if missed := sum(each.lists_count for each in issue.trouble):
        said.append(f"{counted(missed, 'list')} could not be looked at")
    if not said and issue.unread:
        return f"nothing yet; {counted(len(issue.unread), 'list is', 'lists are')} still open"
    return ", ".join(said) or "nothing new"


def sections(issue: Issue) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """The headings of the issue, each with its items."""
    for news, heading in SECTIONS.items():
        if items := tuple(each for each in issue.items if each.news is news):
            yield heading, items


def title_of(paper: DigestPaper) -> str:
    """The paper's name in one line: its title, else the first words of its abstract."""
    return in_one_line(name_of(paper.title, paper.abstract)) or in_one_line(paper.paper_key)


def authors_of(paper: DigestPaper) -> str:
    """`A. Author, B. Author and 7 more`; empty where nobody is named."""
    count = max(paper.author_count or 0, len(paper.authors))
    # The name of one more takes no more room than that there is one more.
    most = count if count == AUTHORS_SHOWN + 1 else AUTHORS_SHOWN
    shown = [in_one_line(each) for each in paper.authors[:most]]
    more = count - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if shown and more > 0 else "")


def address_of(paper: DigestPaper, site_url: str | None) -> str | None:
    """Where a reader goes: the paper itself, else its page on the site."""
    addresses: tuple[Link, ...] = addresses_of(paper.arxiv_id, paper.doi, paper.links)
    return addresses[0].url if addresses else page_of(paper, site_url)


def page_of(paper: DigestPaper, site_url: str | None) -> str | None:
    """The page about the paper, where there is a site."""
    return f"{site_url}/papers/{quote(paper.paper_key, safe='')}" if site_url else None


def links_of(paper: DigestPaper, site_url: str | None) -> Iterator[Link]:
    """Where to read about the paper, at most four addresses, and its page on the site; `kind` is what to call each."""
    for each in addresses_of(paper.arxiv_id, paper.doi, paper.links)[:LINKS_SHOWN]:
        yield Link(kind=KINDS.get(each.kind, each.kind), url=each.url)
    if page := page_of(paper, site_url):
        yield Link(kind="in Paperlog", url=page)


def institutions_of(paper: DigestPaper) -> str:
    """Where its authors work: the first two names."""
    return ", ".join(in_one_line(each) for each in paper.institutions[:INSTITUTIONS_SHOWN])


def where(item: Item) -> str:
    """In which lists and reviews it stands, with days; upvotes where they are known. Each list is said once a day."""
    said = tuple(dict.fromkeys(_place(each) for each in item.paper.places))
    more = [counted(len(said) - PLACES_SHOWN, "more list")] if len(said) > PLACES_SHOWN else []
    votes = [] if item.paper.upvotes is None else [counted(item.paper.upvotes, "upvote")]
    return "; ".join([*said[:PLACES_SHOWN], *more, *votes])


def why(item: Item) -> str:
    """Why this reader is told, in one line; empty where nothing was wished for: every paper would say the same."""
    return in_one_line("; ".join(each.text for each in item.reasons if each.kind != ANY))


def unread_line(unread: Unread) -> str:
    """`hf_daily of 3 March 2026 was refused: …; the last whole list is of 2 March 2026`."""
    name = _list(unread.source, unread.series)
    if unread.state == "never":
        return f"{name}: none of its lists was ever loaded"
    said = {
        "open": "is still open, and more may come",
        "refused": "was refused",
        "missing": "is missing" if unread.reason else "was not fetched yet",
        "unrecoverable": "is lost",
    }[unread.state]
    head = f"{name} of {in_words(unread.partition_on)} {said}"
    if unread.since_on:
        many = said.replace("was ", "").replace("is ", "")
        head = f"{name}, {_days(unread.since_on, unread.partition_on)}: {counted(unread.lists_count, 'list')} {many}"
    reason = f": {in_one_line(unread.reason)}" if unread.reason and unread.is_trouble else ""
    last = f"; the last whole list is of {in_words(unread.last_good_on)}" if unread.last_good_on else ""
    return f"{head}{reason}{last}"


def left_out_line(issue: Issue) -> str | None:
    """That more fitted than the reader wants; None if not."""
    if not issue.left_out_count:
        return None
    are = "is" if issue.left_out_count == 1 else "are"
    return f"{counted(issue.left_out_count, 'more paper')} fitted and {are} left out, also later: at_most is reached"


def days_of(issue: Issue) -> str:
    """The days that it looked at: `2 March 2026`, `2 to 8 March 2026`, `30 March to 5 April 2026`."""
    return _days(issue.since_on, issue.until_on)


def _days(since: date, until: date) -> str:
    if since == until:
        return in_words(until)
    if since.year != until.year:
        return f"{in_words(since)} to {in_words(until)}"
    return f"{since.day}{'' if since.month == until.month else f' {since:%B}'} to {in_words(until)}"


def in_words(day: date) -> str:
    """`2 March 2026`."""
    return day_text(day, "{day} %B %Y")


def _place(place: Place) -> str:
    """`hf_daily, 2 March 2026`; `weekly_review, week of 2 March 2026`."""
    span = "" if place.partition_days == 1 else "week of " if place.partition_days == WEEK_DAYS else "from "
    return f"{_list(place.source, place.series)}, {span}{in_words(place.partition_on)}"


def _list(source: str, series: str | None) -> str:
    return list_of(source, series) if series else source


def _some(number: int, one: str, many: str = "") -> list[str]:
    return [counted(number, one, many)] if number else []
