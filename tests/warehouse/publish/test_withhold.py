"""What people withhold is nowhere in the published file, and all else is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from unicodedata import combining, normalize

import duckdb
import pytest

from extractors.services import SERVICES
from flows.pipeline.read import new_run
from tests.support.arxiv import NOON, OAI, OAI_URL, answer_page
from tests.support.batches import WEEKLY, abstract_of, batch, hours, review, sighting
from tests.support.small import warehouse_in
from transforms.facts import Answer, AnswerBatch, ArxivFacts, Asked
from transforms.records import (
    TEXTS,
    Batch,
    Content,
    Finding,
    HumanDecision,
    Reason,
    Rejection,
    Review,
    Sighting,
    WithholdDecision,
)
from warehouse import Manifest, manifest_of, open_warehouse, proof, search

SUMMARY = "Zanzibar looms hum while quiet tailors measure seventeen lighthouses."
VERDICT = "Reviewers admired the brass looms and distrusted every lighthouse figure."
SITE = "This site thinks that vermilion looms outrun turquoise harbour cranes."
OWN = "Harbour cranes sleep beneath cobalt awnings while violet looms rehearse."
ABSTRACT = abstract_of("1")
ACCOUNT, AUTHOR = "Quirina Löwe-Tester", "Ada Example1"
LIST_KEY, REVIEW_KEY = "daily/2026-03-02/-/2603.00001", "weekly/2026-03-02/list/a-1"
FACTS = "select paper_key, title, arxiv_id, author_count, published_on, first_listed_on, sources from marts.papers"
NUMBERS = "select paper_key, source, metric, observed_at, value from marts.metrics"
WHY = "select paper_key, rule, score from marts.matches"
NEXT_WEEK = date(2026, 3, 9)
LATER = datetime(2026, 3, 11, tzinfo=UTC)
_numbers = count(1)


def listed(*, position: int | None = None) -> Sighting:
    return replace(sighting(1, position=position), submitted_by=ACCOUNT, site_summary=SITE)


def reviewed() -> Sighting:
    said = Review(summary=SUMMARY, verdict=VERDICT, methodology=OWN, unassigned=(f"{AUTHOR} wrote of {VERDICT}",))
    return replace(review(1), review=said)


def listing() -> Batch:
    """A list with a rejected entry of the same paper, as JSON, and findings that quote it."""
    said = json.dumps({"id": "2603.9", "summary": ABSTRACT.replace(" ", "\n"), "by": ACCOUNT})
    entry = Rejection(position=9, section=None, reason=Reason.DUPLICATE_ENTRY, detail="d", entry_text=said)
    quoted = " ".join(ABSTRACT.split()[5:14])
    findings = (
        Finding.warning("outer_text_differs", quoted, f"not {SITE}", "dailyPapers[0]"),
        Finding.warning("unlike", "Loom", "a name", f"by {ACCOUNT}"),
    )
    return replace(batch([listed(), sighting(2)], rejections=(entry,)), findings=findings)


def facts() -> AnswerBatch:
    return answered(
        ArxivFacts(
            arxiv_id="2603.00001",
            title="Looms",
            abstract=f"  {ABSTRACT}",
            authors=(AUTHOR, "Bo Sample"),
            submitter=ACCOUNT,
        )
    )


def answered(*said: ArxivFacts) -> AnswerBatch:
    page = answer_page(OAI, OAI_URL, repr(said).encode(), NOON)
    answer = Answer(asked=Asked(), response_at=NOON, facts=said)
    return AnswerBatch(
        run=new_run("facts", OAI, None), service=OAI, version=SERVICES[OAI].version, page=page, answer=answer
    )


def parts() -> list[Batch | AnswerBatch]:
    return [listing(), batch([reviewed(), review(2)], facts=WEEKLY), facts()]


def decided(
    *contents: Content, sightings: Sequence[str] = (LIST_KEY,), undo: bool = False, **who: str
) -> WithholdDecision:
    number = next(_numbers)
    return WithholdDecision(
        decision_id=f"decision-{number}",
        contents=contents,
        sightings=() if "source" in who else tuple(sightings),
        source=who.get("source"),
        name=who.get("name"),
        is_withheld=not undo,
        reason="Peregrine lawyers wrote",
        decided_at=datetime(2026, 3, 9, tzinfo=UTC) + timedelta(minutes=number),
    )


def same(left: str, right: str) -> HumanDecision:
    return HumanDecision(left=left, right=right, is_same=True, reason="why", decided_at=LATER - timedelta(days=1))


EVERYTHING = (
    decided(*TEXTS),
    decided(Content.AUTHOR, name=AUTHOR),
    decided(Content.ACCOUNT, source="daily", name=ACCOUNT),
    decided(Content.ACCOUNT, source=OAI, name=ACCOUNT),
)


def loaded(home: Path, given: Sequence[Batch | AnswerBatch | WithholdDecision], *, full: bool = True) -> Manifest:
    with warehouse_in(home).writer("test") as writer:
        for each in given:
            if isinstance(each, WithholdDecision):
                writer.withhold(new_run("withhold", "decisions", None), [each])
            elif isinstance(each, AnswerBatch):
                writer.load_facts(each)
            else:
                writer.load([each])
        return writer.publish(full=full, keep_days=5)


def rows(home: Path, query: str) -> tuple[tuple[object, ...], ...]:
    with open_warehouse(str(home)).reader() as reader:
        return reader.query(f"{query} order by all").rows


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Each row of each table of each schema of a file, as JSON with its own letters, after the table's name."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = "select schema_name, table_name from duckdb_tables() where not internal"
        for schema, table in connection.execute(tables).fetchall():
            query = f'select to_json(t)::varchar from "{schema}"."{table}" as t'  # noqa: S608 - our own names
            for (line,) in connection.execute(query).fetchall():
                yield f"{schema}.{table}", str(json.loads(line))


def pieces(text: str) -> set[str]:
    """What a text consists of: its stretches of five words."""
    words = text.split()
    return {" ".join(words[at : at + 5]) for at in range(len(words) - 4)} or {text}


WITHHELD = {piece for text in (SUMMARY, VERDICT, SITE, OWN, ABSTRACT, ACCOUNT, AUTHOR) for piece in pieces(text)}


def tables_with_withheld(path: Path) -> set[str]:
    return {
        table
        for table, line in texts_of(path)
        if any(piece in line.replace("\\n", " ").replace("\\\\u00f6", "ö") for piece in WITHHELD)
    }


def bytes_found(path: Path) -> set[str]:
    """What of the withheld lies in the bytes of a file, wherever: strings of few rows are stored as they are."""
    data = path.read_bytes()
    return {piece for piece in WITHHELD if piece.encode() in data}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("before")
    loaded(home, parts())
    return home


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("after")
    loaded(home, [*parts(), *EVERYTHING])
    return home


def test_without_a_decision_everything_is_there(before: Path) -> None:
    found = tables_with_withheld(before / "paperlog.duckdb")
    assert found >= {"raw.contents", "raw.arxiv_facts", "core.papers", "ops.findings", "ops.quarantine"}
    assert len(bytes_found(before / "paperlog.duckdb")) > len(WITHHELD) / 2  # so the search of bytes can find some
    assert rows(before, "from withheld") == ()
    assert rows(before, "select is_withheld from papers") == ((False,), (False,))


def test_no_table_of_the_snapshot_holds_what_is_withheld(after: Path) -> None:
    assert tables_with_withheld(after / "paperlog.duckdb") == set()


def test_no_byte_of_the_home_but_the_writers_file_holds_it(after: Path) -> None:
    files = [path for path in after.rglob("*") if path.is_file() and path.name != "warehouse.duckdb"]
    assert {path.name: bytes_found(path) for path in files if path.suffix != ".sqlite" and bytes_found(path)} == {}
    assert "paperlog.duckdb" in {path.name for path in files}


def test_a_plain_copy_is_written_anew_too(tmp_path: Path) -> None:
    loaded(tmp_path, [*parts(), *EVERYTHING], full=False)
    assert tables_with_withheld(tmp_path / "paperlog.duckdb") == set()
    assert bytes_found(tmp_path / "paperlog.duckdb") == set()


def test_the_writers_file_keeps_what_was_read_and_is_not_called_damaged(after: Path) -> None:
    assert "raw.contents" in tables_with_withheld(after / "warehouse.duckdb")
    assert open_warehouse(str(after)).check_working() == ()
    with open_warehouse(str(after)).reader() as reader:
        assert reader.named("integrity").rows == ()


def test_facts_numbers_and_matching_stay(before: Path, after: Path) -> None:
    for query in (FACTS, NUMBERS, WHY):
        assert rows(after, query) == rows(before, query) != ()
    authors = rows(after, "select authors from papers where arxiv_id = '2603.00001'")
    assert authors == ((["(name withheld)", "Bo Sample"],),)
    assert rows(after, "select position, author from paper_authors where author is null") == ((1, None),)
    assert AUTHOR not in {each[0] for each in rows(after, "select author from authors")}
    (other,) = rows(after, "select abstract from papers where arxiv_id = '2603.00002'")
    assert other == (abstract_of("2"),)


def test_readers_see_that_something_is_withheld(after: Path) -> None:
    found = rows(after, "select p.arxiv_id, w.content, w.source from withheld as w join papers as p using (paper_key)")
    assert found == (
        ("2603.00001", "abstract", None),
        ("2603.00001", "account", OAI),
        ("2603.00001", "account", "daily"),
        ("2603.00001", "author", None),
        ("2603.00001", "review", None),
        ("2603.00001", "summary", None),
    )
    assert rows(after, "select arxiv_id, is_withheld from papers") == (("2603.00001", True), ("2603.00002", False))
    assert rows(after, "select count(*), count(summary), count(verdict) from reviews") == ((2, 1, 1),)
    assert rows(after, "select distinct name, reason from ops.withholdings") == ((None, None),)


def test_it_is_not_found_by_its_words(before: Path, after: Path) -> None:
    for words in ("vermilion zanzibar lighthouses", ABSTRACT.split()[3]):
        with open_warehouse(str(after)).reader() as reader:
            assert search(reader, words).hits == ()
    with open_warehouse(str(before)).reader() as reader:
        assert len(search(reader, "lighthouses").hits) == 1


def test_the_order_does_not_show_in_the_digest(tmp_path: Path, before: Path, after: Path) -> None:
    given = [*parts(), *EVERYTHING]
    orders = (given, given[::-1], [*EVERYTHING[2:], *parts()[1:], *EVERYTHING[:2], parts()[0]])
    digests = [loaded(tmp_path / str(number), order, full=False).digest for number, order in enumerate(orders)]
    assert digests == [manifest_of(after / "manifest.json").digest] * 3
    assert manifest_of(before / "manifest.json").digest not in digests


def test_an_export_has_the_digest_and_says_what_is_not_in_it(tmp_path: Path, after: Path) -> None:
    with open_warehouse(str(after)).reader(may_write_files=True) as reader:
        assert reader.export(tmp_path) == manifest_of(after / "manifest.json").digest
    lines = {path.stem: duckdb.read_parquet(str(path)).fetchall() for path in tmp_path.glob("*.parquet")}
    assert len(lines["withheld"]) == 6
    assert [piece for piece in WITHHELD for found in lines.values() for row in found if piece in str(row)] == []


def test_a_later_page_that_brings_it_again_changes_nothing(tmp_path: Path) -> None:
    loaded(tmp_path, [*parts(), *EVERYTHING])
    again = batch([listed(position=2), sighting(2, position=1)], at=hours(20), is_closed=True)
    loaded(tmp_path, [again, batch([replace(reviewed(), partition_on=NEXT_WEEK)], day=NEXT_WEEK, facts=WEEKLY)])
    assert rows(tmp_path, "select count(*) from reviews") == ((3,),)
    assert tables_with_withheld(tmp_path / "paperlog.duckdb") == set()


def test_a_text_taken_back_is_there_again_as_if_nothing_had_been_decided(tmp_path: Path, before: Path) -> None:
    kinds = (Content.ABSTRACT, Content.REVIEW, Content.SUMMARY)
    both = (LIST_KEY, REVIEW_KEY)
    loaded(tmp_path, [*parts(), decided(*kinds)])
    manifest = loaded(tmp_path, [decided(*kinds, sightings=both, undo=True)])
    assert (manifest.digest, manifest.withheld_count) == (manifest_of(before / "manifest.json").digest, 0)
    assert rows(tmp_path, "select distinct name, reason from ops.withholdings") == ((None, None),)
    assert b"Peregrine" not in (tmp_path / "paperlog.duckdb").read_bytes()


def test_of_two_kinds_one_may_come_back(tmp_path: Path) -> None:
    loaded(tmp_path, [*parts(), decided(*TEXTS), decided(Content.ABSTRACT, undo=True)])
    assert rows(tmp_path, "select abstract from papers where is_withheld") == ((ABSTRACT,),)
    assert rows(tmp_path, "select content from withheld") == (("review",), ("summary",))


def test_a_summary_alone_leaves_the_rest_of_the_review(tmp_path: Path) -> None:
    loaded(tmp_path, [*parts(), decided(Content.SUMMARY)])
    assert rows(tmp_path, "select summary, verdict from reviews where arxiv_id = '2603.00001'") == ((None, VERDICT),)
    assert rows(tmp_path, "select site_summary from sightings where is_listed and arxiv_id = '2603.00001'") == (
        (None,),
    )


def test_merges_and_splits_keep_it(tmp_path: Path) -> None:
    key = "daily/2026-03-02/-/2603.00002"
    loaded(tmp_path, [*parts(), decided(Content.ABSTRACT)])
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.decide(new_run("merge", "decisions", None), [same(LIST_KEY, key)])
        writer.publish(full=False)
    assert rows(tmp_path, "select distinct abstract_text from sightings") == ((None,),)
    assert rows(tmp_path, "select count(*), count(abstract), bool_and(is_withheld) from papers") == ((1, 0, True),)
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.decide(
            new_run("split", "decisions", None), [replace(same(LIST_KEY, key), is_same=False, decided_at=LATER)]
        )
        writer.publish(full=False)
    assert rows(tmp_path, "select abstract is null from papers") == ((False,), (True,))


def test_the_same_text_goes_from_another_paper_too(tmp_path: Path) -> None:
    other = replace(sighting(3, day=NEXT_WEEK), abstract_text=f"{ABSTRACT[:500]} …", abstract_raw=None)
    loaded(tmp_path, [listing(), batch([other], day=NEXT_WEEK), decided(Content.ABSTRACT)], full=False)
    withheld = rows(tmp_path, "select p.arxiv_id, w.content from withheld as w join papers as p using (paper_key)")
    assert withheld == (("2603.00001", "abstract"), ("2603.00003", "abstract"))
    assert {
        piece for piece in pieces(ABSTRACT) if piece.encode() in (tmp_path / "paperlog.duckdb").read_bytes()
    } == set()


def test_a_paper_that_arxiv_names_by_its_abstract_keeps_the_name(tmp_path: Path) -> None:
    given: list[Batch | AnswerBatch] = [batch([reviewed()], facts=WEEKLY), facts()]
    loaded(tmp_path, [*given, decided(*TEXTS, sightings=(REVIEW_KEY,))], full=False)
    assert rows(tmp_path, "select title, arxiv_id, is_named_by_arxiv, abstract from papers") == (
        ("Looms", "2603.00001", True, None),
    )
    assert rows(tmp_path, "select abstract from arxiv_facts") == ((None,),)


def test_a_decision_about_a_record_that_is_not_loaded_waits_for_it(tmp_path: Path) -> None:
    assert loaded(tmp_path, [decided(*TEXTS), batch([sighting(2)])], full=False).withheld_count == 0
    assert loaded(tmp_path, [listing()], full=False).withheld_count == 2


def test_kept_snapshots_from_before_are_deleted_and_later_ones_stay(tmp_path: Path) -> None:
    loaded(tmp_path, parts())
    (old,) = (tmp_path / "snapshots").glob("*.duckdb")
    loaded(tmp_path, [decided(Content.ABSTRACT)])
    assert not old.exists()
    assert not old.with_suffix(".json").exists()
    (kept,) = (tmp_path / "snapshots").glob("*.duckdb")
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.publish(full=False)
    assert kept.exists()
    assert [each for each in tables_with_withheld(kept) if each.startswith("fts_")] == []
    assert {piece for piece in pieces(ABSTRACT) if piece.encode() in kept.read_bytes()} == set()
    assert proof(tmp_path) == ()


def test_nothing_of_a_kept_snapshot_stays_where_none_is_kept_any_more(tmp_path: Path) -> None:
    loaded(tmp_path, parts())
    assert {path.suffix for path in (tmp_path / "snapshots").iterdir()} == {".duckdb", ".json", ".sqlite"}
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.withhold(new_run("withhold", "decisions", None), [decided(Content.ABSTRACT)])
        writer.publish()
    assert list((tmp_path / "snapshots").iterdir()) == []


def facts_of_two() -> AnswerBatch:
    """Two ids with texts that no list has, one author whom arXiv alone names, and accounts."""
    return answered(
        *(
            ArxivFacts(
                arxiv_id=f"2603.0000{number}",
                title="Looms",
                abstract=f"{word} cranes carry nineteen amber looms across the silent frozen harbour at dawn.",
                authors=("Cy Only", "Bo Sample"),
                authors_text="Cy Only, Bo Sample",
                submitter="Cy Only",
                comments="Cy Only wrote it",
            )
            for number, word in ((1, "Xanadu"), (2, "Yokohama"))
        )
    )


@pytest.mark.parametrize("is_merged_first", [True, False])
def test_facts_of_every_id_of_a_merged_paper_go(tmp_path: Path, is_merged_first: bool) -> None:
    loaded(tmp_path, [batch([sighting(1), sighting(2)]), facts_of_two()], full=False)
    decisions = [decided(Content.ABSTRACT), decided(Content.AUTHOR, name="Cy Only")]
    if not is_merged_first:
        loaded(tmp_path, decisions, full=False)
        assert len(rows(tmp_path, "from arxiv_facts where abstract is null")) == 1
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.decide(new_run("merge", "decisions", None), [same(LIST_KEY, "daily/2026-03-02/-/2603.00002")])
        writer.publish(full=False)
    if is_merged_first:
        loaded(tmp_path, decisions, full=False)
    assert rows(tmp_path, "select count(*) from papers") == ((1,),)
    said = "select distinct abstract, authors, authors_text, submitter, comments from raw.arxiv_facts"
    assert rows(tmp_path, said) == ((None, ["(name withheld)", "Bo Sample"], None, None, None),)
    assert rows(tmp_path, "select content from withheld") == (("abstract",), ("author",))
    data = (tmp_path / "paperlog.duckdb").read_bytes()
    assert [word for word in (b"Xanadu", b"Yokohama", b"Cy Only") if word in data] == []


def test_the_same_text_goes_from_what_arxiv_says_of_another_id(tmp_path: Path) -> None:
    said = [ArxivFacts(arxiv_id=f"2603.0000{number}", title="Looms", abstract=ABSTRACT) for number in (2, 9)]
    loaded(tmp_path, [batch([sighting(1), sighting(2)]), answered(*said), decided(Content.ABSTRACT)], full=False)
    assert rows(tmp_path, "select distinct abstract from raw.arxiv_facts") == ((None,),)
    withheld = rows(tmp_path, "select p.arxiv_id, w.content from withheld as w join papers as p using (paper_key)")
    assert withheld == (("2603.00001", "abstract"), ("2603.00002", "abstract"))


NAME = "José B. Ñuñez-García"
SPELLINGS = (
    f"{NAME} {NAME} {NAME} {NAME}",
    NAME.upper(),
    NAME.lower(),
    "Jose B Nunez-Garcia",
    normalize("NFD", NAME),
    NAME.replace(" ", "  "),
    NAME.replace(" ", "\n"),
    NAME.replace(" ", "\u00a0"),
    f"_{NAME}'s_",
)


@pytest.mark.parametrize("typed", [NAME, "jose b nunez-garcia", f" {normalize('NFD', NAME).upper()}. "])
def test_a_name_goes_in_every_spelling_of_it_whichever_is_typed(tmp_path: Path, typed: str) -> None:
    text = "; ".join(SPELLINGS)
    said = replace(
        sighting(1),
        authors=(NAME, "Bo Sample"),
        abstract_raw=f"{text}; José B. García stays",
        abstract_text=f"{text}; José B. García stays",
        site_summary=text,
        site_keywords=(f"{NAME.lower()} method", "tides"),
        review=Review(summary=text, verdict=text, unassigned=(text,)),
    )
    entry = json.dumps({"by": f"x\n{NAME}", "id": "1"})
    rejected = Rejection(position=9, section=None, reason=Reason.DUPLICATE_ENTRY, detail="d", entry_text=entry)
    listed_findings = (Finding.warning("unlike", "Loom", "a name", f"by {NAME.upper()}"),)
    given = replace(batch([said], rejections=(rejected,)), findings=listed_findings)
    loaded(tmp_path, [given, decided(Content.AUTHOR, name=typed)], full=False)
    found = {table for table, line in texts_of(tmp_path / "paperlog.duckdb") if "ez-garc" in unaccented(line)}
    assert found == set()
    ((stays,),) = rows(tmp_path, "select abstract from papers")
    places = "; ".join(["(name withheld) (name withheld) (name withheld) (name withheld)", *["(name withheld)"] * 7])
    assert stays == f"{places}; _(name withheld)'s_; José B. García stays"
    assert rows(tmp_path, "select site_keywords from sightings") == ((["(name withheld) method", "tides"],),)


GREEK = "\u039d\u03af\u03ba\u03bf\u03c2 \u03a0\u03b1\u03c0\u03ac\u03c2"
"""Ends in the other small letter for the capital that both words end in."""


@pytest.mark.parametrize("typed", [GREEK, GREEK.upper()])
def test_a_greek_name_goes_in_small_letters_and_in_capitals(tmp_path: Path, typed: str) -> None:
    said = replace(
        sighting(1), authors=(GREEK.upper(), "Bo Sample"), abstract_text=f"by {GREEK} and by {GREEK.upper()}, in Athens"
    )
    loaded(tmp_path, [batch([said]), decided(Content.AUTHOR, name=typed)], full=False)
    ((abstract, authors),) = rows(tmp_path, "select abstract, authors from papers")
    assert abstract == "by (name withheld) and by (name withheld), in Athens"
    assert authors == ["(name withheld)", "Bo Sample"]


def unaccented(text: str) -> str:
    return "".join(sign for sign in normalize("NFD", text) if not combining(sign)).lower()
