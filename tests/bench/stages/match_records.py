"""How well records find their paper, beside what a user would pick instead: precision and recall on generated noise.

Noise is generated on invented papers (data/papers.py) and, where ../shared/data is there, on real abstracts and titles;
and on public labelled pairs that come in a package (data/labelled_pairs.py says which).
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from tests.bench.contenders.matchers import CONTENDERS, Pair, compared, weights_of_evidence
from tests.bench.data import labelled_pairs, real_records
from tests.bench.data.papers import papers
from tests.bench.data.retellings import WHOLE, Retelling, retellings, whole
from tests.bench.measure import Figures
from tests.support.places import DATA
from transforms.matching.compare import SAME_BITS
from transforms.matching.model import Record, Verdict

SIZES = (5_000, 100_000)
CURVE = (-10, -6, -4, -2, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
TOLD_PER_PAPER = 1.95
OTHERS_MOST = 20_000

Pairs = frozenset[Pair]


def run(_rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Rates of every contender, once each: they have no noise but that which is generated, always the same."""
    measured: Figures = {f"{size:,} invented records": _noise(invented(size)) for size in sizes}
    if DATA.is_dir():
        told = real()
        measured[f"{len(told):,} records of real texts"] = _noise(told)
    judged = {name: _labelled(each) for name, each in labelled_pairs.sets().items()}
    return {"noise": measured, "labelled": judged, "same_bits": SAME_BITS}


def invented(size: int) -> list[Retelling]:
    """About that many records of invented papers, in no order."""
    rng = random.Random(size)
    records = [whole(paper) for paper in papers(int(size / TOLD_PER_PAPER))]
    others = records[:OTHERS_MOST]
    told = [each for number, record in enumerate(records) for each in retellings(record, number, rng, others)]
    rng.shuffle(told)
    return told


def real() -> list[Retelling]:
    """Noise on the real titles and abstracts of the saved pages."""
    rng = random.Random(4)
    first = {record.arxiv_id: record for record in reversed(real_records.listed_records()) if record.published_on}
    records = list(first.values())
    told: list[Retelling] = []
    for number, record in enumerate(records):
        again = [item for _ in range(3) for item in retellings(record, number, rng, records)]
        told += [*again[:1], *(item for item in again if item.noise != WHOLE)]
    return [replace(item, record=replace(item.record, key=f"{item.record.key}/{n}")) for n, item in enumerate(told)]


def _noise(told: Sequence[Retelling]) -> Figures:
    records = [item.record for item in told]
    groups: dict[int, list[str]] = {}
    for item in told:
        groups.setdefault(item.paper, []).append(item.record.key)
    truth = frozenset(pair for keys in groups.values() for pair in combinations(sorted(keys), 2))
    return {
        "records": len(records),
        "true_pairs": len(truth),
        "contenders": _contenders(records, truth),
        "recall_by_noise": _recall_by_noise(told, weights_of_evidence(records)),
        "curve": _curve(records, truth),
    }


def _labelled(labelled: labelled_pairs.Labelled) -> Figures:
    """Every contender on all records of both tables, judged by the labelled pairs."""
    records, pairs = labelled.records, labelled.pairs
    truth = frozenset(pair for pair, is_same in pairs.items() if is_same)
    rated = _contenders(records, truth, pairs)
    return {"records": len(records), "pairs": len(pairs), "true_pairs": len(truth), "contenders": rated}


def _contenders(records: Sequence[Record], truth: Pairs, judged: Mapping[Pair, bool] | None = None) -> Figures:
    """The rates of each; where only some pairs are judged, the others count neither for nor against."""
    rated: Figures = {}
    for name, contender in CONTENDERS.items():
        began = time.process_time()
        try:
            found = contender(records)
        except ValueError as error:  # Splink's training refuses data on which a level never disagrees
            rated[name] = {"failed": str(error)}
            continue
        speed = round(len(records) / max(1e-9, time.process_time() - began))
        rated[name] = {**_rates(found & judged.keys() if judged else found, truth), "entries_per_cpu_second": speed}
    return rated


def _recall_by_noise(told: Sequence[Retelling], found: Pairs) -> dict[str, float]:
    """How many of a noise's records came to the paper that is told of in full."""
    full = {item.paper: item.record.key for item in told if item.noise == WHOLE}
    noisy = [item for item in told if item.noise != WHOLE]
    counts = Counter(item.noise for item in noisy)
    right = Counter(item.noise for item in noisy if tuple(sorted((full[item.paper], item.record.key))) in found)
    return {noise: round(right[noise] / counts[noise], 4) for noise in sorted(counts)}


def _curve(records: Sequence[Record], truth: Pairs) -> list[dict[str, float]]:
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


def _rates(found: Pairs, truth: Pairs) -> dict[str, float]:
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    counts = {"right": right, "found": len(found), "true": len(truth)}
    return {"precision": round(precision, 5), "recall": round(recall, 5), "f1": round(f1, 5), **counts}
