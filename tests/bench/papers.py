"""Invented papers with realistic words, and the noise that digests put on what they say about a paper.

An abstract's words are drawn from the frozen rarities (a word of b bits once in 2^b abstracts), mixed with one or two
of a few hundred topics that each make some hundred words common, and with a few invented names of its own. One paper
in twenty is a sequel: same people, half the title and two thirds of the words of an earlier paper. Titles are made of
the topic words and names of their own abstract, people of real surname frequencies and invented rare ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from transforms.matching.model import Record
from transforms.matching.rarity_table import TABLE

TOPICS = 400
TOPIC_WORDS = 120
SEQUELS = 0.05
WRONG_ID = "wrong id"
WRONG_IDS = 0.02
FIRST_DAY = date(2020, 1, 1)
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "fi",
    "ga",
    "ge",
    "go",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "pe",
    "pi",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "vo",
    "xa",
    "xe",
    "za",
    "ze",
    "zo",
    "ler",
    "ton",
    "net",
    "ner",
    "mix",
    "for",
    "ran",
    "gra",
]
GREEK = (("alpha", "\u03b1", "$\\alpha$"), ("beta", "\u03b2", "$\\beta$"), ("lambda", "\u03bb", "\\lambda"))

_TOPIC_CHANCES = tuple(accumulate(1 / (rank + 3) for rank in range(TOPIC_WORDS)))
Topic = tuple[tuple[str, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Paper:
    """One invented paper as it is."""

    number: int
    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    published_on: date


@dataclass(frozen=True, slots=True)
class Told:
    """A record about a paper, and what was done to it."""

    record: Record
    paper: int
    noise: str


@cache
def vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Words and how often each stands in an abstract, the rarest ones invented."""
    words, shares = _table("token")
    rng = random.Random(5)
    rare = sorted({_name(rng) for _ in range(30_000)} - set(words))
    return (*words, *rare), (*map(_rate, shares), *(2.0 ** -rng.uniform(13, 18) for _ in rare))


@cache
def _common() -> tuple[float, ...]:
    return tuple(accumulate(vocabulary()[1]))


@cache
def surnames() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Surnames and their cumulated shares of authors, the rarer half invented."""
    names, shares = _table("surname")
    rng = random.Random(6)
    rare = sorted({_name(rng) for _ in range(20_000)})
    left = 1 - sum(shares)
    return (*names, *rare), tuple(accumulate((*shares, *(left / len(rare) for _ in rare))))


def papers(count: int, seed: int = 1, first: int = 0) -> Iterator[Paper]:
    """That many invented papers, numbered from `first`, on the topics of that seed; the same whatever the count."""
    rng = random.Random(seed)
    words, shares = vocabulary()
    chances = tuple(accumulate(share**0.7 if share < 0.3 else 0.0 for share in shares))
    topics = [_topic(rng, words, chances) for _ in range(TOPICS)]
    if first:
        rng = random.Random(f"{seed} from {first}")
    earlier: list[Paper] = []
    for number in range(first, first + count):
        if earlier and rng.random() < SEQUELS:
            paper = _sequel(rng, number, rng.choice(earlier), words)
        else:
            paper = _fresh(rng, number, words, rng.sample(topics, rng.choice((1, 1, 2))))
        if len(earlier) < 5_000:
            earlier.append(paper)
        yield paper


def tell(paper: Paper, rng: random.Random, others: Sequence[Paper]) -> list[Told]:
    """The paper as one to three sources would tell of it: once in full, then with noise."""
    told = [Told(_whole(paper, "a"), paper.number, "whole")]
    for letter in "bc"[: rng.choice((0, 1, 1, 2))]:
        noise = noise_kind(rng)
        record = NOISES[noise](_whole(paper, letter), rng, rng.choice(others) if others else paper)
        told.append(Told(record, paper.number, noise))
    return told


def noise_kind(rng: random.Random) -> str:
    """One kind of noise; wrong identifiers are rarer than the others (in 1,099 real ones about one)."""
    return WRONG_ID if rng.random() < WRONG_IDS else rng.choice([noise for noise in NOISES if noise != WRONG_ID])


def edited(text: str, rng: random.Random, share: float) -> str:
    """Exchange, misspell, drop or double that share of words."""
    words, _ = vocabulary()
    kept: list[str] = []
    for word in text.split():
        if rng.random() >= share:
            kept.append(word)
            continue
        kind = rng.randrange(4)
        if kind == 0:
            kept.append(rng.choices(words, cum_weights=_common())[0])
        elif kind == 1 and len(word) > 3:
            place = rng.randrange(1, len(word) - 1)
            kept.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
        elif kind == 2:
            kept.append(f"{word} {rng.choice(words)}")
    return " ".join(kept)


def _abstract_only(record: Record, _: random.Random, __: Paper) -> Record:
    return replace(record, arxiv_id=None, title=None, authors=(), published_on=None)


def _truncated(record: Record, rng: random.Random, other: Paper) -> Record:
    text = record.abstract or ""
    return replace(_abstract_only(record, rng, other), abstract=text[: int(len(text) * rng.uniform(0.3, 0.8))])


def _without_last_sentence(record: Record, rng: random.Random, other: Paper) -> Record:
    text = (record.abstract or "").rstrip(".").rpartition(". ")[0]
    return replace(_abstract_only(record, rng, other), abstract=text, title=record.title)


def _reworded(record: Record, rng: random.Random, other: Paper) -> Record:
    text = edited(record.abstract or "", rng, rng.uniform(0.05, 0.15))
    return replace(_abstract_only(record, rng, other), abstract=text)


def _reworded_and_titled(record: Record, rng: random.Random, other: Paper) -> Record:
    text = edited(record.abstract or "", rng, rng.uniform(0.05, 0.15))
    return replace(_abstract_only(record, rng, other), title=edited(record.title or "", rng, 0.1), abstract=text)


def _latex(record: Record, rng: random.Random, other: Paper) -> Record:
    """The same text once with LaTeX and once with Unicode."""
    text = record.abstract or ""
    for spelled, sign, command in GREEK:
        text = text.replace(f" {spelled} ", f" {rng.choice((sign, command))} ")
    marked = "".join({"e": "\\'e", "o": "ö"}.get(sign, sign) if rng.random() < 0.02 else sign for sign in text)
    return replace(_abstract_only(record, rng, other), abstract=marked.replace(" model ", " {\\em model} "))


def _wrong_id(record: Record, _: random.Random, other: Paper) -> Record:
    return replace(record, arxiv_id=other.arxiv_id)


def _swapped_authors(record: Record, rng: random.Random, _: Paper) -> Record:
    shuffled = rng.sample(record.authors, len(record.authors))
    names = tuple(f"{name.split()[-1]}, {name[0]}." for name in shuffled)
    return replace(record, arxiv_id=None, abstract=None, authors=names)


def _renamed(record: Record, rng: random.Random, _: Paper) -> Record:
    return replace(record, title=edited(record.title or "", rng, 0.5), authors=record.authors[:3])


def _title_and_authors(record: Record, rng: random.Random, _: Paper) -> Record:
    title = edited(record.title or "", rng, 0.08)
    return replace(record, arxiv_id=None, abstract=None, title=title, published_on=None)


NOISES: dict[str, Callable[[Record, random.Random, Paper], Record]] = {
    "abstract only": _abstract_only,
    "truncated abstract": _truncated,
    "last sentence lost": _without_last_sentence,
    "5-15 % of words edited": _reworded,
    "words and title edited": _reworded_and_titled,
    "LaTeX for Unicode": _latex,
    "wrong id": _wrong_id,
    "authors swapped, no abstract": _swapped_authors,
    "renamed, same id": _renamed,
    "title and authors only": _title_and_authors,
}


def _whole(paper: Paper, letter: str) -> Record:
    return Record(
        key=f"{letter}/{paper.number:07d}",
        source=f"source {letter}",
        partition_on=paper.published_on,
        arxiv_id=paper.arxiv_id,
        doi=None,
        title=paper.title,
        abstract=paper.abstract,
        authors=paper.authors,
        published_on=paper.published_on,
    )


def _topic(rng: random.Random, words: Sequence[str], chances: Sequence[float]) -> Topic:
    return tuple(rng.choices(words, cum_weights=chances, k=TOPIC_WORDS)), _TOPIC_CHANCES


def _fresh(rng: random.Random, number: int, words: Sequence[str], topics: Sequence[Topic]) -> Paper:
    own = [_name(rng) for _ in range(rng.randrange(1, 4))]
    length = rng.randrange(110, 230)
    subject = [word for topic in topics for word in rng.choices(topic[0], cum_weights=topic[1], k=length // 3)]
    body = [*rng.choices(words, cum_weights=_common(), k=length * 2 // 3), *subject[: length // 3], *own * 2]
    rng.shuffle(body)
    title = [own[0].capitalize() + ":", *dict.fromkeys(rng.sample(subject, min(len(subject), rng.randrange(4, 9))))]
    people = tuple(_person(rng) for _ in range(min(12, 1 + int(rng.expovariate(0.25)))))
    return _paper(rng, number, " ".join(title[rng.choice((0, 0, 1)) :]), body, people)


def _sequel(rng: random.Random, number: int, first: Paper, words: Sequence[str]) -> Paper:
    body = [
        word if rng.random() < 0.65 else rng.choices(words, cum_weights=_common())[0] for word in first.abstract.split()
    ]
    title = first.title.split()
    fresh = rng.choices(words[:6_000], k=max(1, len(title) // 2))
    return _paper(rng, number, " ".join([*title[: (len(title) + 1) // 2], *fresh]), body, first.authors)


def _paper(rng: random.Random, number: int, title: str, body: Sequence[str], people: tuple[str, ...]) -> Paper:
    sentences, start = [], 0
    plain = [word.strip(".") for word in body]
    while start < len(plain):
        end = start + rng.randrange(12, 28)
        sentences.append(" ".join(plain[start:end]).capitalize() + ".")
        start = end
    return Paper(
        number=number,
        arxiv_id=f"{number // 100_000:04d}.{number % 100_000:05d}",
        title=title,
        abstract=" ".join(sentences),
        authors=people,
        published_on=FIRST_DAY + timedelta(days=rng.randrange(2_000)),
    )


def _person(rng: random.Random) -> str:
    names, cumulated = surnames()
    [surname] = rng.choices(names, cum_weights=cumulated)
    return f"{_name(rng).capitalize()} {surname.capitalize()}"


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4))))


def _rate(share: float) -> float:
    return -math.log(1 - min(share, 0.97))


@cache
def _table(kind: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    lines = TABLE.splitlines()
    rows = [line.split() for line in lines if line.startswith(kind)]
    pairs = [(word, 2.0 ** -float(row[1])) for row in rows for word in row[2:]]
    return tuple(word for word, _ in pairs), tuple(share for _, share in pairs)
