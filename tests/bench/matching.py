"""How well records find their paper, beside what a user would pick instead: precision and recall on generated noise.

Noise is generated on invented papers (`bench/papers.py`) and, where ../shared/data is there, on real abstracts and
titles; and on public labelled pairs that come in a package (`bench/labelled.py` says which).
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import TypeVar

from tests.bench import corpus, labelled
from tests.bench.contenders import (
    CONTENDERS,
    Pair,
    compared,
    weights_of_evidence,
)
from tests.bench.labelled import Labelled
from tests.bench.measure import Figures
from tests.bench.papers import (
    Paper,
    Told,
    papers,
    tell,
)
from transforms.matching.compare import SAME_BITS
from transforms.matching.model import Record, Verdict

SIZES = (5_000, 100_000)
CURVE = (-10, -6, -4, -2, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
TOLD_PER_PAPER = 1.95

Done = TypeVar("Done")


def run(_rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Rates of every contender, once each: they have no noise but that which is generated, always the same."""
    said: Figures = {f"{size:,} invented records": _noise(invented(size)) for size in sizes}
    if corpus.SHARED.is_dir():
        told = real()
        said[f"{len(told):,} records of real texts"] = _noise(told)
    judged = {name: _labelled(each) for name, each in labelled.sets().items()}
    return {"noise": said, "labelled": judged, "same_bits": SAME_BITS}


def invented(size: int) -> list[Told]:
    """About that many records of invented papers, in no order."""
    rng = random.Random(size)
    known: list[Paper] = []
    told: list[Told] = []
    for paper in papers(int(size / TOLD_PER_PAPER)):
        told += tell(paper, rng, known)
        if len(known) < 20_000:
            known.append(paper)
    rng.shuffle(told)
    return told


def real() -> list[Told]:
    """Noise on the real titles and abstracts of the saved pages."""
    rng = random.Random(4)
    known: dict[str, Paper] = {}
    for number, record in enumerate(corpus.hf_daily()):
        if record.arxiv_id and record.title and record.abstract and record.published_on:
            known.setdefault(
                record.arxiv_id,
                Paper(number, record.arxiv_id, record.title, record.abstract, record.authors, record.published_on),
            )
    others = list(known.values())
    told: list[Told] = []
    for paper in others:
        again = [item for _ in range(3) for item in tell(paper, rng, others)]
        told += [*again[:1], *(item for item in again if item.noise != "whole")]
    return [replace(item, record=replace(item.record, key=f"{item.record.key}/{n}")) for n, item in enumerate(told)]


def _noise(told: Sequence[Told]) -> Figures:
    records = [item.record for item in told]
    truth = _truth(told)
    contenders: Figures = {}
    for name, contender in CONTENDERS.items():
        try:
            found, seconds = _timed(partial(contender, records))
        except ValueError as error:  # Splink's training refuses data on which a level never disagrees
            contenders[name] = {"failed": str(error)}
        else:
            contenders[name] = {**_rates(found, truth), "entries_per_cpu_second": round(len(records) / seconds)}
    return {
        "records": len(records),
        "true_pairs": len(truth),
        "contenders": contenders,
        "recall_by_noise": _recall_by_noise(told, weights_of_evidence(records)),
        "curve": _curve(records, truth),
    }


def _truth(told: Iterable[Told]) -> frozenset[Pair]:
    groups: dict[int, list[str]] = {}
    for item in told:
        groups.setdefault(item.paper, []).append(item.record.key)
    return frozenset(pair for keys in groups.values() for pair in combinations(sorted(keys), 2))


def _recall_by_noise(told: Sequence[Told], found: frozenset[Pair]) -> dict[str, float]:
    """How many of a noise's records came to the paper that is told of in full."""
    whole = {item.paper: item.record.key for item in told if item.noise == "whole"}
    counts: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for item in told:
        if item.noise != "whole":
            pair = tuple(sorted((whole[item.paper], item.record.key)))
            counts[item.noise] += 1
            right[item.noise] += pair in found
    return {noise: round(right[noise] / counts[noise], 4) for noise in sorted(counts)}


def _curve(records: Sequence[Record], truth: frozenset[Pair]) -> list[dict[str, float]]:
    """Precision and recall of single pairs at each threshold in bits, before any clustering."""
    pairs = {
        (item.left, item.right): item.score
        for item in compared(records, undecided_bits=float(CURVE[0]))
        if item.verdict is not Verdict.SUSPECT and not any(reason.field == "rule" for reason in item.evidence)
    }
    return [
        {"bits": bits, **_rates(frozenset(pair for pair, score in pairs.items() if score >= bits), truth)}
        for bits in CURVE
    ]


def _labelled(said: Labelled) -> Figures:
    """Every contender on all records of both tables, judged by the labelled pairs."""
    truth = frozenset(pair for pair, is_same in said.pairs.items() if is_same)
    rated: Figures = {}
    for name, contender in CONTENDERS.items():
        try:
            found, seconds = _timed(partial(contender, said.records))
        except ValueError as error:
            rated[name] = {"failed": str(error)}
        else:
            speed = round(len(said.records) / seconds)
            rated[name] = {**_rates(found & said.pairs.keys(), truth), "entries_per_cpu_second": speed}
    return {"records": len(said.records), "pairs": len(said.pairs), "true_pairs": len(truth), "contenders": rated}


def _rates(found: frozenset[Pair], truth: frozenset[Pair]) -> dict[str, float]:
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 5), "recall": round(recall, 5), "f1": round(f1, 5)}


def _timed(work: Callable[[], Done]) -> tuple[Done, float]:
    start = time.process_time()
    done = work()
    return done, max(1e-9, time.process_time() - start)
