"""What the resolver holds for the same paper, what it lists for review, and what it never merges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations, permutations

import pytest

from transforms.matching.blocking import BlockTooLargeError, are_candidates, block_keys, check_block
from transforms.matching.cluster import Refusal, cluster, clustering
from transforms.matching.compare import compare
from transforms.matching.evidence import abstract_evidence, may_speak_for
from transforms.matching.model import Comparison, PairDecision, Record, Rule, Verdict
from transforms.matching.prepare import prepare

TITLE = "Lantern Graphs: Sparse Memory Routing for Tidal Forecasting"
ABSTRACT = (
    "Coastal observatories record currents, salinity and turbidity at irregular intervals, which defeats recurrent "
    "forecasters trained on regular grids. We introduce lantern graphs, a sparse routing scheme that lets each buoy "
    "decide which neighbours deserve a message and which can be ignored until the tide turns. Routing is learned with "
    "a contrastive objective over simulated harbours, then frozen, so that deployment needs no gradient. Across nine "
    "estuaries the scheme halves the error of graph transformers at a tenth of their memory, and it degrades gently "
    "when a third of the buoys fall silent. We release simulators, weights and two years of annotated measurements."
)
OTHER_ABSTRACT = (
    "Bibliographies in the humanities cite manuscripts by shelfmark, folio and hand, conventions that no citation "
    "parser was built for. This paper presents a grammar of shelfmarks induced from forty library catalogues, and a "
    "parser that proposes several readings and lets the archivist choose. In a blind study with medievalists the "
    "parser found four fifths of the references that a trained reader found, and proposed none that was absurd. The "
    "grammar, the annotated catalogues and the interface are free to use."
)
AUTHORS = ("Ottoline Quarrell", "Ibrahim Venkatesan", "Mei Castellanos")


def record(key: str, **fields: object) -> Record:
    empty = Record(
        key=key,
        source="digest",
        partition_on=date(2026, 4, 2),
        arxiv_id=None,
        doi=None,
        title=None,
        abstract=None,
        authors=(),
        published_on=None,
    )
    return replace(empty, **fields)  # type: ignore[arg-type]


def verdict(left: Record, right: Record) -> Verdict | None:
    found = compare(left, right)
    return found.verdict if found else None


def are_compared(left: Record, right: Record) -> bool:
    return are_candidates(block_keys(left), block_keys(right))


FULL = record(
    "a", arxiv_id="2604.00001", title=TITLE, abstract=ABSTRACT, authors=AUTHORS, published_on=date(2026, 4, 1)
)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.5, 0.56, 0.6, 0.8, 1.0])
def test_what_may_speak_for_a_pair_is_told_without_weighing_it(share: float) -> None:
    """A pair whose evidence would be positive is never passed over."""
    words = ABSTRACT.split()
    end = round(share * len(words))
    mixed = record("b", abstract=" ".join([*words[:end], *OTHER_ABSTRACT.split()[end:]]))
    for other in (mixed, replace(mixed, abstract=" ".join(words[:end])), replace(mixed, abstract=None)):
        left, right = prepare(FULL), prepare(other)
        found = abstract_evidence(left, right)
        assert may_speak_for(left, right) or found is None or found.bits <= 0


def test_an_abstract_whose_words_are_cut_otherwise_speaks_for_the_paper() -> None:
    apart = record("b", abstract=" ".join(ABSTRACT.replace(" ", "")))
    assert may_speak_for(prepare(FULL), prepare(apart))
    assert verdict(FULL, apart) is Verdict.SAME


def test_an_abstract_alone_finds_its_paper() -> None:
    review = record("b", abstract=ABSTRACT.replace("a tenth", "$a$ {\\em tenth}"))
    found = compare(FULL, review)
    assert found is not None
    assert (found.verdict, found.rule) == (Verdict.SAME, Rule.ABSTRACT)
    assert "letter by letter" in found.evidence[1].text


@pytest.mark.parametrize(
    "edited",
    [
        ABSTRACT[: len(ABSTRACT) // 2],
        ABSTRACT.rsplit(". ", 1)[0],
        ABSTRACT.replace("sparse", "thin").replace("harbours", "harbors").replace("tenth", "twelfth"),
        ABSTRACT.split(". ", 1)[1],
    ],
    ids=["cut in half", "last sentence lost", "words edited", "first sentence lost"],
)
def test_an_edited_abstract_finds_its_paper(edited: str) -> None:
    review = record("b", abstract=edited)
    assert are_compared(FULL, review)
    assert verdict(FULL, review) is Verdict.SAME


def test_every_reason_adds_up_to_the_score() -> None:
    found = compare(FULL, replace(FULL, key="b", title="Lantern Graphs", arxiv_id=None))
    assert found is not None
    assert found.score == pytest.approx(sum(item.bits for item in found.evidence))
    assert [item.field for item in found.evidence] == ["prior", "title", "abstract", "authors", "published_on"]


def test_comparison_does_not_depend_on_sides() -> None:
    other = record("b", title="Lantern graphs for tidal forecasts", abstract=ABSTRACT[:500], authors=AUTHORS[::-1])
    assert compare(FULL, other) == compare(other, FULL) == compare(prepare(FULL), prepare(other))


def test_different_arxiv_ids_are_two_papers_whatever_agrees() -> None:
    assert verdict(FULL, replace(FULL, key="b", arxiv_id="2604.00002")) is Verdict.OTHER_IDENTIFIER
    assert resolved(FULL, replace(FULL, key="b", arxiv_id="2604.00002")) == (("a",), ("b",))
    assert compare(FULL, replace(FULL, key="b", arxiv_id="2604.00002", title="Other Graphs for Harbours")) is None


def test_different_dois_of_one_arxiv_id_are_left_to_a_person() -> None:
    left = replace(FULL, doi="10.1000/a")
    assert verdict(left, replace(FULL, key="b", doi="10.1000/b")) is Verdict.UNDECIDED


def resolved(*records: Record) -> tuple[tuple[str, ...], ...]:
    compared = [found for pair in combinations(records, 2) if (found := compare(*pair))]
    return cluster(records, compared)


OTHER = replace(
    FULL,
    key="o",
    arxiv_id="2604.00002",
    title="Shelfmark Grammars",
    abstract=OTHER_ABSTRACT,
    authors=("Aldous Brandt",),
)
MISNAMED = replace(FULL, key="m", arxiv_id=OTHER.arxiv_id)


def test_a_record_with_another_papers_identifier_comes_to_the_paper_that_it_tells_of() -> None:
    for records in permutations((FULL, OTHER, MISNAMED)):
        assert resolved(*records) == (("a", "m"), ("o",))
    again = replace(MISNAMED, key="n")
    assert resolved(FULL, OTHER, MISNAMED, again) == (("a", "m", "n"), ("o",))


def test_without_that_paper_nobody_knows_whose_identifier_it_is() -> None:
    assert resolved(FULL, MISNAMED) == (("a",), ("m",))


def test_of_two_doubtful_identifiers_neither_is_believed() -> None:
    theirs = replace(OTHER, key="t", arxiv_id=FULL.arxiv_id)
    assert ("a", "m") not in resolved(FULL, OTHER, MISNAMED, theirs)


def test_a_title_alone_does_not_take_an_identifier_away() -> None:
    bare = record("m", arxiv_id=OTHER.arxiv_id, title=TITLE)
    assert resolved(FULL, OTHER, bare) == (("a",), ("m",), ("o",))


def test_an_arxiv_doi_is_the_arxiv_id() -> None:
    other = record("b", doi="10.48550/arXiv.2604.00001")
    assert are_compared(FULL, other)
    assert verdict(FULL, other) is Verdict.SAME
    assert compare(FULL, replace(other, doi="10.48550/arxiv.2604.00009", title=TITLE)) is None


def test_a_missing_title_does_not_make_an_identifier_suspect() -> None:
    assert verdict(FULL, record("b", arxiv_id="2604.00001")) is Verdict.SAME
    assert verdict(FULL, record("b", arxiv_id="2604.00001", description="A study of quails.")) is Verdict.SAME


def test_one_identifier_on_two_clearly_different_papers_is_suspect() -> None:
    left = record("a", arxiv_id="2408.00001", title="Scaling Harbour Simulators", description="scales buoys at night")
    right = record("b", arxiv_id="2408.00001", title="Survey of Shelfmarks", description="covers catalogues of monks")
    assert verdict(left, right) is Verdict.SUSPECT
    full = replace(FULL, key="c", title="Shelfmark Grammars", abstract=OTHER_ABSTRACT, authors=("Aldous Brandt",))
    assert verdict(FULL, full) is Verdict.SUSPECT


def test_a_nickname_that_the_other_text_explains_is_not_suspect() -> None:
    left = record(
        "a", arxiv_id="2408.00001", title="Factuality of Buoys", description="proposes TideTool, which checks"
    )
    right = record("b", arxiv_id="2408.00001", title="TideTool", description="a framework for measurements")
    assert verdict(left, right) is Verdict.SAME


def test_a_renamed_paper_stays_one_paper() -> None:
    renamed = replace(FULL, key="b", title="Message Passing Only When It Pays")
    assert verdict(FULL, renamed) is Verdict.SAME
    assert verdict(FULL, replace(renamed, abstract=OTHER_ABSTRACT)) is Verdict.SAME
    assert verdict(FULL, replace(renamed, authors=())) is Verdict.SAME


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Tidal Forecasting with Lantern Graphs, Part I", "Tidal Forecasting with Lantern Graphs, Part II"),
        ("Tidal Forecasting with Lantern Graphs", "Tidal Forecasting with Lantern Graphs II"),
        ("Lantern 3: Open Harbour Simulators for Everybody", "Lantern 4: Open Harbour Simulators for Everybody"),
        (
            "Harbour Simulation Challenge 2024: Report and Results",
            "Harbour Simulation Challenge 2025: Report and Results",
        ),
        ("Lantern Graphs for Tidal Harbours, part one", "Lantern Graphs for Tidal Harbours, part two"),
        ("Lantern Graphs for Tidal Harbours", "Erratum: Lantern Graphs for Tidal Harbours"),
        ("Lantern Graphs for Tidal Harbours", "Reply to: Lantern Graphs for Tidal Harbours"),
    ],
)
def test_another_part_year_or_notice_never_merges(left: str, right: str) -> None:
    sides = [record(key, title=title, authors=AUTHORS, abstract=ABSTRACT) for key, title in (("a", left), ("b", right))]
    assert verdict(*sides) is Verdict.UNDECIDED
    assert verdict(*(replace(side, abstract=None) for side in sides)) is not Verdict.SAME


@pytest.mark.parametrize("title", ["Introduction", "Editorial", "Guest Editorial", "Book Review", "Technical Report"])
def test_generic_titles_never_merge(title: str) -> None:
    left, right = (record(key, title=title, authors=AUTHORS, published_on=date(2026, 4, 1)) for key in "ab")
    assert verdict(left, right) is not Verdict.SAME


def test_same_authors_and_date_alone_never_merge() -> None:
    left = replace(FULL, arxiv_id=None, title="Quail Migration in Dense Reeds", abstract=None)
    assert compare(left, replace(FULL, key="b", arxiv_id=None, abstract=None)) is None


def test_title_and_authors_merge_and_a_foreign_author_does_not() -> None:
    left = record("a", title=TITLE, authors=AUTHORS)
    found = compare(left, record("b", title=TITLE.upper(), authors=("O. Quarrell", "Venkatesan, I.", "M. Castellanos")))
    assert found is not None
    assert (found.verdict, found.rule) == (Verdict.SAME, Rule.TITLE_AUTHORS)
    assert verdict(left, record("b", title=TITLE, authors=("Aldous Brandt",))) is not Verdict.SAME


def test_a_stock_phrase_is_no_abstract() -> None:
    phrase = (
        "This article has been withdrawn by the authors because of an error that they found in the first of the tables."
    )
    assert compare(record("a", abstract=phrase), record("b", abstract=phrase)) is None


def same(left: str, right: str, score: float = 10.0, verdict: Verdict = Verdict.SAME) -> Comparison:
    return Comparison(left=left, right=right, verdict=verdict, rule=Rule.ABSTRACT, score=score, evidence=())


def test_a_record_between_two_papers_goes_to_neither() -> None:
    records = [record("a", arxiv_id="1"), record("b", arxiv_id="2"), record("c"), record("d")]
    claims = [same("a", "c", 10.0), same("b", "c", 9.2), same("c", "d", 12.0)]
    found = clustering(records, claims)
    assert found.clusters == (("a",), ("b",), ("c", "d"))
    assert {item.refusal for item in found.refused} == {Refusal.CONTESTED}
    assert len(found.refused) == 2


def test_a_clearly_better_claim_wins() -> None:
    records = [record("a", arxiv_id="1"), record("b", arxiv_id="2"), record("c")]
    found = clustering(records, [same("a", "c", 10.0), same("b", "c", 14.0)])
    assert found.clusters == (("a",), ("b", "c"))
    assert [item.refusal for item in found.refused] == [Refusal.CONFLICT]


def test_identifiers_exclude_each_other_through_a_chain() -> None:
    records = [record("a", arxiv_id="1"), record("b"), record("c"), record("d", arxiv_id="2")]
    assert cluster(records, [same("a", "b", 20), same("b", "c", 15), same("c", "d", 10)]) == (("a", "b", "c"), ("d",))


def test_a_suspect_pair_stays_apart_through_a_third_record() -> None:
    records = [record(key, arxiv_id="1") for key in "abc"]
    claims = [same("a", "b", 8.0, Verdict.SUSPECT), same("a", "c", 14.0), same("b", "c", 14.0)]
    assert cluster(records, claims) == (("a",), ("b",), ("c",))


def test_a_person_may_join_what_a_suspect_identifier_keeps_apart() -> None:
    records = [record(key, arxiv_id="1") for key in "ab"]
    suspect = same("a", "b", 8.0, Verdict.SUSPECT)
    assert cluster(records, [suspect], [PairDecision(left="a", right="b", is_same=True)]) == (("a", "b"),)


def test_parts_of_a_series_stay_apart_through_a_third_record() -> None:
    records = [record("a", title="Tidal Graphs, Part I"), record("b", title="Tidal Graphs, Part II"), record("c")]
    assert cluster(records, [same("a", "c", 14.0), same("b", "c", 10.0)]) == (("a", "c"), ("b",))


def test_a_persons_word_comes_before_every_rule() -> None:
    records = [
        record("a", arxiv_id="1"),
        record("b", arxiv_id="2"),
        record("c", arxiv_id="2"),
        record("d", arxiv_id="1"),
    ]
    joined = PairDecision(left="a", right="b", is_same=True)
    claims = [same("b", "c"), same("a", "d")]
    assert cluster(records, claims, [joined]) == (("a", "b", "c", "d"),)
    assert cluster(records, claims, [PairDecision(left="b", right="c", is_same=False)]) == (("a", "d"), ("b",), ("c",))


def test_blocks_of_long_titles_survive_an_exchanged_word() -> None:
    left, right = record("a", title=TITLE), record("b", title=TITLE.replace("Sparse", "Frugal"))
    assert are_compared(left, right)


def test_a_record_has_few_keys() -> None:
    assert len(block_keys(FULL)) <= 30


def test_an_enormous_block_is_an_error_that_names_it() -> None:
    check_block(7, 100)
    with pytest.raises(BlockTooLargeError, match="block 7 holds 1000000 records"):
        check_block(7, 1_000_000)
