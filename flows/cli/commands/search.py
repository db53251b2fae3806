"""`search`: papers by words, phrases and facets, from the published snapshot and the index beside it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from flows.cli import options, output
from flows.places.warehouse import warehouse_of
from flows.settings import from_environment
from transforms.search.query import FORMS
from warehouse import FacetCounts, Hit, SearchAnswer, Table
from warehouse import search as search_papers

LISTED_MAX = 1000


class SearchCommand(click.Command):
    """The command with the forms of a query in its help; `-word` is a part of one, and no option."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The forms."""
        with formatter.section("A query"):
            formatter.write_dl(FORMS)


@click.command(cls=SearchCommand, context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, LISTED_MAX), help="At most so many papers."
)
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out so many of the first.")
@options.json_option
def search(query: tuple[str, ...], limit: int, offset: int, as_json: bool) -> None:
    """Find papers by the words of their titles, abstracts, reviews, authors and institutions, best first.

    A query may have phrases, words to leave out, and fields. The shell takes quotation marks away: put the whole query
    between single ones, as in 'author:"Ada Lark" tides -kites'.
    """
    with warehouse_of(from_environment()).reader() as reader:
        found = search_papers(reader, " ".join(query), limit=limit, offset=offset)
    if as_json:
        output.print_json(msgspec.to_builtins(found))
        return
    output.show(table_of(found), as_json=False, nothing="no more papers" if found.total else "no paper fits")
    if found.hits and sys.stdout.isatty():
        output.line(counts_of(found))


def table_of(found: SearchAnswer) -> Table:
    """One row a paper."""
    columns = ("score", "title", "arxiv_id", "link", "first_listed_on", "last_listed_on", "upvotes", "sources")
    rows = tuple((*(getattr(hit, name) for name in columns), _shown(hit), hit.paper_key) for hit in found.hits)
    return Table(columns=(*columns, "snippet", "paper_key"), rows=rows)


def _shown(hit: Hit) -> str:
    """The snippet with its marks as stars."""
    parts, at = [], 0
    for first, last in hit.marks:
        parts += [hit.snippet[at:first], f"*{hit.snippet[first:last]}*"]
        at = last
    return "".join((*parts, hit.snippet[at:]))


def counts_of(found: SearchAnswer) -> str:
    """How many there are, of what kind, and what was not ranked."""
    about = "" if found.is_total_exact else "about "
    said = [f"{about}{found.total:,} papers"]
    if found.ranked_from:
        said.append(f"ranked are those since {found.ranked_from}")
    return "; ".join((*said, *_facets(found.facets)))


def _facets(facets: FacetCounts) -> list[str]:
    named: dict[str, Mapping[Any, int]] = {
        "sources": facets.sources,
        "categories": facets.categories,
        "years": facets.years,
    }
    said = [
        f"{name}: {', '.join(f'{key} {count:,}' for key, count in each.items())}"
        for name, each in named.items()
        if each
    ]
    flags = {"with code": facets.has_code, "reviewed": facets.reviewed}
    return [*said, *(f"{count:,} {name}" for name, count in flags.items() if count)]
