"""Tags and COinS, read by the rules of Zotero's translators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from tests.transforms.citing.hard import NAMES
from transforms.citing.citation import citation_of
from transforms.citing.records import CitedPaper
from transforms.citing.tags import coins_of, head_tags

PAPER = CitedPaper(
    paper_key="p1",
    title="Tide & $O(n^2)$ Tables",
    authors=("Jan van der Berg", "Gemini Team", "Martin Luther King Jr."),
    arxiv_id="2603.00001",
    doi="10.1000/a&b",
    published_on=date(2026, 2, 27),
)


def pairs_of(paper: CitedPaper) -> list[tuple[str, str]]:
    """As an OpenURL resolver takes a context object apart."""
    parts = [each.partition("=") for each in coins_of(citation_of(paper)).split("&")]
    return [(key, unquote(value)) for key, _, value in parts]


def zotero_name(text: str) -> tuple[str, str]:
    """Family and given names as Zotero takes them from a tag or `rft.au`: by the first comma, else the last blank.

    It takes full stops away at the end, and gives initials theirs back, which this does not.
    """
    if "," in text:
        family, *rest = text.strip(" ,./[]:").split(", ")
        return family, rest[0] if rest else ""
    given, _, family = text.rpartition(" ")
    return family, given


def test_a_preprint_has_what_zotero_and_scholar_read() -> None:
    assert list(head_tags(citation_of(PAPER))) == [
        ("citation_title", "Tide & O(n²) Tables"),
        ("citation_author", "van der Berg, Jan"),
        ("citation_author", "Gemini Team,"),
        ("citation_author", "King, Martin Luther Jr."),
        ("citation_publication_date", "2026/02/27"),
        ("citation_online_date", "2026/02/27"),
        ("citation_doi", "10.1000/a&b"),
        ("citation_arxiv_id", "2603.00001"),
        ("citation_pdf_url", "https://arxiv.org/pdf/2603.00001"),
        ("citation_abstract_html_url", "https://arxiv.org/abs/2603.00001"),
    ]
    assert pairs_of(PAPER) == [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "preprint"),
        ("rft.atitle", "Tide & O(n²) Tables"),
        ("rft.date", "2026-02-27"),
        ("rft.au", "van der Berg, Jan"),
        ("rft.au", "Gemini Team,"),
        ("rft.au", "King, Martin Luther Jr."),
        ("rft_id", "info:doi/10.1000/a&b"),
        ("rft_id", "https://arxiv.org/abs/2603.00001"),
        ("rft.type", "preprint"),
    ]


@pytest.mark.parametrize(
    ("venue", "tag", "genre", "place"),
    [
        ("ICML 2026", "citation_conference_title", "proceeding", "rft.btitle"),
        ("Journal of Tides", "citation_journal_title", "article", "rft.jtitle"),
    ],
)
def test_where_it_is_published_decides_the_kind(venue: str, tag: str, genre: str, place: str) -> None:
    paper = replace(PAPER, venue=venue)
    assert dict(head_tags(citation_of(paper)))[tag] == venue
    pairs = dict(pairs_of(paper))
    assert (pairs["rft.genre"], pairs[place]) == (genre, venue)
    assert "rft.type" not in pairs


def test_zotero_reads_every_name_whole_and_in_order() -> None:
    paper = replace(PAPER, authors=tuple(NAMES))
    wanted = [
        (
            each.literal.replace(",", "") or f"{each.particle} {each.family}".strip(),
            f"{each.given} {each.suffix}".strip(" ."),
        )
        for each in NAMES.values()
    ]
    assert [zotero_name(text) for key, text in pairs_of(paper) if key == "rft.au"] == wanted
    assert [zotero_name(text) for key, text in head_tags(citation_of(paper)) if key == "citation_author"] == wanted


def test_a_tag_of_the_only_author_is_not_taken_for_two() -> None:
    tags = dict(head_tags(citation_of(replace(PAPER, authors=("van der Berg, Jan Peter",)))))
    assert tags["citation_author"] == "Jan Peter van der Berg"
