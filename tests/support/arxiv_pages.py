"""Pages of arXiv with invented papers, in the markup of its own templates (arxiv-browse of 2026-06-29)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from extractors.sources.arxiv_announced.subjects import NAMES
from flows.demo.papers import invented_paper

PER_PAGE = 2000
_HEADS = {"new": "New", "cross": "Cross", "replaced": "Replacement"}
_INDEX = {"new": "New submissions", "cross": "Cross-lists", "replaced": "Replacements"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many entries each section of a list has."""

    new: int = 0
    cross: int = 0
    replaced: int = 0

    @property
    def total(self) -> int:
        """The entries of all sections."""
        return self.new + self.cross + self.replaced

    def sections(self) -> Iterator[str]:
        """The section of each entry, in page order."""
        for name in _HEADS:
            yield from (name for _ in range(getattr(self, name)))


def catchup_parts(
    category: str,
    day: date,
    counts: Counts,
    *,
    per_page: int = PER_PAGE,
    with_abstracts: bool = True,
    next_on: date | None = None,
    first_number: int = 1,
) -> list[str]:
    """The documents of `/catchup/CATEGORY/DAY?abs=True`, one for each page; one that says so for an empty list."""
    entries = _entries(category, day, counts, with_abstracts=with_abstracts, first_number=first_number)
    pages = max(1, -(-counts.total // per_page))
    return [
        catchup_document(
            category, day, counts, entries[at * per_page : (at + 1) * per_page], at * per_page, pages, next_on
        )
        for at in range(pages)
    ]


def empty_catchup(category: str, day: date) -> str:
    """The one document of a list without entries."""
    return catchup_parts(category, day, Counts())[0]


def beyond_catchup(category: str, day: date, counts: Counts) -> str:
    """The document of a page after the last one."""
    return catchup_document(category, day, counts, [], counts.total, 1, None, is_beyond=True)


def new_page(category: str, day: date, counts: Counts) -> str:
    """The document of `/list/CATEGORY/new`."""
    entries = _entries(category, day, counts)
    paging = f"<div class='paging'>Total of {counts.total} entries \n    </div>\n" if counts.total else ""
    lists = _lists(counts, entries, 0) if entries else "    <p>No updates today.</p>\n"
    body = (
        f"  <h1>{NAMES[category]}</h1>\n\n<ul>\n</ul>\n\n"
        f'<p>See <a id="recent-{category}" aria-labelledby="recent-{category}" href="/list/{category}/recent">recent'
        f"</a> articles</p>\n<h3>Showing new listings for {day:%A}, {day.day} {day:%B %Y}</h3>\n\n"
        f"{paging}{lists}{paging}"
    )
    return _document(f"<div id='content-inner'>\n<div id='dlpage'>\n{body}</div>\n</div>")


def recent_page(category: str) -> str:
    """The document of `/list/CATEGORY/recent`, without entries."""
    body = f"  <h1>{NAMES[category]}</h1>\n\n<h2>Authors and titles for recent submissions</h2>\n"
    return _document(f"<div id='content-inner'>\n<div id='dlpage'>\n{body}</div>\n</div>")


def refusal_page(said: str) -> str:
    """The document of an answer with status 400."""
    return _document(
        f"\n<h1>{escape(said)}</h1>\n<p>The server cannot process your request due to syntax errors, missing \n"
        "  required data or invalid content-type. Please check your URL and try again.</p>\n"
    )


def entry(
    number: int,
    arxiv_id: str,
    title: str,
    *,
    mark: str = "",
    version: int | None = 1,
    authors: str = '<a href="https://arxiv.org/search/cs?searchtype=author&amp;query=Lark,+A">Ada Lark</a>',
    comments: str | None = None,
    journal_ref: str | None = None,
    primary: str = "Machine Learning (cs.LG)",
    others: Sequence[str] = (),
    abstract: str | None = "",
) -> str:
    """One `dt` and `dd`. Title is text; authors, comments and abstract are HTML; without abstract it has no `p`."""
    html = (
        f'<a href="https://arxiv.org/html/{arxiv_id}v{version}" title="View HTML" id="html-{arxiv_id}" '
        f'aria-labelledby="html-{arxiv_id}" rel="noopener noreferrer" target="_blank">html</a>, '
        if version
        else ""
    )
    optional = "".join(
        f"        <div class='{name}'><span class='descriptor'>{label}:</span>\n          {text}\n        </div>\n\n"
        for name, label, text in (
            ("list-comments mathjax", "Comments", comments),
            ("list-journal-ref", "Journal-ref", journal_ref),
        )
        if text is not None
    )
    told = "" if abstract is None else f"        <p class='mathjax'>\n          {abstract}\n        </p>\n"
    return f"""    <dt>
      <a name='item{number}'>[{number}]</a>
      <a href ="/abs/{arxiv_id}" title="Abstract" id="{arxiv_id}">
        arXiv:{arxiv_id}
      </a>
      {mark}
        [<a href="/pdf/{arxiv_id}" title="Download PDF" id="pdf-{arxiv_id}" \
aria-labelledby="pdf-{arxiv_id}">pdf</a>, {html}<a href="/format/{arxiv_id}" title="Other formats" \
id="oth-{arxiv_id}" aria-labelledby="oth-{arxiv_id}">other</a>]
    </dt>
    <dd>
      <div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          {escape(title)}
        </div>
        <div class='list-authors'>{authors}</div>

{optional}        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          <span class="primary-subject">{primary}</span>{"".join(f"; {each}" for each in others)}
        </div>

{told}      </div>
    </dd>
"""


def _entries(
    category: str, day: date, counts: Counts, *, with_abstracts: bool = True, first_number: int = 1
) -> list[tuple[str, str]]:
    """(section, markup) of each entry."""
    own, other = subject(category), subject("stat.ML" if category != "stat.ML" else "cs.LG")
    if not counts.total:
        return []
    found = []
    for number, section in enumerate(counts.sections(), start=1):
        paper = invented_paper(first_number + number - 1, f"{day:%y%m}")
        is_cross = section == "cross"
        source = "stat.ML" if category != "stat.ML" else "cs.LG"
        code = f"https://github.com/example-lab/paper-{paper.number}"
        markup = entry(
            number,
            paper.arxiv_id,
            paper.title,
            mark=f"    (cross-list from {source})\n"
            if is_cross
            else "    (replaced)\n"
            if section == "replaced"
            else "",
            version=(2 if section == "replaced" else 1) if number % 4 else None,
            authors=", ".join(
                f'<a href="https://arxiv.org/search/cs?searchtype=author&amp;query={name.split()[-1]}">{name}</a>'
                for name in paper.authors
            ),
            comments=f'Code: <a href="{code}" class="link-external link-https">this https URL</a>'
            if number % 3 == 0
            else None,
            primary=other if is_cross else own,
            others=[own] if is_cross else [],
            abstract=escape(paper.abstract) if with_abstracts else None,
        )
        found.append((section, markup))
    return found


def subject(category: str) -> str:
    """A category as the site prints it behind a paper; of an archive one of its categories."""
    code = {"math": "math.CO", "cs": "cs.DS"}.get(category, category)
    return f"{NAMES[code]} ({code})"


def _lists(counts: Counts, entries: Sequence[tuple[str, str]], skipped: int) -> str:
    """The sections of which entries are shown, with their heads."""
    text, before = "", 0
    for name, head in _HEADS.items():
        total = getattr(counts, name)
        shown = [markup for section, markup in entries if section == name]
        is_continued = skipped > before
        is_last = skipped + len(entries) >= before + total
        words = "continued, showing " + ("last " if is_last else "") if is_continued else "showing "
        words += "first " if not is_last and not is_continued else ""
        if shown:
            heading = f"    <h3>{head} submissions ({words}{len(shown)} of {total} entries)</h3>\n\n\n"
            text += f"      <dl id='articles'>\n{heading}{''.join(shown)}</dl>\n\n"
        before += total
    return text


def catchup_document(
    category: str,
    day: date,
    counts: Counts,
    entries: Sequence[tuple[str, str]],
    skipped: int,
    pages: int,
    next_on: date | None,
    *,
    is_beyond: bool = False,
) -> str:
    """One document of a catchup: `entries`, with the markup of each, are those behind the first `skipped` ones.

    Without entries it says that there are none, or none any more.
    """
    printed = f"{day:%a, %d %b %Y}"
    address = f"/catchup/{category}/{day}?abs=True"
    links = "".join(f"<a href={address}&amp;page={page}>{page}</a>" for page in range(1, pages + 1) if pages > 1)
    onward = (
        f'        <a href="/catchup/{category}/{next_on}?abs=True&amp;page=1">Continue to the next day</a>\n'
        "        <br><br>\n"
        if next_on
        else ""
    )
    total = f"Total of {counts.total} entries for {printed}\n      {'View page:' if links else ''}{links}\n"
    index = "".join(
        f'      <li><a href="#item1">{_INDEX[name]}</a></li>\n' for name in dict.fromkeys(counts.sections())
    )
    if entries:
        lists = _lists(counts, entries, skipped)
    elif is_beyond:
        link = f'<a href="{address}&amp;page=1">Go to page 1</a>'
        lists = f"<br>\n<div>\n No further updates for {printed}\n <br>\n {link}\n</div>\n<br>\n"
    else:
        lists = (
            f"<br>\n<div>\n <p>No updates for {printed}. There was either no announcement for this day, or no updates "
            "within the requested subject.</p>\n</div>\n<br>\n"
        )
    body = (
        f"  <h1>Catchup results for {NAMES[category]} on {printed}</h1>\n\n    <ul>\n{index}    </ul>\n\n"
        f"    <div>\n{onward}      {total}    </div>\n\n\n{lists}\n    <div></div>\n    {total}\n{onward}    </div>\n"
    )
    return _document(f"<div id='content-inner'>\n<div id='dlpage'>\n{body}\n</div>\n</div>")


def _document(content: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">

<head><title></title>
  <script src="/static/browse/0.3.4/js/mathjaxToggle.min.js" type="text/javascript"></script>
</head>

<body ><div class="flex-wrap-footer">
<header class="ds-site-header">
  <a href="https://arxiv.org/" class="ds-site-header-logo" aria-label="archive home"></a>
</header>
    <main>
      <div id="content">
{content}      </div>
    </main>

<footer class="ds-site-footer">
  <a href="https://info.arxiv.org/about">About</a>
</footer>  </div>

</body>

</html>"""
