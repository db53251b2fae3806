"""Invented papers with realistic words: a number gives the same paper every time, whichever others are made.

An abstract's words are drawn from the frozen rarities (a word of b bits once in 2^b abstracts), mixed with one or two
of a few hundred topics that each make some hundred words common, and with a few invented names of its own. One paper
in twenty is a sequel: same people, half the title and two thirds of the words of an earlier paper. Titles are made of
the topic words and names of their own abstract, people of real surname frequencies and invented rare ones. The demo's
papers (flows/demo/papers.py) are for readers; their few words would say nothing about matching among a million.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from flows.demo.papers import InventedPaper
from transforms.matching.rarity_table import TABLE

SEED = 1
TOPICS = 400
TOPIC_WORDS = 120
SEQUELS = 0.05
SEQUELS_TO = 5_000
FRESH_TITLE_WORDS = 6_000
SYLLABLES = """
    ba be bi bo da de di do fa fe fi ga ge go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro
    sa se si so ta te ti to va ve vi vo xa xe za ze zo ler ton net ner mix for ran gra
""".split()

Weighted = tuple[tuple[str, ...], tuple[float, ...]]
"""Words, and beside each the share of all words up to it."""


def papers(count: int, first: int = 0) -> Iterator[InventedPaper]:
    """That many invented papers, numbered from `first`."""
    return map(paper, range(first, first + count))


def paper(number: int) -> InventedPaper:
    """The paper of that number."""
    rng = random.Random(f"{SEED} {number}")
    if number and rng.random() < SEQUELS:
        title, words, authors = _sequel(rng, paper(rng.randrange(min(number, SEQUELS_TO))))
    else:
        title, words, authors = _fresh(rng, rng.sample(_topics(), rng.choice((1, 1, 2))))
    return InventedPaper(
        number=number, arxiv_id=_arxiv_id(number), title=title, abstract=_sentences(rng, words), authors=authors
    )


def _arxiv_id(number: int) -> str:
    """Ids follow the numbers, as real ones follow the days, and stay apart for 10 million papers."""
    return f"{23 + number // 600_000:02d}{number // 50_000 % 12 + 1:02d}.{50_000 + number % 50_000:05d}"


@cache
def vocabulary() -> Weighted:
    """Words and how often they stand in abstracts, the rarest ones invented."""
    words, shares = _table("token")
    rng = random.Random(5)
    rare = sorted({_name(rng) for _ in range(30_000)} - set(words))
    rates = (*(-math.log(1 - min(share, 0.97)) for share in shares), *(2.0 ** -rng.uniform(13, 18) for _ in rare))
    return (*words, *rare), tuple(accumulate(rates))


@cache
def surnames() -> Weighted:
    """Surnames and how many authors bear them, the rarer half invented."""
    names, shares = _table("surname")
    rng = random.Random(6)
    rare = sorted({_name(rng) for _ in range(20_000)})
    left = 1 - sum(shares)
    return (*names, *rare), tuple(accumulate((*shares, *(left / len(rare) for _ in rare))))


@cache
def _topics() -> tuple[Weighted, ...]:
    """The words of each topic, common ones left out."""
    rng, (words, cumulated) = random.Random(SEED), vocabulary()
    shares = (after - before for before, after in zip((0.0, *cumulated), cumulated, strict=False))
    chances = tuple(accumulate(share**0.7 if share < 0.3 else 0.0 for share in shares))
    ranks = tuple(accumulate(1 / (rank + 3) for rank in range(TOPIC_WORDS)))
    return tuple((tuple(rng.choices(words, cum_weights=chances, k=TOPIC_WORDS)), ranks) for _ in range(TOPICS))


def _fresh(rng: random.Random, topics: Sequence[Weighted]) -> tuple[str, list[str], tuple[str, ...]]:
    own = [_name(rng) for _ in range(rng.randrange(1, 4))]
    length = rng.randrange(110, 230)
    subject = [word for words, weights in topics for word in rng.choices(words, cum_weights=weights, k=length // 3)]
    body = [*drawn(rng, vocabulary(), length * 2 // 3), *subject[: length // 3], *own * 2]
    rng.shuffle(body)
    title = [own[0].capitalize() + ":", *dict.fromkeys(rng.sample(subject, min(len(subject), rng.randrange(4, 9))))]
    people = tuple(_person(rng) for _ in range(min(12, 1 + int(rng.expovariate(0.25)))))
    return " ".join(title[rng.choice((0, 0, 1)) :]), body, people


def _sequel(rng: random.Random, first: InventedPaper) -> tuple[str, list[str], tuple[str, ...]]:
    words = vocabulary()
    body = [word.strip(".") if rng.random() < 0.65 else drawn(rng, words, 1)[0] for word in first.abstract.split()]
    title = first.title.split()
    fresh = rng.choices(words[0][:FRESH_TITLE_WORDS], k=max(1, len(title) // 2))
    return " ".join([*title[: (len(title) + 1) // 2], *fresh]), body, first.authors


def _sentences(rng: random.Random, words: Sequence[str]) -> str:
    sentences, start = [], 0
    while start < len(words):
        end = start + rng.randrange(12, 28)
        sentences.append(" ".join(words[start:end]).capitalize() + ".")
        start = end
    return " ".join(sentences)


def drawn(rng: random.Random, among: Weighted, count: int) -> list[str]:
    """That many words by their shares."""
    return rng.choices(among[0], cum_weights=among[1], k=count)


def _person(rng: random.Random) -> str:
    (surname,) = drawn(rng, surnames(), 1)
    return f"{_name(rng).capitalize()} {surname.capitalize()}"


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3, 4))))


def _table(kind: str) -> Weighted:
    rows = [line.split() for line in TABLE.splitlines() if line.startswith(kind)]
    pairs = [(word, 2.0 ** -float(row[1])) for row in rows for word in row[2:]]
    return tuple(word for word, _ in pairs), tuple(share for _, share in pairs)
