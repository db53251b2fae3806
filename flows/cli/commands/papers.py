"""Why is this one paper, and manual decisions about it: `resolve`, `split` and `merge`."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click
import msgspec

from flows.cli import options, output
from flows.jobs.decide import decide
from flows.places.warehouse import warehouse_of
from flows.settings import from_environment
from transforms.matching.apart import why_apart
from transforms.records import HumanDecision
from warehouse import FoundPaper, Reader, paper_named, records_of_paper

Row = dict[str, object]
Pair = tuple[str, str]


@click.command()
@click.option(
    "--explain",
    "papers",
    multiple=True,
    metavar="PAPER",
    help="Why this is one paper; given twice, why the two are not one. By key, arXiv id, DOI, address or title.",
)
@click.option("--undecided", is_flag=True, help="The pairs that a person should look at, also the default.")
@options.json_option
def resolve(papers: tuple[str, ...], undecided: bool, as_json: bool) -> None:
    """Explain why a paper is one paper, or why two are not; without a paper, list the pairs that are undecided.

    The list begins with the pairs of which a decision would change most: sightings that would move, then the score.
    """
    if len(papers) > 2 or (papers and undecided):
        raise click.UsageError("give --explain once or twice, or --undecided")
    with warehouse_of(from_environment()).reader() as reader:
        if not papers:
            pairs = reader.named("undecided")
            output.answer(pairs.dicts, "\n".join(undecided_lines(pairs.dicts)), as_json=as_json)
            return
        explained = explanation(reader, papers[0]) if len(papers) == 1 else difference(reader, *papers)
    lines = lines_of(explained) if len(papers) == 1 else apart_lines(explained)
    output.answer(explained, "\n".join(lines), as_json=as_json)


@click.command()
@click.argument("key")
@click.option("--sighting", "sightings", multiple=True, metavar="SIGHTING", help="A sighting of another paper; repeat.")
@options.reason_option
def split(key: str, sightings: tuple[str, ...], reason: str) -> None:
    """Undo a merge, or take sightings out of a paper.

    KEY is a key that a merge redirected: it names its own paper again. Or it is the key of a paper, and each --sighting
    leaves it for a paper of its own.
    """
    with warehouse_of(from_environment()).reader() as reader:
        pairs = _pairs_to_split(reader, key, sightings)
    _decide("split", pairs, reason, is_same=False)


@click.command()
@click.argument("key")
@click.argument("other")
@options.reason_option
def merge(key: str, other: str, reason: str) -> None:
    """Decide that KEY and OTHER are one paper; the key that was given later redirects to the earlier one."""
    with warehouse_of(from_environment()).reader() as reader:
        one, two = paper_named(reader, key), paper_named(reader, other)
        if one == two:
            raise click.UsageError(f"{key} and {other} are one paper already")
        pairs = [(one.founding_key, two.founding_key), *_kept_apart(reader, one, two)]
    _decide("merge", pairs, reason, is_same=True)


def explanation(reader: Reader, key: str) -> Row:
    """Everything that holds a paper together, as JSON."""
    paper = {"key": paper_named(reader, key).paper_key}
    about, sightings, comparisons, decisions = (
        reader.named(f"explain_{part}", paper).dicts for part in ("paper", "members", "comparisons", "decisions")
    )
    for each in comparisons:
        each["evidence"] = msgspec.json.decode(str(each["evidence"]))
    return {"asked": key, **about[0], "sightings": sightings, "comparisons": comparisons, "decisions": decisions}


def difference(reader: Reader, one: str, other: str) -> Row:
    """Why two papers are not one, as JSON: the nearest pair of their sightings. Raises UsageError if they are one."""
    left, right = paper_named(reader, one), paper_named(reader, other)
    if left == right:
        raise click.UsageError(f"{one} and {other} are one paper, {left.paper_key}: give --explain once")
    apart = why_apart(*(records_of_paper(reader, each.paper_key) for each in (left, right)))
    papers = [{"paper_key": each.paper_key, "title": each.title} for each in (left, right)]
    return {"papers": papers, **msgspec.json.decode(msgspec.json.encode(apart))}


def apart_lines(apart: Row) -> list[str]:
    """The difference for people."""
    lines = [f"{each['paper_key']}: {each['title'] or '(no source gave a title)'}" for each in _list(apart["papers"])]
    lines += [
        f"not one paper: {apart['reason']}",
        f"nearest: {apart['left']} and {apart['right']}, {apart['score']:+.1f} bits",
    ]
    return lines + [f"  {part['field']} {part['bits']:+.1f}: {part['text']}" for part in _list(apart["evidence"])]


def undecided_lines(pairs: Sequence[Row]) -> list[str]:
    """The undecided pairs for people, a block of lines each, and what to type next."""
    lines = []
    for number, each in enumerate(pairs, start=1):
        lines += _wrapped(f"{number}. {each['verdict']}, {each['score']:+.1f} bits: {each['reason']}")
        for side in ("left", "right"):
            lines += _wrapped(f"   {each[f'{side}_paper']}  {each[f'{side}_title'] or '(no title)'}")
    if not lines:
        return ["no pair is undecided"]
    return [
        *lines,
        "",
        "the evidence: paperlog resolve --explain LEFT --explain RIGHT",
        "to decide:    paperlog merge LEFT RIGHT --reason TEXT",
    ]


def _wrapped(line: str) -> list[str]:
    """The line for a terminal of 80 columns, what does not fit indented below it."""
    return textwrap.wrap(line, 79, subsequent_indent=" " * 6, drop_whitespace=True)


def lines_of(explained: Row) -> list[str]:
    """The explanation for people."""
    lines = [f"{explained['paper_key']}: {explained['title'] or '(no source gave a title)'}"]
    previous = explained["previous_keys"]
    if isinstance(previous, list) and explained["asked"] in previous:
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


def _members(reader: Reader, paper: FoundPaper) -> set[str]:
    return {str(row["sighting_key"]) for row in reader.records("explain_members", Row, {"key": paper.paper_key})}


def _pairs_to_split(reader: Reader, key: str, sightings: Sequence[str]) -> list[Pair]:
    paper = paper_named(reader, key)
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
