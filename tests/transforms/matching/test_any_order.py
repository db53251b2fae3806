"""Whatever order and batches records come in, the papers are the same."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.matching.blocking import are_candidates, block_keys
from transforms.matching.cluster import cluster, doubtful_identifiers
from transforms.matching.compare import compare
from transforms.matching.model import Comparison, PairDecision, Record, Verdict

WORDS = (
    *("aperture", "basalt", "cistern", "drumlin", "estuary", "falconry", "gantry", "hedgerow", "isthmus", "junction"),
    *("kiln", "lagoon", "mortar", "nettle", "obelisk", "pylon", "quarry", "rampart", "sextant", "tundra"),
    *("umbra", "viaduct", "wharf", "xylem", "yarrow", "zephyr", "anvil", "beacon", "cobalt", "dynamo"),
)
PEOPLE = ("Ottoline Quarrell", "Ibrahim Venkatesan", "Mei Castellanos", "Aldous Brandt", "Xiu Wang", "Bo Wang")


class Store:
    """A warehouse in memory: blocks, comparisons and clusters, brought up to date record by record."""

    def __init__(self, decisions: Iterable[PairDecision] = ()) -> None:
        self.records: dict[str, Record] = {}
        self.decisions = list(decisions)
        self.comparisons: dict[tuple[str, str], Comparison] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self._blocks: dict[int, set[str]] = defaultdict(set)

    def load(self, batch: Sequence[Record]) -> None:
        """Bring the store up to date with new or changed records."""
        for record in batch:
            self.records[record.key] = record
            for block in block_keys(record):
                self._blocks[block].add(record.key)
        for record in batch:
            keys = block_keys(record)
            near = set().union(*(self._blocks[block] for block in keys)) - {record.key}
            rivals = {key for key in near if are_candidates(keys, block_keys(self.records[key]))}
            for found in (compare(record, self.records[rival]) for rival in sorted(rivals)):
                if found is not None:
                    self.comparisons[found.left, found.right] = found
        self._recluster({record.key for record in batch})

    def clusters(self) -> set[tuple[str, ...]]:
        """The papers: sorted keys of their records."""
        return set(self.members.values())

    def _recluster(self, touched: set[str]) -> None:
        component = self._component(touched)
        inside = [item for item in self.comparisons.values() if {item.left, item.right} <= component]
        for members in cluster([self.records[key] for key in component], inside, self.decisions):
            self.members |= dict.fromkeys(members, members)

    def _component(self, touched: set[str]) -> set[str]:
        edges = [(item.left, item.right) for item in self.comparisons.values() if item.verdict is not Verdict.UNDECIDED]
        edges += [(item.left, item.right) for item in self.decisions if item.is_same]
        component, grown = set(touched), True
        while grown:
            more = {end for edge in edges if set(edge) & component for end in edge if end in self.records}
            grown = not more <= component
            component |= more
        return component


@st.composite
def digests(draw: st.DrawFn) -> list[Record]:
    """A few papers, some of them nearly the same text, each told several times with parts missing or edited."""
    rng = random.Random(draw(st.integers(0, 2**20)))
    papers: list[tuple[str, str, str, tuple[str, ...]]] = []
    for number in range(draw(st.integers(1, 4))):
        if papers and rng.random() < 0.5:
            words = _edited(rng, papers[-1][2].split(), rng.choice((0.02, 0.1, 0.25)))
        else:
            words = [rng.choice(WORDS) + rng.choice(("", "s", "ing", "ed")) for _ in range(60)]
        title = papers[-1][1] if papers and rng.random() < 0.3 else " ".join(rng.sample(words, 6))
        authors = tuple(rng.sample(PEOPLE, 2))
        papers.append((f"2604.{number:05d}", title, " ".join(words), authors))
    return [_told(rng, number, rng.choice(papers)) for number in range(draw(st.integers(2, 9)))]


def _told(rng: random.Random, number: int, paper: tuple[str, str, str, tuple[str, ...]]) -> Record:
    name, title, text, authors = paper
    words = _edited(rng, text.split(), rng.choice((0.0, 0.0, 0.05, 0.1)))
    wrong = f"2604.{rng.randrange(4):05d}"
    return Record(
        key=f"digest/{number}",
        source="digest",
        partition_on=date(2026, 4, 2),
        arxiv_id=rng.choice((None, None, name, name, wrong)),
        doi=rng.choice((None, None, None, "10.1000/1", "10.1000/2")),
        title=rng.choice((None, title, title, f"{title} II")),
        abstract=rng.choice((None, " ".join(words), " ".join(words), " ".join(words[: rng.randrange(25, 60)]))),
        authors=rng.choice(((), authors, authors[::-1])),
        published_on=rng.choice((None, date(2026, 4, 1), date(2026, 4, 2))),
    )


def _edited(rng: random.Random, words: Sequence[str], share: float) -> list[str]:
    return [rng.choice(WORDS) if rng.random() < share else word for word in words]


def _batches(rng: random.Random, records: Sequence[Record]) -> list[list[Record]]:
    shuffled = rng.sample(records, len(records))
    cuts = sorted(rng.sample(range(1, len(records)), rng.randrange(len(records))))
    return [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(records)], strict=True)]


@settings(max_examples=150, deadline=None)
@given(records=digests(), seed=st.integers(0, 2**20))
def test_any_order_and_batching_gives_the_same_papers(records: list[Record], seed: int) -> None:
    at_once = Store()
    at_once.load(records)
    piecemeal = Store()
    for batch in _batches(random.Random(seed), records):
        piecemeal.load(batch)
    assert piecemeal.clusters() == at_once.clusters()
    assert piecemeal.comparisons == at_once.comparisons


@settings(max_examples=50, deadline=None)
@given(records=digests())
def test_resolving_twice_changes_nothing(records: list[Record]) -> None:
    store = Store()
    store.load(records)
    before = store.clusters()
    store.load(records)
    assert store.clusters() == before


@settings(max_examples=100, deadline=None)
@given(records=digests(), seed=st.integers(0, 2**20))
def test_identifiers_never_meet_in_one_paper(records: list[Record], seed: int) -> None:
    store = Store()
    for batch in _batches(random.Random(seed), records):
        store.load(batch)
    doubtful = doubtful_identifiers(store.comparisons.values())
    for members in store.clusters():
        believed = [store.records[key] for key in members if key not in doubtful]
        assert len({record.arxiv_id for record in believed} - {None}) <= 1
        assert len({record.doi for record in believed} - {None}) <= 1


@settings(max_examples=100, deadline=None)
@given(records=digests(), seed=st.integers(0, 2**20))
def test_decisions_hold_whenever_they_come(records: list[Record], seed: int) -> None:
    rng = random.Random(seed)
    left, right = sorted(rng.sample([record.key for record in records], 2))
    apart = Store([PairDecision(left=left, right=right, is_same=False)])
    joined = Store([PairDecision(left=left, right=right, is_same=True)])
    for batch in _batches(rng, records):
        apart.load(batch)
        joined.load(batch)
    at_once = Store(joined.decisions)
    at_once.load(records)
    assert apart.members[left] != apart.members[right]
    assert joined.members[left] == joined.members[right]
    assert joined.clusters() == at_once.clusters()


@settings(max_examples=50, deadline=None)
@given(records=digests())
def test_a_changed_text_is_compared_as_if_it_had_always_been_so(records: list[Record]) -> None:
    fresh = [replace(record, abstract=None) for record in records]
    assert all(compare(left, right) == compare(right, left) for left in fresh for right in fresh if left != right)
