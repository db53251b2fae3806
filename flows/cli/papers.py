"""Which paper is this, and a person's word about it: `resolve`, `split` and `merge`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

import click
import msgspec

from extractors.landing.decisions import paper_decisions
from flows.cli import options, output
from flows.jobs.questions import records
from flows.pipeline.chunks import writing
from flows.pipeline.read import PEOPLE, new_run
from flows.settings import Settings, from_environment
from transforms.records import HumanDecision
from warehouse import Reader, open_warehouse

reason_option = click.option("--reason", required=True, help="Why, for those who read it later.")


class UnknownPaper(Exception):
    """No paper has, or ever had, that key."""


@click.command()
@click.option("--explain", "key", metavar="KEY", help="The evidence that holds this paper together.")
@options.json_option
def resolve(key: str | None, as_json: bool) -> None:
    """Explain why a paper is one paper; without a key, list the pairs that nobody has decided."""
    with open_warehouse(str(from_environment().home)).reader() as reader:
        if key is None:
            output.show(reader.named("undecided"), as_json=as_json)
            return
        said = explanation(reader, key)
    if as_json:
        output.print_json(said)
    else:
        click.echo("\n".join(told(said)))


@click.command()
@click.argument("key")
@click.option("--sighting", "sightings", multiple=True, metavar="SIGHTING", help="A sighting of another paper; repeat.")
@reason_option
def split(key: str, sightings: tuple[str, ...], reason: str) -> None:
    """Undo a merge, or take sightings out of a paper.

    KEY is a key that a merge redirected: it names its own paper again. Or it is the key of a paper, and each --sighting
    leaves it for a paper of its own.
    """
    settings = from_environment()
    with open_warehouse(str(settings.home)).reader() as reader:
        pairs = _to_split(reader, key, sightings)
    _decide(settings, "split", pairs, reason, is_same=False)


@click.command()
@click.argument("key")
@click.argument("other")
@reason_option
def merge(key: str, other: str, reason: str) -> None:
    """Say that KEY and OTHER are one paper; the key that was given later redirects to the earlier one."""
    settings = from_environment()
    with open_warehouse(str(settings.home)).reader() as reader:
        one, two = (_paper(reader, each) for each in (key, other))
        if one[0] == two[0]:
            raise click.UsageError(f"{key} and {other} are one paper already")
        pairs = [(one[1], two[1]), *_kept_apart(reader, one[0], two[0])]
    _decide(settings, "merge", pairs, reason, is_same=True)


def explanation(reader: Reader, key: str) -> dict[str, object]:
    """Everything that holds a paper together, as JSON would say it."""
    paper_key, _ = _paper(reader, key)
    (paper,) = records(reader.named("explain_paper", {"key": paper_key}))
    comparisons = records(reader.named("explain_comparisons", {"key": paper_key}))
    for item in comparisons:
        item["evidence"] = msgspec.json.decode(str(item["evidence"]))
    return {
        "asked": key,
        **paper,
        "sightings": records(reader.named("explain_members", {"key": paper_key})),
        "comparisons": comparisons,
        "decisions": records(reader.named("explain_decisions", {"key": paper_key})),
    }


def told(said: dict[str, object]) -> list[str]:
    """The explanation as a person reads it."""
    lines = [f"{said['paper_key']}: {said['title'] or '(no source gave a title)'}"]
    if said["asked"] != said["paper_key"]:
        lines.append(f"  {said['asked']} was merged into it")
    lines += [f"  previous key {each}" for each in _list(said["previous_keys"])]
    lines.append(f"  arXiv {said['arxiv_id'] or 'unknown'}, DOI {said['doi'] or 'unknown'}")
    lines.append("its sightings, and why each belongs to it:")
    for each in _list(said["sightings"]):
        gone = "" if each["is_listed"] else " (no longer listed)"
        lines.append(f"  {each['sighting_key']}{gone}")
        lines.append(f"    {each['rule']}, {each['score']:+.1f} bits, {each['evidence']}")
    lines += _compared("compared, and the same:", [each for each in _list(said["comparisons"]) if each["is_one_paper"]])
    lines += _compared(
        "compared, and kept apart:", [each for each in _list(said["comparisons"]) if not each["is_one_paper"]]
    )
    if decisions := _list(said["decisions"]):
        lines.append("people's decisions:")
        lines += [
            f"  {each['decided_at']:%Y-%m-%d} {each['kind']}: {each['left_key']}, {each['right_key']}: {each['reason']}"
            for each in decisions
        ]
    return lines


def _compared(title: str, items: Sequence[dict[str, object]]) -> list[str]:
    lines = [title] if items else []
    for item in items:
        lines.append(f"  {item['left_key']} and {item['right_key']}: {item['verdict']}, {item['score']:+.1f} bits")
        lines += [f"    {part['field']} {part['bits']:+.1f}: {part['text']}" for part in _list(item["evidence"])]
    return lines


def _list(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []


def _paper(reader: Reader, key: str) -> tuple[str, str]:
    """The paper that a key means now, and its founding sighting."""
    rows = reader.named("paper_of", {"key": key}).rows
    if not rows:
        raise UnknownPaper(f"{key}: no paper has or had this key")
    return str(rows[0][0]), str(rows[0][1])


def _to_split(reader: Reader, key: str, sightings: Sequence[str]) -> list[tuple[str, str]]:
    paper_key, founding = _paper(reader, key)
    members = [str(row[0]) for row in reader.named("explain_members", {"key": paper_key}).rows]
    if key != paper_key:
        if sightings:
            raise click.UsageError(f"{key} is a previous key: it is split off as it was, without --sighting")
        ((own,),) = reader.named("founder_of", {"key": key}).rows
        return [(str(own), founding)]
    strangers = set(sightings) - set(members)
    if strangers or not sightings or set(sightings) == set(members):
        listed = "\n  ".join(members)
        raise click.UsageError(f"name some of its sightings with --sighting, or a previous key; it has\n  {listed}")
    return list(itertools.product(sightings, sorted(set(members) - set(sightings))))


def _kept_apart(reader: Reader, one: str, two: str) -> list[tuple[str, str]]:
    """Pairs between two papers that a person once kept apart: the new word replaces the old."""
    of = {str(row[0]): paper for paper in (one, two) for row in reader.named("explain_members", {"key": paper}).rows}
    standing = reader.named("explain_decisions", {"key": one}).rows
    return [
        (str(left), str(right))
        for kind, left, right, *_ in standing
        if kind == "different" and {of.get(str(left)), of.get(str(right))} == {one, two}
    ]


def _decide(settings: Settings, flow: str, pairs: Sequence[tuple[str, str]], reason: str, *, is_same: bool) -> None:
    now = datetime.now(UTC)
    decisions = tuple(
        HumanDecision(left=min(pair), right=max(pair), is_same=is_same, reason=reason, decided_at=now) for pair in pairs
    )
    paper_decisions(settings.landing).keep(decisions)
    with writing(settings, flow) as writer:
        outcome = writer.decide(new_run(flow, PEOPLE, None), decisions)
        manifest = writer.publish()
    click.echo(
        f"{flow}: {len(decisions)} decisions recorded in run {outcome.run_id}; {manifest.row_counts['papers']:,} papers"
    )
