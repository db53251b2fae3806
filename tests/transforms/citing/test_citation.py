"""What is cited: kind, day, version, key, and authors however many."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.transforms.citing.reading import csl_items, parsed_entries, pybtex_entries, ris_entries
from transforms.citing.bibtex import bibtex_of
from transforms.citing.citation import NotCitable, citation_of
from transforms.citing.csl import csl_of
from transforms.citing.records import Citation, CitedPaper, Kind, Version
from transforms.citing.ris import ris_of

PAPER = CitedPaper(
    paper_key="p260302jsbdtp3762sru",
    title="Tide Tables for Every Harbour",
    authors=("Ada Örn", "Bo Sample"),
    arxiv_id="2603.00001",
    published_on=date(2026, 2, 27),
    categories=("cs.LG", "stat.ML"),
    versions=(
        Version(number=1, created_at=datetime(2026, 2, 27, 9, tzinfo=UTC)),
        Version(number=2, created_at=datetime(2026, 11, 5, 9, tzinfo=UTC)),
        Version(number=3),
    ),
)


def fields_of(citation: Citation) -> dict[str, str]:
    (entry,) = pybtex_entries(bibtex_of([citation])).values()
    return {"type": entry.type, **{name.lower(): text for name, text in entry.fields.items()}}


def test_a_preprint_is_cited_without_a_version_in_the_year_of_its_first() -> None:
    assert fields_of(citation_of(PAPER)) == {
        "type": "misc",
        "title": "Tide Tables for Every Harbour",
        "year": "2026",
        "month": "February",
        "eprint": "2603.00001",
        "archiveprefix": "arXiv",
        "primaryclass": "cs.LG",
        "url": "https://arxiv.org/abs/2603.00001",
    }
    (read,) = ris_entries(ris_of([citation_of(PAPER)]))
    assert (read["type_of_reference"], read["year"], read["date"]) == ("GEN", "2026", "2026/02/27/")
    assert (read["accession_number"], read["keywords"]) == ("arXiv:2603.00001", ["cs.LG", "stat.ML"])
    (item,) = csl_items(csl_of([citation_of(PAPER)]))
    assert (item["type"], item["number"], item["issued"]["date-parts"]) == (
        "article",
        "arXiv:2603.00001",
        [[2026, 2, 27]],
    )


def test_a_version_is_cited_with_its_own_day_and_without_what_is_published() -> None:
    published = replace(PAPER, venue="ICML 2026", doi="10.1000/tides")
    cited = fields_of(citation_of(published, 2))
    assert (cited["type"], cited["eprint"], cited["month"]) == ("misc", "2603.00001v2", "November")
    assert cited["url"] == "https://arxiv.org/abs/2603.00001v2"
    assert "doi" not in cited
    assert citation_of(published, 2).key == "orn2026-2603.00001v2"


@pytest.mark.parametrize(
    ("paper", "version", "words"),
    [
        (PAPER, 3, "no version 3 is known; known are 1, 2"),
        (PAPER, 9, "no version 9 is known; known are 1, 2"),
        (replace(PAPER, versions=()), 1, "nothing is known of its versions"),
        (replace(PAPER, arxiv_id=None), 1, "no arXiv id"),
        (replace(PAPER, title=None), None, "no source gave a title"),
        (replace(PAPER, title="\u200b \x07"), None, "no source gave a title"),
    ],
)
def test_what_cannot_be_cited_is_an_error_that_says_why(paper: CitedPaper, version: int | None, words: str) -> None:
    with pytest.raises(NotCitable, match=re.escape(words)):
        citation_of(paper, version)


@pytest.mark.parametrize(
    ("venue", "journal_ref", "kind", "field", "year"),
    [
        ("ICML 2026", None, Kind.PROCEEDINGS, "booktitle", 2026),
        ("NeurIPS 2027 Workshop on Tides", None, Kind.PROCEEDINGS, "booktitle", 2027),
        ("Transactions on Machine Learning Research", None, Kind.ARTICLE, "journal", 2026),
        ("ICML 2026", "Phys. Rev. D 60, 084006 (2027)", Kind.ARTICLE, "journal", 2027),
        (None, "Proceedings of the Journal Club, 1999", Kind.PROCEEDINGS, "booktitle", 2026),
        (None, "Tide Letters 1, 2001-2020", Kind.ARTICLE, "journal", 2026),
    ],
)
def test_what_is_published_is_cited_so_and_keeps_its_arxiv_id(
    venue: str | None, journal_ref: str | None, kind: Kind, field: str, year: int
) -> None:
    citation = citation_of(replace(PAPER, venue=venue, journal_ref=journal_ref, doi="10.1000/a_(b)"))
    cited = fields_of(citation)
    assert (citation.kind, citation.year) == (kind, year)
    assert cited[field] == (journal_ref or venue)
    assert (cited["eprint"], cited["doi"]) == ("2603.00001", "10.1000/a_(b)")
    assert citation.month == (2 if year == 2026 else None)


def test_a_paper_with_a_doi_alone_leads_to_it_and_never_to_a_list() -> None:
    citation = citation_of(replace(PAPER, arxiv_id=None, doi="10.1000/a<b>{c}", published_on=None))
    assert citation.kind is Kind.OTHER
    assert citation.url == "https://doi.org/10.1000/a%3Cb%3E%7Bc%7D"
    assert fields_of(citation)["url"] == citation.url
    assert "doi" not in fields_of(citation)
    assert citation_of(replace(PAPER, arxiv_id=None)).url is None


def test_without_a_day_the_id_says_the_year() -> None:
    old = citation_of(replace(PAPER, arxiv_id="hep-th/9901001", published_on=None))
    assert (old.year, old.month, old.key) == (1999, None, "orn1999-hep-th-9901001")


def test_a_key_stays_when_title_day_and_paper_key_change() -> None:
    key = citation_of(PAPER).key
    assert key == "orn2026-2603.00001"
    changed = replace(
        PAPER,
        paper_key="p1",
        title="Tide tables, corrected",
        published_on=date(2025, 1, 1),
        authors=("A. Orn", "Somebody Else"),
        venue="ICML 2027",
        doi="10.1000/tides",
    )
    assert citation_of(changed).key == key


@pytest.mark.parametrize(
    ("paper", "key"),
    [
        (replace(PAPER, authors=("The LLaMA Consortium", "Bo Sample")), "llama2026-2603.00001"),
        (replace(PAPER, authors=("Team Seedance",)), "seedance2026-2603.00001"),
        (replace(PAPER, authors=("DeepSeek-AI",)), "deepseek2026-2603.00001"),
        (replace(PAPER, authors=("Jan van der Berg",)), "berg2026-2603.00001"),
        (replace(PAPER, authors=("Conan O'Brien-Núñez",)), "obriennunez2026-2603.00001"),
        (replace(PAPER, authors=("张伟",)), "anon2026-2603.00001"),
        (replace(PAPER, authors=()), "anon2026-2603.00001"),
        (replace(PAPER, authors=("(name withheld)", "Bo Sample")), "anon2026-2603.00001"),
        (replace(PAPER, arxiv_id=None, doi="10.1145/3292500.3330701"), "orn-10.1145-3292500.3330701"),
        (replace(PAPER, arxiv_id=None, doi='10.1/"\u202e{}%,~#\\'), "orn-10.1"),
        (replace(PAPER, arxiv_id=None), "orn-p260302jsbdtp3762sru"),
    ],
)
def test_a_key_is_made_of_what_names_the_paper(paper: CitedPaper, key: str) -> None:
    assert citation_of(paper).key == key
    assert list(parsed_entries(bibtex_of([citation_of(paper)]))) == [key]


def test_three_thousand_authors_stay_in_order_in_every_form() -> None:
    names = [
        f"Given{chr(97 + number % 26)} Family{'abcdefghij'[number // 1000]}{'x' * (number % 7)}"
        for number in range(3000)
    ]
    citation = citation_of(replace(PAPER, authors=tuple(names), author_count=3000))
    families = [name.split()[1] for name in names]
    (entry,) = pybtex_entries(bibtex_of([citation])).values()
    assert [each.last_names[0] for each in entry.persons["author"]] == families
    (parsed,) = parsed_entries(bibtex_of([citation])).values()
    assert [each.last[0] for each in parsed["author"]] == families
    (read,) = ris_entries(ris_of([citation]))
    assert [each.partition(",")[0] for each in read["authors"]] == families
    (item,) = csl_items(csl_of([citation]))
    assert [each["family"] for each in item["author"]] == families


@pytest.mark.parametrize(
    ("authors", "count", "said"),
    [
        (("Ada Örn", "Bo Sample"), 7, "7 authors in all, of whom 2 are named"),
        (("Ada Örn", "Bo Sample", "et al."), None, "There are more authors, who are not named"),
        (("Ada Örn", "Bo Sample"), 2, None),
        (("Ada Örn", "Bo Sample"), None, None),
        ((), 4, "4 authors in all, of whom none are named"),
    ],
)
def test_that_more_authors_are_not_named_is_said(authors: tuple[str, ...], count: int | None, said: str | None) -> None:
    citation = citation_of(replace(PAPER, authors=authors, author_count=count))
    (entry,) = pybtex_entries(bibtex_of([citation])).values()
    last = [str(each) for each in entry.persons.get("author", [])][-1:]
    assert last == ([] if not authors else ["others"] if said else ["Sample, Bo"])
    (read,) = ris_entries(ris_of([citation]))
    assert read.get("notes", [None])[0] == said
    (item,) = csl_items(csl_of([citation]))
    assert item.get("note") == said


def test_several_papers_are_one_text_in_the_order_given() -> None:
    other = replace(PAPER, arxiv_id="2603.00002", title="Looms", authors=("Cy Test",))
    citations = [citation_of(other), citation_of(PAPER)]
    keys = ["test2026-2603.00002", "orn2026-2603.00001"]
    assert list(pybtex_entries(bibtex_of(citations))) == keys
    assert list(parsed_entries(bibtex_of(citations))) == keys
    assert [each["id"] for each in ris_entries(ris_of(citations))] == keys
    assert [each["id"] for each in csl_items(csl_of(citations))] == keys


def test_lines_of_ris_end_as_the_format_says() -> None:
    text = ris_of([citation_of(PAPER), citation_of(PAPER)])
    assert text.count("\n") == text.count("\r\n") == len(text.splitlines())
    assert [line for line in text.split("\r\n") if line and not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []
