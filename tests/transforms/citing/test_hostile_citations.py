"""Whatever a page holds, every form can be read, has one entry, and nothing that a terminal would obey."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.hostile import FORMULA, HOSTILE
from tests.transforms.citing.reading import csl_items, parsed_entries, pybtex_entries, ris_entries
from transforms.citing.bibtex import bibtex_of
from transforms.citing.citation import citation_of
from transforms.citing.csl import csl_of
from transforms.citing.records import CitedPaper
from transforms.citing.ris import ris_of
from transforms.citing.tags import coins_of, head_tags

OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
TRICKS = (
    HOSTILE,
    FORMULA,
    "}} @misc{evil, title = {owned}}",
    "{{{{", "}}}}", "$", "$$", "$x$ $y", r"$\input{/etc/passwd}$", r"$\write18{ls}$ \end{document}", "\\", "%", "#",
    "~", "^",
    "a\nER  - \nTY  - BOOK\nTI  - owned", "a\r\nER  - ", "a\u2028ER  - ", "x and y and others", "A, B, C, D",
    "\x1b]0;owned\x07", "\ud800", "\u202eabc", "@", "@comment{", "@string{a = 1}", '"', "a\\",
    "\\}", "\\{", "{\\",
)  # fmt: skip
SIGNS = st.text(
    alphabet=st.one_of(st.sampled_from("{}\\$%&#_~^@\"',;=()<>|-\n\r\t aBé. "), st.characters()), max_size=40
)


def paper_of(text: str) -> CitedPaper:
    return CitedPaper(
        paper_key="p260302jsbdtp3762sru",
        title=f"A{text}",
        authors=(text, "Bo Sample", f"B{text}", f"C {text}", f"{text}, Di"),
        arxiv_id="2603.00001",
        doi=f"10.1000/{''.join(text.split())}",
        published_on=date(2026, 2, 27),
        journal_ref=f"Journal of {text}",
        categories=(text, "cs.LG"),
        keywords=(text,),
        abstract=text,
    )


def whole(paper: CitedPaper) -> None:
    citation = citation_of(paper)
    bibtex, ris, csl = bibtex_of([citation, citation_of(OTHER)]), ris_of([citation]), csl_of([citation])
    read, parsed = pybtex_entries(bibtex), parsed_entries(bibtex)
    assert list(read) == list(parsed) == [citation.key, OTHER_KEY]
    assert len(read[citation.key].persons["author"]) == len(citation.authors) + citation.has_more_authors
    assert len(parsed[citation.key]["author"]) == len(citation.authors) + citation.has_more_authors
    assert read[citation.key].fields["eprint"] == paper.arxiv_id
    (entry,) = ris_entries(ris)
    assert len(entry["authors"]) == len(citation.authors)
    assert entry["urls"] == [citation.url]
    (item,) = csl_items(csl)
    assert len(item["author"]) == len(citation.authors)
    tags = "".join(f"{name}{content}" for name, content in head_tags(citation))
    for text in (bibtex, ris.replace("\r\n", ""), csl, tags, coins_of(citation)):
        assert not OBEYED.search(text), text


OTHER = CitedPaper(paper_key="p2", title="Looms", authors=("Cy Test",))
OTHER_KEY = "test-p2"


@pytest.mark.parametrize("text", TRICKS)
def test_a_hostile_text_stays_within_its_field(text: str) -> None:
    whole(paper_of(text))


@given(SIGNS)
@settings(max_examples=300)
def test_any_text_stays_within_its_field(text: str) -> None:
    whole(paper_of(text))


@given(SIGNS)
def test_braces_of_bibtex_match_whatever_the_title(text: str) -> None:
    written = bibtex_of([citation_of(paper_of(text))])
    depth = 0
    for sign in written:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
