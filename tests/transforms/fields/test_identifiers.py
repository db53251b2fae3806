"""One paper, one spelling of its identifier; never a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fields.identifiers import (
    arxiv_id,
    doi,
    is_arxiv_doi,
    is_arxiv_page,
)

NEW_IDS = st.builds(
    lambda year, month, number: f"{year:02}{month:02}.{number:05}",
    st.integers(15, 99),
    st.integers(1, 12),
    st.integers(0, 99_999),
)
FOUR_DIGIT_IDS = st.builds(
    lambda year, month, number: f"{year:02}{month:02}.{number:04}",
    st.integers(8, 14),
    st.integers(1, 12),
    st.integers(0, 9_999),
)
OLD_IDS = st.builds(
    lambda archive, year, month, number: f"{archive}/{year:02}{month:02}{number:03}",
    st.sampled_from(["hep-th", "math", "cs", "astro-ph", "quant-ph"]),
    st.sampled_from([91, 99, 0, 7]),
    st.integers(1, 12),
    st.integers(0, 999),
)
IDS = NEW_IDS | FOUR_DIGIT_IDS | OLD_IDS
SPELLINGS = [
    "{}", " {} ", "arXiv:{}", "https://arxiv.org/abs/{}", "http://www.arxiv.org/pdf/{}.pdf", "https://arxiv.org/html/{}",
    "arxiv.org/abs/{}/", "https://export.arxiv.org/abs/{}?context=cs", "10.48550/arXiv.{}",
    "https://doi.org/10.48550/arXiv.{}", "https://browse.arxiv.org/pdf/{}", "https://arxiv.org/abs//{}", "http://arxiv.org/abs/{},",
    "https://huggingface.co/papers/{}", "hf.co/papers/{}", "https://huggingface.co/papers/{}#community",
    "https://www.alphaxiv.org/abs/{}", "https://alphaxiv.org/overview/{}?chat=1", "https://ar5iv.org/abs/{}",
    "https://ar5iv.labs.arxiv.org/html/{}", "https://www.arxiv-vanity.com/papers/{}/", "https://scirate.com/arxiv/{}",
    "https://www.emergentmind.com/papers/{}", "https://www.semanticscholar.org/arxiv/{}", "https://api.semanticscholar.org/arXiv:{}",
]  # fmt: skip


@given(IDS, st.none() | st.integers(1, 99), st.sampled_from(SPELLINGS))
def test_every_spelling_gives_the_same_id_and_version(identifier: str, version: int | None, spelling: str) -> None:
    printed = spelling.format(identifier + (f"v{version}" if version else ""))
    assert arxiv_id(printed) == (identifier, version)


@pytest.mark.parametrize(
    ("text", "is_page"),
    [
        ("https://arxiv.org/abs/2503.02130v2", True),
        (" https://hf.co/papers/2503.02130 ", True),
        ("https://arxiv.org/list/cs.LG/new", False),
        ("2503.02130", False),
        ("arXiv:2503.02130", False),
        ("https://doi.org/10.48550/arXiv.2503.02130", False),
    ],
)
def test_a_papers_page_is_an_address_with_its_arxiv_id(text: str, is_page: bool) -> None:
    assert is_arxiv_page(text) is is_page


def test_zeros_at_either_end_are_kept() -> None:
    assert arxiv_id("2503.02130") == ("2503.02130", None)
    assert arxiv_id("0704.0010") == ("0704.0010", None)


def test_the_subject_class_of_an_old_id_is_optional() -> None:
    assert arxiv_id("math.AG/0601001v3") == ("math/0601001", 3)


@pytest.mark.parametrize(
    "text",
    ["", "2503.2130", "1412.00001", "1501.0001", "2513.00001", "0703.0001", "2503.021301", "x2503.02130",
     "2503.02130v0", "foo/9901001", "hep-th/9913001", "https://arxiv.org/list/cs.LG/new", "https://example.org/abs/2503.02130",
     "https://huggingface.co/papers", "https://huggingface.co/papers/date/2025-03-02", "https://huggingface.co/2503.02130",
     "https://huggingface.co/papers/2503.02130/files", "https://notarxiv.org/abs/2503.02130", "https://arxiv.org.example.org/abs/2503.02130",
     "https://huggingface.co.example.org/papers/2503.02130", "https://example.org/?u=https://arxiv.org/abs/2503.02130",
     "https://arxiv.org/html/2503.02130/x1.png", "https://www.alphaxiv.org/2503.02130",
     "２５０３.０２１３０"],
)  # fmt: skip
def test_what_is_no_arxiv_id_is_an_error_that_carries_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="not an arXiv id") as caught:
        arxiv_id(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["12503.02130", "x=2503.02130", "1.2503.02130", "2503.021301", "2503.02130.5", "https://example.org/2503.02130",
     "a loss of 2503.02130", "10.1234/2503.02130", "files/9901001"],
)  # fmt: skip
def test_a_longer_number_a_path_or_a_sentence_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="not an arXiv id"):
        arxiv_id(text)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("10.1000/ABC.1", "10.1000/abc.1"),
        ("https://doi.org/10.1000/abc.;", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("doi:10.1000/abc),", "10.1000/abc"),
        ("10.1016/S0140-6736(05)66912-7", "10.1016/s0140-6736(05)66912-7"),
        ("10.1000/(abc)", "10.1000/(abc)"),
    ],
)
def test_a_doi_has_one_spelling(printed: str, meant: str) -> None:
    assert doi(printed) == meant
    assert doi(meant) == meant


@pytest.mark.parametrize(
    "text", ["", "10.1/abc", "10.1000/", "10.1000/.,", "11.1000/abc", "10.1000/a b", "doi.org/abc"]
)
def test_what_is_no_doi_is_an_error_that_carries_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="not a DOI") as caught:
        doi(text)
    assert repr(text) in str(caught.value)


def test_an_arxiv_doi_is_known_as_one() -> None:
    assert is_arxiv_doi("10.48550/arXiv.2503.02130")
    assert not is_arxiv_doi("10.1000/arxiv.2503.02130")
