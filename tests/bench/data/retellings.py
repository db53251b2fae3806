"""The noise that digests put on what they tell of a paper."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flows.demo.papers import InventedPaper
from tests.bench.data.papers import drawn, vocabulary
from transforms.matching.model import Record

FIRST_DAY = date(2020, 1, 1)
PUBLISHED_WITHIN_DAYS = 2_000
WHOLE = "whole"
WRONG_ID = "wrong id"
WRONG_IDS = 0.02
GREEK = (("alpha", "\u03b1", "$\\alpha$"), ("beta", "\u03b2", "$\\beta$"), ("lambda", "\u03bb", "\\lambda"))


@dataclass(frozen=True, slots=True)
class Retelling:
    """A record about a paper, with the paper's number and what was done to the record."""

    record: Record
    paper: int
    noise: str


def whole(paper: InventedPaper) -> Record:
    """All that there is to tell of a paper."""
    published_on = FIRST_DAY + timedelta(days=paper.number * 787 % PUBLISHED_WITHIN_DAYS)
    return Record(
        key=str(paper.number),
        source="",
        partition_on=published_on,
        arxiv_id=paper.arxiv_id,
        doi=None,
        title=paper.title,
        abstract=paper.abstract,
        authors=paper.authors,
        published_on=published_on,
    )


def retellings(paper: Record, number: int, rng: random.Random, others: Sequence[Record]) -> list[Retelling]:
    """The paper as one to three sources would tell of it: once in full, then with noise."""
    full = [Retelling(_by("a", paper, number), number, WHOLE)]
    return full + [retold(paper, number, letter, rng, others) for letter in "bc"[: rng.choice((0, 1, 1, 2))]]


def retold(paper: Record, number: int, letter: str, rng: random.Random, others: Sequence[Record]) -> Retelling:
    """The paper told by the source of that letter with one kind of noise; wrong ids are rare: 1 in 1,099 real ones."""
    noise = WRONG_ID if rng.random() < WRONG_IDS else rng.choice([each for each in NOISES if each != WRONG_ID])
    other = rng.choice(others) if others else paper
    return Retelling(NOISES[noise](_by(letter, paper, number), rng, other), number, noise)


def _by(letter: str, paper: Record, number: int) -> Record:
    return replace(paper, key=f"{letter}/{number:07d}", source=f"source {letter}")


def edited(text: str, rng: random.Random, share: float) -> str:
    """Exchange, misspell, drop or double that share of words."""
    words = vocabulary()
    kept: list[str] = []
    for word in text.split():
        kind = rng.randrange(4) if rng.random() < share else None
        if kind is None:
            kept.append(word)
        elif kind == 0:
            kept += drawn(rng, words, 1)
        elif kind == 1 and len(word) > 3:
            place = rng.randrange(1, len(word) - 1)
            kept.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
        elif kind == 2:
            kept.append(f"{word} {rng.choice(words[0])}")
    return " ".join(kept)


def _only(record: Record, abstract: str, title: str | None = None) -> Record:
    return replace(record, arxiv_id=None, title=title, abstract=abstract, authors=(), published_on=None)


def _text(record: Record) -> str:
    return record.abstract or ""


def _truncated(record: Record, rng: random.Random, _: Record) -> Record:
    return _only(record, _text(record)[: int(len(_text(record)) * rng.uniform(0.3, 0.8))])


def _reworded(record: Record, rng: random.Random, title: str | None = None) -> Record:
    return _only(record, edited(_text(record), rng, rng.uniform(0.05, 0.15)), title and edited(title, rng, 0.1))


def _latex(record: Record, rng: random.Random, _: Record) -> Record:
    """The same text once with LaTeX and once with Unicode."""
    text = _text(record)
    for spelled, sign, command in GREEK:
        text = text.replace(f" {spelled} ", f" {rng.choice((sign, command))} ")
    marked = "".join({"e": "\\'e", "o": "ö"}.get(sign, sign) if rng.random() < 0.02 else sign for sign in text)
    return _only(record, marked.replace(" model ", " {\\em model} "))


def _swapped_authors(record: Record, rng: random.Random, _: Record) -> Record:
    names = tuple(f"{name.split()[-1]}, {name[0]}." for name in rng.sample(record.authors, len(record.authors)))
    return replace(record, arxiv_id=None, abstract=None, authors=names)


def _title_and_authors(record: Record, rng: random.Random, _: Record) -> Record:
    title = edited(record.title or "", rng, 0.08)
    return replace(record, arxiv_id=None, abstract=None, title=title, published_on=None)


NOISES: dict[str, Callable[[Record, random.Random, Record], Record]] = {
    "abstract only": lambda record, _, __: _only(record, _text(record)),
    "truncated abstract": _truncated,
    "last sentence lost": lambda record, _, __: _only(
        record, _text(record).rstrip(".").rpartition(". ")[0], record.title
    ),
    "5-15 % of words edited": lambda record, rng, _: _reworded(record, rng),
    "words and title edited": lambda record, rng, _: _reworded(record, rng, record.title),
    "LaTeX for Unicode": _latex,
    WRONG_ID: lambda record, _, other: replace(record, arxiv_id=other.arxiv_id),
    "authors swapped, no abstract": _swapped_authors,
    "renamed, same id": lambda record, rng, _: replace(
        record, title=edited(record.title or "", rng, 0.5), authors=record.authors[:3]
    ),
    "title and authors only": _title_and_authors,
}
