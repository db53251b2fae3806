"""What a user would pick instead of the resolver, and the resolver itself: records in, pairs of keys out."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_library as levels
from datasketch import MinHash, MinHashLSH
from rapidfuzz import fuzz
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator

from transforms.fields.text import letters_digits, match_tokens
from transforms.matching.blocking import block_keys, check_block, is_enough
from transforms.matching.cluster import cluster
from transforms.matching.compare import UNDECIDED_BITS, compare
from transforms.matching.model import Comparison, Record
from transforms.matching.prepare import prepare

Pair = tuple[str, str]
WHOLE_LIMIT = 200
SPLINK_MATCH = 0.95
SPLINK_COLUMNS = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("unique_id", "arxiv_id", "title", "abstract", "head", "tail", "published_on")
        ),
        ("authors", pa.list_(pa.string())),
    ]
)
TITLE_BEGINS = "substr(title, 1, 20)"
LSH_THRESHOLD = 0.5
LSH_PERMUTATIONS = 64
FUZZY_SAME = 88


def weights_of_evidence(records: Sequence[Record]) -> frozenset[Pair]:
    """The project's resolver, on all records at once."""
    return _pairs(cluster(records, compared(records)))


def compared(records: Sequence[Record], undecided_bits: float = UNDECIDED_BITS) -> list[Comparison]:
    """Every stored comparison of these records: what shares a block, weighed."""
    ready = [prepare(record) for record in records]
    blocks: dict[int, list[int]] = defaultdict(list)
    for place, record in enumerate(ready):
        for key in block_keys(record):
            blocks[key].append(place)
    for key, members in blocks.items():
        check_block(key, len(members))
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key, members in blocks.items():
        for pair in combinations(members, 2):
            shared[pair].append(key)
    candidates = sorted(pair for pair, keys in shared.items() if is_enough(keys))
    pairs = (compare(ready[left], ready[right], undecided_bits=undecided_bits) for left, right in candidates)
    return [comparison for comparison in pairs if comparison]


def exact_keys(records: Sequence[Record]) -> frozenset[Pair]:
    """Same arXiv id, or same letters and digits of the abstract, or of the title."""
    links = _Links(records)
    for place, record in enumerate(records):
        for name in _exact(record):
            links.add(place, name)
    return links.pairs()


def datasketch_rapidfuzz(records: Sequence[Record]) -> frozenset[Pair]:
    """MinHash LSH over words finds candidates, rapidfuzz on title or abstract decides."""
    index = MinHashLSH(threshold=LSH_THRESHOLD, num_perm=LSH_PERMUTATIONS)
    sketches: dict[int, MinHash] = {}
    links = _Links(records)
    for place, record in enumerate(records):
        if record.arxiv_id:
            links.add(place, record.arxiv_id)
        sketches[place] = MinHash(num_perm=LSH_PERMUTATIONS)
        sketches[place].update_batch([word.encode() for word in set(match_tokens(_text(record)))])
        index.insert(place, sketches[place])
    for place, sketch in sketches.items():
        for other in index.query(sketch):
            if place < other and _fuzzy_same(records[place], records[other]):
                links.join(place, other)
    return links.pairs()


def splink_duckdb(records: Sequence[Record]) -> frozenset[Pair]:
    """Splink on DuckDB, unsupervised (EM), as its documentation sets up a de-duplication."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.register("told", pa.Table.from_pylist([_splink_row(record) for record in records], SPLINK_COLUMNS))
    connection.execute("create table records as from told")
    database = DuckDBAPI(connection)
    is_whole = any(record.abstract for record in records)  # labelled sets hold titles, authors and years alone
    blocks = ("arxiv_id", "head", "tail", TITLE_BEGINS) if is_whole else ("title", "authors[1]", TITLE_BEGINS)
    rules: list[BlockingRuleCreator | dict[str, Any]] = [block_on(name) for name in blocks]
    comparisons: list[ComparisonCreator | dict[str, Any]] = [
        levels.JaroWinklerAtThresholds("title", [0.97, 0.85]),
        levels.ArrayIntersectAtSizes("authors", [3, 1]),
        levels.ExactMatch("published_on"),
    ]
    if is_whole:
        comparisons += [levels.ExactMatch("arxiv_id"), levels.JaccardAtThresholds("abstract", [0.9, 0.7])]
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules
    )
    linker = Linker(database.register("records"), settings, log_level=logging.ERROR)
    sure = blocks[0]
    linker.training.estimate_probability_two_random_records_match([f"l.{sure} = r.{sure}"], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on(blocks[1]), block_on(TITLE_BEGINS)):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict(threshold_match_probability=SPLINK_MATCH)
    places = {record.key: place for place, record in enumerate(records)}
    links = _Links(records)
    query = f"select unique_id_l, unique_id_r from {scored.physical_name}"
    for left, right in connection.execute(query).fetchall():
        links.join(places[left], places[right])
    return links.pairs()


CONTENDERS: Mapping[str, Callable[[Sequence[Record]], frozenset[Pair]]] = {
    "weights of evidence": weights_of_evidence,
    "exact keys": exact_keys,
    "datasketch + rapidfuzz": datasketch_rapidfuzz,
    "Splink on DuckDB": splink_duckdb,
}


class _Links:
    """Union-find over places, with names that join whoever bears them."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._root = list(range(len(records)))
        self._first: dict[Hashable, int] = {}
        self._keys = [record.key for record in records]

    def add(self, place: int, name: Hashable) -> None:
        self.join(self._first.setdefault(name, place), place)

    def join(self, left: int, right: int) -> None:
        first, second = sorted((self._find(left), self._find(right)))
        self._root[second] = first

    def pairs(self) -> frozenset[Pair]:
        members: dict[int, list[str]] = defaultdict(list)
        for place, key in enumerate(self._keys):
            members[self._find(place)].append(key)
        return _pairs(members.values())

    def _find(self, place: int) -> int:
        while self._root[place] != place:
            self._root[place] = self._root[self._root[place]]
            place = self._root[place]
        return place


def _pairs(clusters: Iterable[Sequence[str]]) -> frozenset[Pair]:
    return frozenset(pair for members in clusters for pair in combinations(sorted(members), 2))


def _exact(record: Record) -> Iterator[Hashable]:
    if record.arxiv_id:
        yield "arxiv", record.arxiv_id
    for kind, text in (("title", record.title), ("abstract", record.abstract)):
        if text and (key := letters_digits(text)):
            yield kind, key


def _text(record: Record) -> str:
    return record.abstract or record.title or record.key


def _fuzzy_same(left: Record, right: Record) -> bool:
    for mine, yours in ((left.abstract, right.abstract), (left.title, right.title)):
        if mine and yours:
            return bool(fuzz.token_set_ratio(mine, yours) >= FUZZY_SAME)
    return False


def _splink_row(record: Record) -> dict[str, object]:
    text = letters_digits(record.abstract) if record.abstract else None
    surnames = [words[0 if "," in name else -1] for name in record.authors if (words := match_tokens(name))]
    return {
        "unique_id": record.key,
        "arxiv_id": record.arxiv_id,
        "title": letters_digits(record.title) if record.title else None,
        "abstract": text[:WHOLE_LIMIT] if text else None,
        "head": text[:40] if text else None,
        "tail": text[-40:] if text else None,
        "authors": surnames or None,
        "published_on": record.published_on.isoformat() if record.published_on else None,
    }
