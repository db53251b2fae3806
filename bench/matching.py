"""How well and how fast records find their paper, beside what a user would pick instead: JSON, and a table to read.

    python -m bench.matching [--sizes 5000 100000] [--million] [--labelled FOLDER] [--out FILE]

Noise is generated on invented papers (`bench/papers.py`) and, where ../shared/data is there, on real abstracts and
titles. `--labelled` names a folder with public labelled sets (`bench/labelled.py` says which); none is kept here.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench import corpus, labelled
from bench.contenders import CONTENDERS, Pair, compared, weights_of_evidence
from bench.papers import Paper, Told, papers, tell
from transforms.resolve import SAME_BITS, Comparison, Record, Verdict, block_keys, clustering, compare, prepare

CONTENDERS_MOST = {"Splink on DuckDB": 100_000, "datasketch + rapidfuzz": 100_000}
CURVE = (-10, -6, -4, -2, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)
BATCHES = (50, 200, 500)
TOLD_PER_PAPER = 1.95

Done = TypeVar("Done")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, write the JSON."""
    options = _options(arguments)
    sizes = [*options.sizes, *([1_000_000] if options.million else [])]
    report: dict[str, object] = {"noise": {}, "incremental": {}, "labelled": {}}
    report["noise"] = {f"invented, {size} records": _noise(invented(size), size) for size in options.sizes}
    if corpus.SHARED.is_dir():
        report["noise"] |= {"real texts": _noise(real(), 0)}  # type: ignore[operator]
    report["incremental"] = {str(size): _incremental(size) for size in (10_000, *sizes) if size >= 10_000}
    if options.labelled:
        report["labelled"] = _labelled(options.labelled)
    text = json.dumps(report, indent=1)
    if options.out:
        options.out.write_text(text, "utf-8")
    sys.stdout.write(_table(report) if options.out else text + "\n")


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


def _noise(told: Sequence[Told], size: int) -> dict[str, object]:
    records = [item.record for item in told]
    truth = _truth(told)
    contenders: dict[str, object] = {}
    for name, contender in CONTENDERS.items():
        if size > CONTENDERS_MOST.get(name, size):
            continue
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


def _incremental(size: int) -> dict[str, object]:
    """A batch against that many stored records: CPU seconds without the database's look-up of texts."""
    told = invented(size + max(BATCHES))
    stored, arriving = [item.record for item in told[:size]], [item.record for item in told[size:][: max(BATCHES)]]
    (keys, places), building = _timed(partial(_index, stored))
    blocks = np.unique(keys, return_counts=True)[1]
    result: dict[str, object] = {
        "keys_per_record": round(len(keys) / size, 1),
        "largest_block": int(blocks.max()),
        "index_cpu_seconds": round(building, 1),
    }
    for count in BATCHES:
        (candidates, same), seconds = _timed(partial(_arrive, arriving[:count], stored, keys, places))
        result[f"batch_{count}"] = {"cpu_seconds": round(seconds, 3), "candidates": candidates, "same": same}
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def _index(stored: Sequence[Record]) -> tuple[np.ndarray, np.ndarray]:
    keys = [(key, place) for place, record in enumerate(stored) for key in block_keys(record)]
    table = np.array(keys, dtype=np.int64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    return table[:, 0].copy(), table[:, 1].copy()


def _arrive(
    arriving: Sequence[Record], stored: Sequence[Record], keys: np.ndarray, places: np.ndarray
) -> tuple[int, int]:
    found: list[Comparison] = []
    known = {record.key: record for record in arriving}
    candidates = 0
    for record in arriving:
        ready = prepare(record)
        mine = np.array(block_keys(ready), dtype=np.int64)
        starts, ends = np.searchsorted(keys, mine, "left"), np.searchsorted(keys, mine, "right")
        others = {int(place) for start, end in zip(starts, ends, strict=True) for place in places[start:end]}
        candidates += len(others)
        found += [item for place in sorted(others) if (item := compare(ready, stored[place]))]
        known |= {stored[place].key: stored[place] for place in others}
    same = sum(1 for item in found if item.verdict is Verdict.SAME)
    clustering(list(known.values()), found)
    return candidates, same


def _labelled(folder: Path) -> dict[str, object]:
    records, truth = labelled.tables(folder)
    result: dict[str, object] = {}
    for name, contender in CONTENDERS.items():
        if name != "Splink on DuckDB":  # its settings above need identifiers and abstracts, which the set has not
            found, seconds = _timed(partial(contender, records))
            across = frozenset(pair for pair in found if pair[0].split("/")[0] != pair[1].split("/")[0])
            result[f"DBLP-ACM, {name}"] = {
                **_rates(across, truth),
                "entries_per_cpu_second": round(len(records) / seconds),
            }
    for name in labelled.SETS:
        rows = list(labelled.pairs(folder, name))
        true = frozenset((left.key, right.key) for left, right, is_same in rows if is_same)
        judged = ((left, right, compare(left, right)) for left, right, _ in rows)
        found = frozenset(
            (left.key, right.key) for left, right, item in judged if item and item.verdict is Verdict.SAME
        )
        result[f"{name}, pairs, weights of evidence"] = _rates(found, true)
    return result


def _rates(found: frozenset[Pair], truth: frozenset[Pair]) -> dict[str, float]:
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 5), "recall": round(recall, 5), "f1": round(f1, 5)}


def _timed(work: Callable[[], Done]) -> tuple[Done, float]:
    start = time.process_time()
    done = work()
    return done, max(1e-9, time.process_time() - start)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[5_000, 100_000])
    parser.add_argument("--million", action="store_true", help="also a batch against a million records (about 15 min)")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def _table(report: dict[str, object]) -> str:
    lines = []
    for name, part in _items(report["noise"]):
        lines += ["", f"## {name}", "| contender | precision | recall | F1 | entries/CPU-s |", "|---|---|---|---|---|"]
        for contender, rates in _items(dict(_items(part))["contenders"]):
            lines.append(f"| {contender} | " + " | ".join(str(value) for _, value in _items(rates)) + " |")
        lines.append(f"recall by noise: {dict(_items(part))['recall_by_noise']}")
    for title in ("incremental", "labelled"):
        lines += ["", f"## {title}"]
        lines += [f"* {name}: {value}" for name, value in _items(report[title])]
    return "\n".join(lines) + f"\n\nsame from {SAME_BITS} bits; the curve stands in the JSON\n"


def _items(part: object) -> Iterable[tuple[str, object]]:
    return part.items() if isinstance(part, dict) else ()


if __name__ == "__main__":
    main()
