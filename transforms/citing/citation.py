"""Makes the citation of a paper: what kind of publication it is, its day, its authors, and a key that stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from urllib.parse import quote

from transforms.citing.names import name_of
from transforms.citing.records import Citation, CitedPaper, Kind, Name
from transforms.citing.text import one_line
from transforms.errors import PaperlogError
from transforms.fields.text import match_tokens

_JOURNAL = re.compile(
    r"\b(?:journals?|transactions|trans\.|letters|lett\.|reviews?|rev\.|annals|magazine|bulletin|archive|TMLR|JMLR|TACL|"
    r"TPAMI|IJCV|JAIR|TOG|nature|science|PLOS|phys\.|physica|acta|J\.)(?!\w)",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:proc\b|proceedings|conference|conf\.|workshops?|symposium|findings|congress|meeting)|\bin proc",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A publication that is older than the preprint, or much younger, is rather a number that looks like a year.
_YEARS_LATER_MOST = 6
_CATEGORY = re.compile(r"[a-z][a-z-]*(?:\.[A-Za-z][A-Za-z-]*)?")
_IN_KEY = re.compile(r"[^a-z0-9.]+")
_FAMILY_MOST, _DOI_MOST = 24, 60


class NotCitable(PaperlogError):
    """A paper, or a version of it, that cannot be cited; the message says why, and what to do."""


def citation_of(paper: CitedPaper, version: int | None = None) -> Citation:
    """The citation of a paper, or of one version of its preprint.

    By default it is the paper without any version, in the year of its first one; where it is published, its year is the
    one that the name of the place says. A version is cited as what it is, a preprint of its own day: without a place
    where something is published, and its DOI.

    Raises NotCitable where no source gave a title, or the version is not known.
    """
    title = one_line(paper.title or "")
    if not title:
        raise NotCitable(f"{paper.paper_key}: no source gave a title, so it cannot be cited")
    authors = tuple(each for each in map(name_of, paper.authors) if each)
    count = max(paper.author_count or 0, len(authors))
    # A list that ends in "et al." says that there are more, and not how many.
    has_unnamed = count > len(authors) or len(authors) < len(paper.authors)
    kind, venue = (Kind.PREPRINT, None) if version else kind_of(paper)
    doi = None if version else paper.doi and one_line(paper.doi)
    year, month, day = _day(paper, version, venue)
    eprint = f"{paper.arxiv_id}v{version}" if version else paper.arxiv_id
    return Citation(
        key=key_of(paper, authors, version),
        kind=kind,
        title=title,
        authors=authors,
        has_more_authors=has_unnamed,
        author_count=count if count > len(authors) else None,
        year=year,
        month=month,
        day=day,
        arxiv_id=paper.arxiv_id,
        version=version,
        primary_class=_primary(paper.categories) if paper.arxiv_id else None,
        categories=tuple(_lines(paper.categories)),
        doi=doi,
        venue=venue,
        url=_url(eprint, doi),
        abstract=one_line(paper.abstract or "") or None,
        keywords=tuple(_lines(paper.keywords)),
    )


def kind_of(paper: CitedPaper) -> tuple[Kind, str | None]:
    """What kind of publication a paper is, and where it is published; authors' journal reference before their comments.

    A place whose words name no journal is a conference: that is what a short name such as `ICML 2026` is.
    """
    venue = one_line(paper.journal_ref or "") or one_line(paper.venue or "")
    if venue:
        is_article = _JOURNAL.search(venue) and not _MEETING.search(venue)
        return (Kind.ARTICLE if is_article else Kind.PROCEEDINGS), venue
    return (Kind.PREPRINT if paper.arxiv_id else Kind.OTHER), None


def key_of(paper: CitedPaper, authors: Iterable[Name], version: int | None = None) -> str:
    """The key by which a text cites the paper: `orn2026-2603.00001`, in small letters, digits, `.` and `-`.

    It must stay for years, in files that this program never sees. So it is made of what does not change: the arXiv id,
    with the year that the id itself says; else the DOI; else the paper's key. The first author's family name is in
    front for those who read it. Neither title nor day, which sources correct, nor what else is cited has a part in it,
    and of two papers that turn out to be one the identifier stays. It changes where a paper gets its first identifier
    or author, where that name is corrected in more than its accents or withheld, and, without an identifier, where the
    paper turns out to be another one. A version that is cited has its number behind.
    """
    first = next(iter(authors), Name())
    # What is withheld reads (name withheld), which is nobody's name.
    words = match_tokens(first.family) if first.family else match_tokens(first.literal.partition("(")[0])
    told = [word for word in words if word not in {"the", "team"}]
    name = "".join(told if first.family else told[:1])[:_FAMILY_MOST] or "anon"
    if paper.arxiv_id:
        number = _IN_KEY.sub("-", paper.arxiv_id.lower())
        end = f"v{version}" if version else ""
        return f"{name}{year_of_id(paper.arxiv_id)}-{number}{end}"
    named = _IN_KEY.sub("-", (paper.doi or paper.paper_key).lower()).strip("-.")
    return f"{name}-{named[:_DOI_MOST]}"


def year_of_id(arxiv_id: str) -> int:
    """The year in which arXiv gave an id: its digits say year and month."""
    two = int(arxiv_id.rpartition("/")[2][:2])
    return 1900 + two if two > 90 else 2000 + two


def _day(paper: CitedPaper, version: int | None, venue: str | None) -> tuple[int | None, int | None, int | None]:
    if version:
        on = _day_of_version(paper, version)
        return on.year, on.month, on.day
    on_first = paper.published_on
    first = on_first.year if on_first else year_of_id(paper.arxiv_id) if paper.arxiv_id else None
    said = [int(each) for each in _YEAR.findall(venue or "")]
    fitting = [each for each in said if first is None or first <= each <= first + _YEARS_LATER_MOST]
    if fitting and fitting[-1] != first:
        return fitting[-1], None, None
    if on_first:
        return on_first.year, on_first.month, on_first.day
    return first, None, None


def _day_of_version(paper: CitedPaper, version: int) -> date:
    if paper.arxiv_id is None:
        raise NotCitable(f"{paper.paper_key}: it has no arXiv id that is known, so there are no versions to cite")
    known = {each.number: each.created_at.date() for each in paper.versions if each.created_at}
    if version in known:
        return known[version]
    listed = ", ".join(map(str, sorted(known)))
    said = f"known are {listed}" if known else "nothing is known of its versions"
    raise NotCitable(f"{paper.arxiv_id}: no version {version} is known; {said}: `paperlog facts` asks arXiv")


def _url(eprint: str | None, doi: str | None) -> str | None:
    if eprint:
        return f"https://arxiv.org/abs/{quote(eprint)}"
    return f"https://doi.org/{quote(doi)}" if doi else None


def _primary(categories: Sequence[str]) -> str | None:
    """The first category, if it is one of arXiv's."""
    return categories[0] if categories and _CATEGORY.fullmatch(categories[0]) else None


def _lines(texts: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(line for line in map(one_line, texts) if line)
