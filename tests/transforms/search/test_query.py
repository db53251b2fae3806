"""A query means what its help says; what cannot be meant names its part; no text of a reader is more than data."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.search.match import TEXTS, Facets, Span, marks_of, match_of, tokens_of
from transforms.search.query import CHARACTERS_MAX, FORMS, Field, QueryError, SearchQuery, Words, parse

FIRST, LAST = date(2023, 5, 2), date(2026, 4, 3)
SPAN = Span(first=FIRST, last=LAST)
CREATE = f"create virtual table texts using fts5({', '.join((*TEXTS, 'facets'))})"


def test_words_phrases_and_words_to_leave_out_are_told_apart() -> None:
    assert parse('sparse "tide tables" -kites -"old looms"') == SearchQuery(
        words=(
            Words(text="sparse"),
            Words(text="tide tables"),
            Words(text="kites", is_excluded=True),
            Words(text="old looms", is_excluded=True),
        )
    )


def test_a_field_takes_a_word_or_a_phrase() -> None:
    assert parse('title:tide AUTHOR:"Ada Örn" -institution:mit') == SearchQuery(
        words=(
            Words(text="tide", field=Field.TITLE),
            Words(text="Ada Örn", field=Field.AUTHOR),
            Words(text="mit", field=Field.INSTITUTION, is_excluded=True),
        )
    )


def test_facets_are_read() -> None:
    assert parse("source:hf_daily source:weekly_review category:cs.LG has:code reviewed:no from:2026-03-02") == (
        SearchQuery(
            sources=("hf_daily", "weekly_review"),
            categories=("cs.LG",),
            has_code=True,
            is_reviewed=False,
            first=date(2026, 3, 2),
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "2503.01234",
        "arXiv:2503.01234v2",
        "arxiv: 2503.01234",
        "10.1000/tides.7",
        "https://example.org/papers/7",
        "https://huggingface.co/papers/2503.01234",
        "p260302abcdefghijk23",
    ],
)
def test_what_names_one_paper_is_no_words(text: str) -> None:
    assert parse(f" {text} ") == SearchQuery(paper=text)


@pytest.mark.parametrize("text", ["BERT: pre-training", "3:00 a.m.", "AND OR NOT NEAR(x y)", "* ^ x", "it's {a} + b"])
def test_signs_of_ordinary_writing_stand_for_nothing(text: str) -> None:
    assert all(each.field is None and not each.is_excluded for each in parse(text).words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tide colour:red", r"colour:red: there is no colour:, only title:, author:"),
        ('tide "old looms', r'"old looms: this quotation mark has no second one'),
        ("title: tide", "title: stands before a blank"),
        ('title:"…"', "no letter and no digit stands behind"),
        ("-source:hf_daily tide", "-source:hf_daily: only words can be left out"),
        ("from:yesterday", "from:yesterday: a day is written as"),
        ("from:2026-02-30", "from:2026-02-30: a day is written as"),
        ("from:2026-03-02 to:2026-03-01", "from:2026-03-02 to:2026-03-01: the first day comes after"),
        ("has:video", "has:video: only has:code"),
        ("reviewed:maybe", "reviewed:yes or reviewed:no"),
        ('source:" "', "nothing stands behind the colon"),
        ("tide arxiv:2503.01234", "arxiv:2503.01234: it names one paper and stands alone"),
        ("", "nothing to look for"),
        ("- … \x00", "no letter and no digit"),
        ("a" * (CHARACTERS_MAX + 1), r"at most 1,000 characters, this one has 1,001"),
        ("a " * 60, "at most 50 parts, this one has 60"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_part(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        parse(text)


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute(CREATE)
    return database


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"'-:()*^{}+ \x00ab")), max_size=60))
def test_any_text_is_a_query_of_the_index_or_an_error_that_is_told(index: sqlite3.Connection, text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    if query.paper is None:
        assert index.execute("select rowid from texts(?)", (match_of(query, SPAN),)).fetchall() == []
        if marks := marks_of(query):
            assert index.execute("select rowid from texts(?)", (marks,)).fetchall() == []


def test_words_of_a_reader_never_meet_facets() -> None:
    facets = Facets(day=LAST, sources=("hf_daily",))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(CREATE)
        database.execute("insert into texts (facets) values (?)", (tokens_of("p1", facets),))
        asked = SearchQuery(words=(Words(text=tokens_of("p1", facets).split()[1]),))
        assert database.execute("select rowid from texts(?)", (match_of(asked, SPAN),)).fetchall() == []
        asked = SearchQuery(sources=("HF_daily",))
        assert database.execute("select rowid from texts(?)", (match_of(asked, SPAN),)).fetchall() == [(1,)]


@given(
    st.dates(FIRST - timedelta(days=900), LAST + timedelta(days=900)) | st.none(),
    st.integers(0, 1500) | st.none(),
    st.dates(FIRST, LAST),
)
def test_days_are_those_between_both_ends(first: date | None, length: int | None, day: date) -> None:
    last = None if length is None else (first or FIRST) + timedelta(days=length)
    asked = match_of(SearchQuery(first=first, last=last, sources=("x",)), SPAN)
    tokens = set(tokens_of("p1", Facets(day=day, sources=("x",))).split())
    is_meant = (first or date.min) <= day <= (last or date.max)
    groups = [set(part.strip("()").removeprefix("facets : (").split(" OR ")) for part in asked.split(" AND ")]
    assert all(group & tokens for group in groups) == is_meant


def test_every_form_that_the_help_shows_is_read() -> None:
    examples = [form for form, _ in FORMS if form.startswith(("-", '"'))]
    assert [parse(part) for form in examples for part in form.split(", ")]
