"""Catchup pages and pages of new submissions: whole, in parts, empty in each way, refused by the site, changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tests.pages.make import Case
from tests.support.arxiv_pages import (
    Counts,
    catchup_parts,
    empty_catchup,
    entry,
    new_page,
    recent_page,
    refusal_page,
)

DAY = date(2026, 8, 12)
SITE = "https://arxiv.org"
COUNTS = Counts(new=2, cross=1, replaced=2)
SEARCH = "https://arxiv.org/search/cs?searchtype=author&amp;query="


def cases() -> Iterator[Case]:
    """Every saved page of this source."""
    (page,) = catchup_parts("cs.LG", DAY, COUNTS, next_on=date(2026, 8, 13))
    case = Case(suffix="html", name="whole", why="a whole page: new, cross-listed and replaced papers", text=page)
    case = replace(case, asked_on=DAY, url=f"{SITE}/catchup/cs.LG/{DAY}?abs=True", series="cs.LG")
    case = replace(case, fetched_at="2026-08-13T05:00:00Z")
    yield case
    yield from _lists(case, page)
    yield from _empty(case)
    yield from _refused(case, page)


def _lists(case: Case, page: str) -> Iterator[Case]:
    parts = catchup_parts("cs.LG", DAY, COUNTS, per_page=2)
    yield replace(case, name="in_parts", why="a long list: three documents are one page", text="\n".join(parts))
    yield replace(case, name="lost_part", why="the second of three parts is missing", text="\n".join(parts[::2]))
    yield replace(
        case, name="new_page", why="the page of new submissions, adopted", text=new_page("cs.LG", DAY, COUNTS)
    )
    other = new_page("cs.LG", date(2026, 8, 11), COUNTS)
    yield replace(case, name="new_page_of_the_day_before", why="not announced yet: an older day", text=other)
    yield replace(case, name="odd_entries", why="names, ids and marks as single papers have them", text=_odd(page))
    fragment = "<html><body><h3>Showing new listings for Wednesday, 12 August 2026</h3>\n" + "".join(
        page.partition("<dl id='articles'>")[1:]
    )
    fragment = fragment.partition("    <div></div>")[0] + "</body></html>"
    yield replace(
        case, name="cut_out", why="a list without its page has no total", text=fragment, asked_on=None, url=None
    )


def _odd(page: str) -> str:
    """The same page with an entry of its own kind in the place of the last."""
    odd = entry(
        5,
        "cs/0309136",
        'Sampling $T^2$ \\"uber <Kites> & "Boats"',
        mark="    (replaced)\n",
        version=None,
        authors=(
            f'the <a href="{SEARCH}KITE">KITE Collaboration</a>: <a href="{SEARCH}Lark">Ada Lark</a> (Kite Lab), Wu, '
            f'<a href="{SEARCH}Finch">Ben Finch</a>, <a href="{SEARCH}Zhu">and Cy Zhu</a>, et al'
        ),
        comments=(
            'See <a href="/abs/2601.00007" class="link-https">arXiv:2601.00007</a> and '
            '<a href="https://example-lab.example/kites" class="link-external link-https">this https URL</a>'
        ),
        journal_ref="Journal of Kites &amp; Boats 7 (2026)",
        primary="Systems and Control (eess.SY)",
        others=["Machine Learning (cs.LG)", "Statistics Theory (math.ST)"],
        abstract=(
            "We study kites again, with a map of every valley that they crossed between two winters.\n<br />Code is at "
            '<a href="https://github.com/example-lab/kites" class="link-external link-https">this https URL</a>. It '
            'flies in <a href="https://doi.org/10.1234/kites">10.1234/kites</a>, too.'
        ),
    )
    before, _, rest = page.rpartition("    <dt>\n")
    return before + odd + rest.partition("    </dd>\n")[2]


def _empty(case: Case) -> Iterator[Case]:
    small = replace(case, series="cs.GL", url=f"{SITE}/catchup/cs.GL/{DAY}?abs=True")
    empty, nothing = empty_catchup("cs.GL", DAY), empty_catchup("cs.LG", DAY)
    (witness,) = catchup_parts("cs.LG", DAY, Counts(new=2), with_abstracts=False)
    yield replace(small, name="empty", why="nothing in this category: cs.LG has papers", text=f"{empty}\n{witness}")
    yield replace(small, name="not_announced", why="cs.LG has nothing either", text=f"{empty}\n{nothing}")
    early = replace(small, text=f"{empty}\n{nothing}", fetched_at="2026-08-12T02:00:00Z")
    yield replace(early, name="not_announced_yet", why="the day is not over")
    yield replace(small, name="empty_alone", why="adopted, by dates alone", text=empty, asked_on=None, url=None)
    past = replace(small, text=empty_catchup("cs.GL", date(2025, 8, 12)), asked_on=None, url=None)
    yield replace(past, name="empty_of_unknown_year", why="no published dates: nobody can tell")
    holiday = date(2026, 11, 27)
    yield replace(
        small,
        name="holiday",
        why="no announcement on the evening before",
        text=empty_catchup("cs.GL", holiday),
        asked_on=holiday,
        fetched_at="2026-11-27T05:00:00Z",
    )
    yield replace(case, name="nothing_new", why="announced, nothing here", text=new_page("cs.LG", DAY, Counts()))


def _refused(case: Case, page: str) -> Iterator[Case]:
    yield replace(
        case,
        name="changed_layout",
        why="one title of five has another class",
        text=page.replace("list-title", "paper-title", 1),
    )
    yield replace(case, name="lost_entry", why="a head counts one entry more", text=_without_entry(page))
    yield replace(case, name="cut_page", why="the page ends before its end", text=page[: len(page) * 3 // 4])
    said = f"Invalid date: {DAY}. Catchup only allowed for past 90 days"
    yield replace(case, name="out_of_reach", why="status 400: older than 90 days", text=refusal_page(said))
    said = f"Invalid date: {DAY}. Can't request date later than today"
    yield replace(case, name="too_early", why="status 400: a day to come", text=refusal_page(said))
    said = "Invalid subject. Subject must be an archive, category or 'grp_physics'"
    yield replace(case, name="unknown_category", why="status 400: no such category", text=refusal_page(said))
    yield replace(case, name="rate_exceeded", why="text in the place of a page", suffix="txt", text="Rate exceeded.")
    yield replace(case, name="recent", why="five days without abstracts", text=recent_page("cs.LG"))
    (bare,) = catchup_parts("cs.LG", DAY, COUNTS, with_abstracts=False)
    yield replace(case, name="without_abstracts", why="asked for without abs=True", text=bare)
    adopted = replace(case, asked_on=None, url=None)
    yield replace(adopted, name="other_category", why="a page of cs.LG, adopted as stat.ML's", series="stat.ML")
    yield replace(adopted, name="no_category", why="the source alone names no list", series=None)


def _without_entry(page: str) -> str:
    before, _, rest = page.partition("    <dt>\n")
    return before + rest.partition("    </dd>\n")[2]
