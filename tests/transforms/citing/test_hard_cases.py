"""Hard names and titles: what is read of them, and what other programs read of what is written."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from tests.transforms.citing.hard import NAMES, TITLES
from tests.transforms.citing.reading import (
    csl_items,
    decoded,
    name_of_parts,
    name_of_person,
    parsed_entries,
    plain,
    pybtex_entries,
    ris_entries,
)
from transforms.citing.bibtex import bibtex_of
from transforms.citing.citation import citation_of
from transforms.citing.csl import csl_of
from transforms.citing.mathematics import in_plain_text
from transforms.citing.names import name_of
from transforms.citing.records import Citation, CitedPaper, Name
from transforms.citing.ris import ris_of
from transforms.citing.titles import bibtex_title


def cited(title: str = "Looms", *authors: str) -> Citation:
    return citation_of(CitedPaper(paper_key="p1", title=title, authors=authors))


def plain_name(name: Name) -> Name:
    return Name(**dict(zip(Name.__slots__, map(plain, astuple(name)), strict=True)))


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_read_as_its_bearer_would(text: str) -> None:
    assert name_of(text) == NAMES[text]


def test_all_names_come_back_from_bibtex_in_order() -> None:
    bibtex = bibtex_of([cited("Looms", *NAMES)])
    wanted = [plain_name(each) for each in NAMES.values()]
    (entry,) = pybtex_entries(bibtex).values()
    assert [name_of_person(each) for each in entry.persons["author"]] == wanted
    (parsed,) = parsed_entries(bibtex).values()
    assert [name_of_parts(each) for each in parsed["author"]] == wanted


def test_all_names_come_back_from_ris_and_csl_in_order() -> None:
    (entry,) = ris_entries(ris_of([cited("Looms", *NAMES)]))
    wanted = [
        each.literal.replace(",", "")
        or ", ".join(part for part in (f"{each.particle} {each.family}".strip(), each.given, each.suffix) if part)
        for each in NAMES.values()
    ]
    assert entry["authors"] == wanted
    (item,) = csl_items(csl_of([cited("Looms", *NAMES)]))
    parts = ("family", "given", "non-dropping-particle", "suffix", "literal")
    assert [tuple(each.get(part, "") for part in parts) for each in item["author"]] == [
        astuple(each) for each in NAMES.values()
    ]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_written_so_that_its_capitals_stay(title: str) -> None:
    assert bibtex_title(title) == TITLES[title]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_from_every_form(title: str) -> None:
    citation = cited(title)
    bibtex = bibtex_of([citation])
    (entry,) = pybtex_entries(bibtex).values()
    (parsed,) = parsed_entries(bibtex).values()
    assert entry.fields["title"] == parsed["title"] == TITLES[title]
    if "$" not in title:
        assert decoded(entry.fields["title"]) == plain(title)
    (item,) = csl_items(csl_of([citation]))
    (read,) = ris_entries(ris_of([citation]))
    assert item["title"] == read["title"] == in_plain_text(title)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In $O(n^2)$ Steps", "In O(n²) Steps"),
        (r"$\alpha$-Fair $L_{12}$", "α-Fair L₁₂"),
        ("From $5 to $10", "From $5 to $10"),
        (r"$\input{secret}$", r"$\input{secret}$"),
        (r"$\mathrm{SE}(3)$ at 5\%", r"SE(3) at 5\%"),
    ],
)
def test_math_is_read_without_latex(text: str, words: str) -> None:
    assert in_plain_text(text) == words


@pytest.mark.parametrize("text", ["et al.", "and 7 others", "", " , ", "..."])
def test_what_names_nobody_is_no_name(text: str) -> None:
    assert name_of(text) is None
