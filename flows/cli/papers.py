"""Why is this one paper, and manual decisions about it: `resolve`, `split` and `merge`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import click
import msgspec

from flows.cli import options, output
from flows.jobs.decide import decide
from flows.settings import from_environment
from transforms.errors import PaperlogError
from transforms.records import HumanDecision
from warehouse import Reader, open_warehouse

Row = dict[str, object]
Pair = tuple[str, str]


class UnknownPaper(PaperlogError):
    """No paper has, or ever had, that key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPaper:
    """The paper that a key means now, and its founding sighting."""

    paper_key: str
    founding_key: str


@click.command()
@click.option("--explain", "key", metavar="KEY", help="The evidence that holds this paper together.")
@options.json_option
def resolve(key: str | None, as_json: bool) -> None:
    """Explain why a paper is one paper; without a key, list the pairs that are undecided."""
    with open_warehouse(str(from_environment().home)).reader() as reader:
        if key is None:
            output.show(reader.named("undecided"), as_json=as_json)
            return
        explained = explanation(reader, key)
    output.answer(explained, "\n".join(lines_of(explained)), as_json=as_json)


@click.command()
@click.argument("key")
@click.option("--sighting", "sightings", multiple=True, metavar="SIGHTING", help="A sighting of another paper; repeat.")
@options.reason_option
def split(key: str, sightings: tuple[str, ...], reason: str) -> None:
    """Undo a merge, or take sightings out of a paper.

    KEY is a key that a merge redirected: it names its own paper again. Or it is the key of a paper, and each --sighting
    leaves it for a paper of its own.
    """
    with open_warehouse(str(from_environment().home)).reader() as reader:
        pairs = _pairs_to_split(reader, key, sightings)
    _decide("split", pairs, reason, is_same=False)


@click.command()
@click.argument("key")
@click.argument("other")
@options.reason_option
def merge(key: str, other: str, reason: str) -> None:
    """Decide that KEY and OTHER are one paper; the key that was given later redirects to the earlier one."""
    with open_warehouse(str(from_environment().home)).reader() as reader:
        one, two = _paper(reader, key), _paper(reader, other)
        if one == two:
            raise click.UsageError(f"{key} and {other} are one paper already")
        pairs = [(one.founding_key, two.founding_key), *_kept_apart(reader, one, two)]
    _decide("merge", pairs, reason, is_same=True)


def explanation(reader: Reader, key: str) -> Row:
    """Everything that holds a paper together, as JSON."""
    paper = {"key": _paper(reader, key).paper_key}
    about, sightings, comparisons, decisions = (
        reader.named(f"explain_{part}", paper).dicts for part in ("paper", "members", "comparisons", "decisions")
    )
    for each in comparisons:
        each["evidence"] = msgspec.json.decode(str(each["evidence"]))
    return {"asked": key, **about[0], "sightings": sightings, "comparisons": comparisons, "decisions": decisions}


def lines_of(explained: Row) -> list[str]:
    """The explanation for people."""
    lines = [f"{explained['paper_key']}: {explained['title'] or '(no source gave a title)'}"]
    if explained["asked"] != explained["paper_key"]:
        lines.append(f"  {explained['asked']} was merged into it")
    lines += [f"  previous key {each}" for each in _list(explained["previous_keys"])]
    lines.append(f"  arXiv {explained['arxiv_id'] or 'unknown'}, DOI {explained['doi'] or 'unknown'}")
    lines.append("its sightings, and why each belongs to it:")
    for each in _list(explained["sightings"]):
        lines.append(f"  {each['sighting_key']}{'' if each['is_listed'] else ' (no longer listed)'}")
        lines.append(f"    {each['rule']}, {each['score']:+.1f} bits, {each['evidence']}")
    comparisons = _list(explained["comparisons"])
    lines += _compared("compared, and the same:", (each for each in comparisons if each["is_one_paper"]))
    lines += _compared("compared, and kept apart:", (each for each in comparisons if not each["is_one_paper"]))
    decided = [
        f"  {each['decided_at']:%Y-%m-%d} {each['kind']}: {each['left_key']}, {each['right_key']}: {each['reason']}"
        for each in _list(explained["decisions"])
    ]
    return [*lines, *(["manual decisions:"] if decided else []), *decided]


def _compared(title: str, comparisons: Iterable[Row]) -> list[str]:
    lines = []
    for each in comparisons:
        lines.append(f"  {each['left_key']} and {each['right_key']}: {each['verdict']}, {each['score']:+.1f} bits")
        lines += [f"    {part['field']} {part['bits']:+.1f}: {part['text']}" for part in _list(each["evidence"])]
    return [title, *lines] if lines else []


def _list(value: object) -> list[Row]:
    return list(value) if isinstance(value, list) else []


def _paper(reader: Reader, key: str) -> FoundPaper:
    found = reader.records("paper_of", FoundPaper, {"key": key})
    if not found:
        raise UnknownPaper(f"{key}: no paper has or had this key")
    return found[0]


def _members(reader: Reader, paper: FoundPaper) -> set[str]:
    return {str(row["sighting_key"]) for row in reader.records("explain_members", Row, {"key": paper.paper_key})}


def _pairs_to_split(reader: Reader, key: str, sightings: Sequence[str]) -> list[Pair]:
    paper = _paper(reader, key)
    if key != paper.paper_key:
        if sightings:
            raise click.UsageError(f"{key} is a previous key: it is split off as it was, without --sighting")
        return [
            (str(row["founding_key"]), paper.founding_key) for row in reader.records("founder_of", Row, {"key": key})
        ]
    members, chosen = _members(reader, paper), set(sightings)
    if not chosen or not chosen < members:
        listed = "\n  ".join(sorted(members))
        raise click.UsageError(f"name some of its sightings with --sighting, or a previous key; it has\n  {listed}")
    return list(itertools.product(sightings, sorted(members - chosen)))


def _kept_apart(reader: Reader, one: FoundPaper, two: FoundPaper) -> list[Pair]:
    """Pairs between two papers that were once decided to be different: the new decision replaces the old ones."""
    paper_of = {sighting: paper for paper in (one, two) for sighting in _members(reader, paper)}
    return [
        (str(row["left_key"]), str(row["right_key"]))
        for row in reader.records("explain_decisions", Row, {"key": one.paper_key})
        if row["kind"] == "different"
        and {paper_of.get(str(row[side])) for side in ("left_key", "right_key")} == {one, two}
    ]


def _decide(job: str, pairs: Sequence[Pair], reason: str, *, is_same: bool) -> None:
    now = datetime.now(UTC)
    decisions = [
        HumanDecision(left=min(pair), right=max(pair), is_same=is_same, reason=reason, decided_at=now) for pair in pairs
    ]
    result = decide(from_environment(), job, decisions)
    recorded = f"{len(decisions)} decisions recorded in run {result.results[0].outcome.run_id}"
    papers = f"{result.manifest.row_counts['papers']:,} papers" if result.manifest else "not published"
    output.line(f"{job}: {recorded}; {papers}")
