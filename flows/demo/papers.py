"""Invented papers and reviews: a number always gives the same text, and different numbers give different texts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from flows.demo.pages import Item, hf_item, long_review, short_review

_SUBJECTS = [
    "garden robots",
    "tidal archives",
    "glass violins",
    "paper kites",
    "mountain radios",
    "night trains",
    "clay tablets",
    "river gauges",
    "lighthouse lenses",
    "weather balloons",
    "bee colonies",
    "street organs",
    "harbour cranes",
    "moss carpets",
    "pocket sundials",
    "salt maps",
]
_METHODS = [
    "lantern sampling",
    "braided attention",
    "echo pruning",
    "quilted diffusion",
    "compass distillation",
    "ferry decoding",
    "ladder alignment",
    "mosaic retrieval",
    "pendulum search",
    "origami quantisation",
    "harvest scheduling",
    "mirror curricula",
]
_QUALITIES = [
    "patient",
    "brittle",
    "frugal",
    "drifting",
    "layered",
    "noisy",
    "sparse",
    "wandering",
    "stubborn",
    "seasonal",
    "tangled",
    "shallow",
    "remote",
    "forgetful",
    "generous",
    "reversible",
]
_VERBS = [
    "improves",
    "halves",
    "stabilises",
    "predicts",
    "reorders",
    "compresses",
    "explains",
    "replaces",
    "balances",
    "uncovers",
]
_MEASURES = [
    "recall on held-out islands",
    "training time per orchard",
    "error under fog",
    "energy per melody",
    "agreement among keepers",
    "latency across valleys",
    "coverage of rare tides",
    "memory per ledger",
    "accuracy at dusk",
    "regret over winters",
]
_SURNAMES = [
    "Alder",
    "Birchfield",
    "Cloudberry",
    "Dunewood",
    "Elmhurst",
    "Fernley",
    "Greywater",
    "Hazelton",
    "Ivorine",
    "Junipera",
]
_GIVEN = ["Ada", "Bruno", "Chidi", "Dalia", "Emre", "Freya", "Goran", "Hana", "Ines", "Jonas"]
_INSTITUTIONS = ["University of Example", "Invented Institute", "Sample Labs", "Academy of Placeholders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPaper:
    """A paper that does not exist."""

    number: int
    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]


def invented_paper(number: int, month: str = "2601") -> InventedPaper:
    """Paper `number` (0 to 99,999); `month` is the YYMM of its arXiv id."""
    dice = random.Random(number)
    subject, method = dice.choice(_SUBJECTS), dice.choice(_METHODS)
    title = f"{method.title()} for {dice.choice(_QUALITIES).title()} {subject.title()}, No. {number}"
    sentences = [_sentence(dice) for _ in range(dice.randint(6, 9))]
    abstract = f"We study {subject} with {method} in setting {number}. {' '.join(sentences)}"
    count = dice.randint(1, 6)
    authors = tuple(f"{dice.choice(_GIVEN)} {dice.choice(_SURNAMES)}" for _ in range(count))
    return InventedPaper(
        number=number, arxiv_id=f"{month}.{number:05d}", title=title, abstract=abstract, authors=authors
    )


def listed_item(paper: InventedPaper, day: date, place: int, upvotes: int) -> Item:
    """The paper on a day page: its place (from 0) decides which links, names and numbers it has beside its text."""
    item = hf_item(
        paper.arxiv_id,
        paper.title,
        paper.abstract,
        authors=paper.authors,
        published=f"{day - timedelta(days=2)}T00:00:00.000Z",
        upvotes=upvotes,
        comments=place % 5,
        organization=("example-lab", "Example Lab") if place % 2 else None,
        project=f"https://example-lab.example/{paper.number}" if place % 2 else None,
        code=f"https://github.com/example-lab/paper-{paper.number}" if place % 3 == 0 else None,
        stars=(paper.number * 11) % 900 if place % 3 == 0 else None,
    )
    method, _, rest = paper.title.partition(" for ")
    item["paper"] |= {"ai_summary": f"The paper is about {method}.", "ai_keywords": [method, rest.partition(",")[0]]}
    return item


def invented_review(paper: InventedPaper, *, is_long: bool = True, is_variant_a: bool = True) -> tuple[str, ...]:
    """A review of the paper's abstract, of one line or with four sections."""
    dice = random.Random(f"review {paper.number}")
    summary = f"The paper presents {paper.title}. {_text(dice, 3)}"
    if not is_long:
        return short_review(paper.abstract, summary)
    primary = dice.choice(_INSTITUTIONS)
    sections = [f"{name} {_text(dice, 3)}" for name in ("The method.", "The tests.", "The details.", "The limits.")]
    impact = f"Others may build on it. {_text(dice, 2)}" if is_variant_a else None
    return long_review(paper.abstract, primary, f"{primary}, Sample Labs", summary, sections, impact)


def _text(dice: random.Random, sentences: int) -> str:
    return " ".join(_sentence(dice) for _ in range(sentences))


def _sentence(dice: random.Random) -> str:
    return (
        f"Our {dice.choice(_QUALITIES)} variant of {dice.choice(_METHODS)} {dice.choice(_VERBS)} "
        f"{dice.choice(_MEASURES)} for {dice.choice(_QUALITIES)} {dice.choice(_SUBJECTS)}"
        f" by {dice.randint(2, 97)} percent."
    )
