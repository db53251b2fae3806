"""One listing in many forms says what its plain dump says, or is refused with its line; no lost line goes unnoticed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from textwrap import fill
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import PageChanged
from extractors.sources import hf_listing_text
from extractors.sources.hf_listing_text.cards import count_of_authors
from flows.demo.papers import invented_paper
from tests.extractors.sources import listing_forms as forms
from tests.extractors.sources.listing_forms import Form, Found, Papers
from transforms.listing.normalize import normalize_all
from transforms.records import Metric, Page, Sighting

MakePage = Callable[..., Page]
READ_AT = datetime(2026, 6, 2, tzinfo=UTC)


def _paper(number: int, votes: str, **block: Any) -> Found:
    paper = invented_paper(number)
    return Found(arxiv_id=paper.arxiv_id, title=paper.title, abstract=paper.abstract, votes=votes, **block)


PAPERS = [
    _paper(0, "30", who=3, dated="May 24", pictures=2),
    _paper(1, "-", who=("univie", "University of Vienna"), dated="Apr 22, 2025", comments=2),
    _paper(2, "1", who=1, dated="Feb 3"),
    _paper(3, "7"),
    _paper(4, "1.2k", who=("google", "Google"), dated="Mar 12", comments=14),
    _paper(5, "128", who=612, dated="Jan 5, 2025", comments=9, pictures=1),
]
DATES = (
    date(2026, 5, 24), date(2025, 4, 22), date(2026, 2, 3), None, date(2026, 3, 12), date(2025, 1, 5),
)  # fmt: skip
VOTES = {"30": 30, "-": 0, "1": 1, "7": 7, "1.2k": 1200, "128": 128}
PLAIN = forms.plain(PAPERS)


def _on_lines(change: Callable[[str], str]) -> Form:
    return lambda papers: "".join(f"{change(line)}\n" for line in forms.plain(papers).split("\n")[:-1])


def _replaced(old: str, new: str) -> Form:
    return lambda papers: forms.plain(papers).replace(old, new)


def _after(line: str, *more: str) -> Form:
    return _replaced(f"{line}\n", "\n\n".join((line, *more)) + "\n")


CARRIED: dict[str, Form] = {
    "as it is": forms.plain,
    "line ends of Windows": _replaced("\n", "\r\n"),
    "a byte order mark": lambda papers: f"\ufeff{forms.plain(papers)}",
    "indented": _on_lines(lambda line: f"   {line}"),
    "indented by a tab": _on_lines(lambda line: f"\t{line}"),
    "indented by hard blanks": _on_lines(lambda line: f"\u00a0\u00a0{line}"),
    "blanks at its line ends": _on_lines(lambda line: f"{line}  "),
    "hard blanks in its blocks": _replaced(" authors", "\u00a0authors"),
    "every line twice as far": _on_lines(lambda line: f"{line}\n"),
    "blank lines at its end": lambda papers: f"{forms.plain(papers)}\n \n\n",
    "blank lines above it": lambda papers: f"\n\n{forms.plain(papers)}",
    "months in full": _replaced("Apr 22", "April 22"),
    "months with a full stop": _replaced("Feb 3", "Feb. 3"),
    "two blanks before its comments": _replaced("Apr 22, 2025 2", "Apr 22, 2025  2"),
    "a search term": _after("byAK and the research community", "tides and harbours"),
    "once a day": _after("new", "Get trending papers in your email inbox once a day!"),
    "tabs": _after("byAK and the research community", "Daily", "Weekly", "Monthly", "Trending Papers"),
    "a term and tabs": _after("byAK and the research community", "tides, 2026", "Daily", "Weekly", "Monthly"),
    "its own date with a year": _replaced("\nJun 1\n", "\nJun 1, 2026\n"),
    "dashes": _replaced("  \u2022 ", "- "),
    "stars": _replaced("  \u2022 ", "* "),
    "long dashes": _replaced("  \u2022 ", "\u2013 "),
    "hollow bullets": _replaced("  \u2022 ", "\u25e6 "),
    "bullets of a word processor": _replaced("  \u2022 ", "\uf0b7\t"),
    "letters for bullets": _replaced("  \u2022 ", "o "),
    "no bullets": _replaced("  \u2022 ", ""),
    "its address above it": lambda papers: f"URL: https://huggingface.co/papers?q=tides\n\n{forms.plain(papers)}",
    "pages by number below it": lambda papers: (
        f"{forms.plain(papers)}\nPrevious\n\n1\n\n2\n\n...\n\n14\n\nNext\n\n\u00a9 Hugging Face\n"
    ),
    "pages by number on one line": lambda papers: f"{forms.plain(papers)}\nPrevious 1 2 3 \u2026 14 Next\n",
}
TEXT: dict[str, Form] = {
    form.__name__: form
    for form in (
        forms.html_text,
        forms.inscriptis,
        forms.elinks,
        forms.pandoc,
        forms.html2text_text,
        forms.markdownify_text,
    )
}
LINKED: dict[str, Form] = {
    form.__name__: form
    for form in (
        forms.html2text,
        forms.html2text_based,
        forms.markitdown,
        forms.markdownify,
        forms.node_html_markdown,
        forms.turndown,
        forms.inscriptis_linked,
        forms.firecrawl,
        forms.notebook,
    )
}
FORMS = CARRIED | TEXT | LINKED
TOOLS = ("as it is", *TEXT, *LINKED)


REFUSED: dict[str, tuple[Form, str]] = {
    "broken lines": (
        _on_lines(lambda line: fill(line, 80)),
        "line 15: .* broken, or blank lines that are gone: capture",
    ),
    "broken titles": (_on_lines(lambda line: fill(line, 40) if "No. 0" in line else line), "line 13: .* broken"),
    "lynx 2.9.0 -dump, 2026-11": (
        lambda papers: _lynx(papers, 72),
        "line 31: expected an abstract on one line .* broken",
    ),
    "w3m 0.5.3 -dump -cols 9999, 2026-11: lines of 1,024 characters at most": (
        _on_lines(lambda line: fill(line, 400)),
        "line 15: .* broken",
    ),
    "html2text with its width of 78": (
        lambda papers: "\n".join(fill(line, 78) for line in forms.html2text(papers).split("\n")),
        "line [0-9]+: .* broken",
    ),
    "lynx with the numbers of its links": (
        lambda papers: "\n".join(f"   {line}" for line in f"[1]Hugging Face\n\n{forms.plain(papers)}".split("\n")),
        r"line 1: expected a line without the numbers of links, found '\[1\]Hugging Face': .* -nolist",
    ),
    "pages by number without their end": (
        lambda papers: f"{forms.plain(papers)}\nPrevious\n\n1\n\n2\n",
        "line [0-9]+: expected an abstract",
    ),
    "pages by number without their beginning": (
        lambda papers: f"{forms.plain(papers)}\n1\n\n2\n\nNext\n",
        "line [0-9]+: expected a title",
    ),
    "html2text with links by number": (
        lambda papers: re.sub(r"\]\([^()]*\)", "][7]", forms.html2text(papers)),
        "line 1: expected a link with its address, found a link by number",
    ),
    "a firecrawl scrape of abstracts with line ends in them": (
        lambda papers: re.sub(r"(\[We study [^.]*\.) ", r"\1\\\\\n", forms.firecrawl(papers)),
        "line [0-9]+: .* broken",
    ),
    "beautifulsoup 4.14 get_text with line ends, 2026-11": (
        lambda papers: re.sub("\n+", "\n", forms.html_text(papers)),
        "line 23: .* blank lines that are gone",
    ),
    "html-to-text 9 of JavaScript, 2026-11: headings in capitals": (
        lambda papers: re.sub("### .*", lambda line: line[0][4:].upper(), forms.html2text_text(papers)).replace(
            "# Daily Papers", "DAILY PAPERS"
        ),
        "line 21: expected the preamble's 'Daily Papers', found 'DAILY PAPERS'",
    ),
    "trafilatura 2.3.1, 2026-11: the text of one paper": (
        lambda papers: f"{papers[0].title}\n{papers[0].abstract}",
        "line 1: expected the preamble's 'new'",
    ),
    "comments on lines of their own": (
        lambda papers: forms.html2text_text(papers).replace("2025  2\n", "2025\n\n2\n"),
        "line 59: expected a title: of two numbers nobody can tell",
    ),
    "linked comments on lines of their own": (
        lambda papers: forms.html2text(papers).replace("2025 [ 2]", "2025\n\n[ 2]"),
        "line 57: expected a number of comments on the line of its date",
    ),
    "comments glued to a year": (_replaced("Apr 22, 2025 2", "Apr 22, 20252"), "line 27: expected a date"),
    "comments glued to a day": (_replaced("May 24", "May 246"), "line 19: expected a date"),
    "no blank lines": (_replaced("\n\n", "\n"), "line 7: .* blank lines that are gone"),
    "line ends of old computers": (_replaced("\n", "\r"), "line 1: expected lines that end with a newline"),
    "headings in its preamble alone": (_replaced("\nDaily Papers", "\n# Daily Papers"), "line 13: .* a heading"),
    "headings in its titles alone": (_replaced("\nOrigami", "\n### Origami"), "line [0-9]+: .* no heading"),
    "authors in words": (_replaced("  \u2022 3 authors", "  \u2022 three authors"), "line 17: expected '. N authors'"),
    "authors in another language": (_replaced("  \u2022 3 authors", "  \u2022 3 auteurs"), "line 17: expected"),
    "authors with their number behind": (_replaced("  \u2022 3 authors", "authors: 3"), "line 17: expected"),
    "authors spelled out": (_replaced("  \u2022 3 authors", "Ada Alder and others, 3 authors"), "line 17: expected"),
    "names of organisations alone and with accounts": (_replaced("univie U", "U"), "line [0-9]+: expected the"),
    "unlike menus": (lambda papers: f"My notes\n\n{forms.plain(papers)}", "line 1: expected the preamble's 'new'"),
    "votes for some": (_replaced(PAPERS[2].title, f"17\n\n{PAPERS[2].title}"), "line 29: expected votes before each"),
    "a link to another paper": (
        lambda papers: forms.html2text(papers).replace("(/papers/2601.00002)\n\n[We", "(/papers/2601.00001)\n\n[We"),
        "line [0-9]+: expected a link to 2601.00001",
    ),
    "a title in bold": (
        lambda papers: (
            forms.markitdown(papers)
            .replace("### [", "**[")
            .replace("](/papers/2601.00000)\n\n[We", "](/papers/2601.00000)**\n\n[We")
        ),
        "line 26: expected a text that is a link",
    ),
}


def _lynx(papers: Papers, width: int) -> str:
    text = forms.inscriptis(papers).replace("          ", "   ")
    return "\n".join(fill(line, width, subsequent_indent="   ") for line in text.split("\n"))


Sightings = tuple[Sighting, ...]
Read = Callable[[str], Sightings]


@pytest.fixture
def read(make_page: MakePage) -> Read:
    def reading(text: str) -> Sightings:
        (listing,) = hf_listing_text.SOURCE.parse(make_page("hf_listing_text", text, fetched_at=READ_AT))
        sightings, rejections = normalize_all(listing, read_on=READ_AT.date())
        assert (listing.partition_on, listing.findings, rejections) == (date(2026, 6, 1), (), ())
        return sightings

    return reading


def _facts(sighting: Sighting) -> tuple[Any, ...]:
    """What a row says about its paper, without where it stood."""
    return (
        sighting.position,
        sighting.arxiv_id,
        sighting.title_text,
        sighting.abstract_text,
        sighting.author_count,
        sighting.organization,
        sighting.published_on,
        sighting.metrics,
    )


def _rows_or_none(read: Read, text: str) -> list[tuple[Any, ...]] | None:
    """The rows, or None for a text that is refused with its line."""
    try:
        return [_facts(row) for row in read(text)]
    except PageChanged as error:
        if not re.search("line [0-9]+", str(error)):
            raise
        return None


def _expected(name: str) -> list[tuple[Any, ...]]:
    return [
        (
            position,
            paper.arxiv_id if name in LINKED else None,
            paper.title,
            paper.abstract,
            paper.who if paper.dated and isinstance(paper.who, int) else None,
            None if isinstance(paper.who, int) else paper.who[1],
            DATES[position - 1],
            (
                *(() if name in CARRIED else ((Metric.UPVOTES, VOTES[paper.votes]),)),
                *(((Metric.COMMENTS, paper.comments),) if paper.comments else ()),
            ),
        )
        for position, paper in enumerate(PAPERS, start=1)
    ]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_says_what_the_plain_dump_says(name: str, read: Read) -> None:
    assert [_facts(row) for row in read(FORMS[name](PAPERS))] == _expected(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_a_line_that_was_lost_is_noticed_or_says_nothing(name: str, read: Read) -> None:
    lines = FORMS[name](PAPERS).splitlines(keepends=True)
    silent = set()
    for place, lost in enumerate(lines):
        rows = _rows_or_none(read, "".join(lines[:place] + lines[place + 1 :]))
        if rows is not None:
            assert rows == _expected(name), lost
            silent.add(lost.strip(" \t-*#\u2022\u00a0\r\n"))
    assert not silent & {word for paper in PAPERS for word in (paper.title, paper.abstract, paper.dated)}


@pytest.mark.slow
@pytest.mark.parametrize("name", TOOLS)
def test_lines_that_changed_places_or_stand_twice_give_no_wrong_row(name: str, read: Read) -> None:
    lines = FORMS[name](PAPERS).splitlines(keepends=True)
    for place, line in enumerate(lines):
        for changed in ([*lines[place : place + 2][::-1], *lines[place + 2 :]], [line, *lines[place:]]):
            rows = _rows_or_none(read, "".join([*lines[:place], *changed]))
            assert rows in (None, _expected(name)), line


@pytest.mark.slow
@pytest.mark.parametrize("name", TOOLS)
def test_a_form_cut_anywhere_gives_no_wrong_row(name: str, read: Read) -> None:
    text, whole = FORMS[name](PAPERS), _expected(name)
    for end in (*range(0, len(text), 499), *range(len(text) - 150, len(text))):
        rows = _rows_or_none(read, text[:end])
        if rows is not None:
            assert rows[:-1] == whole[: len(rows) - 1]
            assert rows[-1][:-1] == whole[len(rows) - 1][:-1]
            assert set(rows[-1][-1]) <= set(whole[len(rows) - 1][-1])


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_in_doubt_is_refused_with_its_line(name: str, read: Read) -> None:
    form, message = REFUSED[name]
    text = form(PAPERS)
    assert text != PLAIN
    with pytest.raises(PageChanged, match=message):
        read(text)


@given(st.sampled_from("-*+\u2022\u2023\u25aa\u25cf\u25e6\u2013\u2014\u00b7\uf0b7>~"), st.integers(1, 9_999))
def test_a_count_of_authors_is_no_organisation_whatever_stands_before_it(bullet: str, count: int) -> None:
    for mark in (bullet, f"{bullet} ", f" {bullet}\u00a0", f"{bullet} {bullet} ", ""):
        assert count_of_authors(f"{mark}{count} authors") == str(count)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("google Google", "Google"),
        ("univie University of Vienna", "University of Vienna"),
        ("occ-ai OCC", "OCC"),
        ("CarnegieMellonU Carnegie Mellon University", "Carnegie Mellon University"),
        ("Idiap Idiap Research Institute", "Idiap Research Institute"),
        ("nvidia NVIDIA", "NVIDIA"),
        ("NVIDIA NVIDIA", "NVIDIA"),
        ("zai-org Z.ai", "Z.ai"),
        ("Google", "Google"),
        ("University of Vienna", "University of Vienna"),
        ("[univie] University of Vienna", "University of Vienna"),
        ("Center for AI Safety & Friends", "Center for AI Safety & Friends"),
        ("Carnegie Mellon University", None),
        ("IT University of Examples", None),
        ("eBay Research", None),
        ("deepset GmbH", None),
        ("1 Institute", None),
        ("The Authors", None),
    ],
)
def test_an_account_before_a_name_is_told_by_the_name_or_refused(printed: str, name: str | None, read: Read) -> None:
    text = PLAIN.replace("google Google", "  \u2022 4 authors").replace("univie University of Vienna", printed)
    if name is None:
        with pytest.raises(PageChanged, match="line 25: expected '\u2022 N authors' or 'slug Organisation Name'"):
            read(text)
    else:
        assert [row.organization for row in read(text) if row.organization] == [name]


@pytest.mark.parametrize("second", ["Google", "google Google"])
def test_one_page_prints_its_organisations_in_one_form(second: str, read: Read) -> None:
    text = PLAIN.replace("univie U", "Carnegie U").replace("google Google", second)
    names = [row.organization for row in read(text) if row.organization]
    expected = {"Google": "Carnegie University of Vienna", "google Google": "University of Vienna"}[second]
    assert names == [expected, "Google"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["as it is", "html_text", "pandoc", "markdownify", "turndown", "notebook"])
@pytest.mark.parametrize(
    "foreign",
    [
        "12",
        "-",
        "May 3",
        "\u00b7",
        "3 authors",
        "Subscribe",
        "An advertisement",
        "* * *",
        "[ ]",
        "Next",
        "[",
        "# Notes",
    ],
)
def test_a_line_that_is_not_the_pages_gives_no_wrong_row(name: str, foreign: str, read: Read) -> None:
    lines = FORMS[name](PAPERS).split("\n")
    for place in range(len(lines)):
        rows = _rows_or_none(read, "\n".join([*lines[:place], foreign, *[""] * (place % 2), *lines[place:]]))
        assert rows in (None, _expected(name)), (place, foreign)


ODD_TITLES = (
    "[Re] Tides of the Harbour",
    "The Death of Its Authors",
    "3D Tides: 4 Authors, 2 Harbours",
    "Tides (v2)",
    "A* for _Tides_ \u00b7 Harbours",
    "1. Tides",
    "Daily Papers About Tides",
    "Previous Tides Next to May 24",
    "By AK and the Harbour",
    "C# Tides #2",
)


@pytest.mark.parametrize(
    "name", ["as it is", "elinks", "html2text", "markitdown", "notebook", "firecrawl", "no bullets"]
)
@pytest.mark.parametrize("title", ODD_TITLES)
def test_an_odd_title_stays_as_it_is(name: str, title: str, read: Read) -> None:
    papers = [PAPERS[0], replace(PAPERS[1], title=title), *PAPERS[2:]]
    assert [row.title_text for row in read(FORMS[name](papers))] == [paper.title for paper in papers]


ODD_ENDS = (
    "Code is at [this place](https://huggingface.co/harbour/tides)",
    "Code is at https://github.com/harbour/tides",
    "Tides lie in [0, 1) or ]0, 1].",
    "It costs 49.17\\% of $x_1$ and {\\em half} of \\emph{that}.",
    "We thank 12 authors \u00b7 May 24",
    "as in [3][4]",
)


@pytest.mark.parametrize("name", ["as it is", "inscriptis", "pandoc", "every line twice as far"])
@pytest.mark.parametrize("end", ODD_ENDS)
def test_an_odd_abstract_stays_as_it_is(name: str, end: str, read: Read) -> None:
    papers = [replace(PAPERS[0], abstract=f"{PAPERS[0].abstract} {end}"), *PAPERS[1:]]
    assert [row.abstract_raw for row in read(FORMS[name](papers))] == [paper.abstract for paper in papers]


@pytest.mark.parametrize("name", ["html_text", "markdownify_text"])
def test_votes_of_a_single_paper_need_their_link(name: str, read: Read) -> None:
    with pytest.raises(PageChanged, match="expected a second paper"):
        read(FORMS[name](PAPERS[:1]))
    assert len(read(FORMS["markdownify"](PAPERS[:1]))) == 1


def test_a_foot_proves_that_a_page_without_last_block_is_whole(read: Read) -> None:
    papers = [*PAPERS[:3], PAPERS[3]]
    assert len(read(forms.html2text(papers))) == 4
    with pytest.raises(PageChanged, match="without one the dump may be cut"):
        read(forms.html2text(papers).partition("[Previous]")[0])


@pytest.mark.parametrize(
    "text",
    [
        "---\nurl: https://huggingface.co/papers\n",
        "---\nurl: https://huggingface.co/papers\nand more of it\n---\n",
        "---\n" + "a: b\n" * 60 + "---\n",
    ],
)
def test_facts_above_the_page_that_do_not_end_are_refused(text: str, read: Read) -> None:
    with pytest.raises(PageChanged, match="line 1: expected lines 'key: value' up to a second"):
        read(f"{text}{PLAIN}")


@pytest.mark.parametrize("text", ["", "\n", " \n\u00a0\n", "[", "---", "#", "- ", "]("])
def test_next_to_nothing_is_refused(text: str, read: Read) -> None:
    with pytest.raises(PageChanged, match=r"line \d+"):
        read(text)


def test_more_lines_than_any_page_has_are_refused_before_they_are_read(read: Read) -> None:
    with pytest.raises(PageChanged, match="line 50001: expected at most 50000 lines, found 60001 lines"):
        read("[\n" * 60_000 + "x")
