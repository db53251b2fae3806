"""`paperlog cite`: papers as BibTeX, RIS or CSL-JSON, for those who write about them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from extractors.landing.files import write_whole
from flows.cli import output
from flows.places.warehouse import warehouse_of
from flows.settings import from_environment
from flows.shown import counted
from transforms.citing.bibtex import bibtex_of
from transforms.citing.citation import citation_of
from transforms.citing.csl import csl_items, csl_of
from transforms.citing.records import Citation
from transforms.citing.ris import ris_of
from warehouse import cited_papers, paper_named

WRITERS = {"bibtex": bibtex_of, "ris": ris_of, "csl": csl_of}


@click.command()
@click.argument("papers", metavar="PAPER...", nargs=-1, required=True)
@click.option("--bibtex", "as_bibtex", is_flag=True, help="BibTeX, for BibTeX and biblatex (default).")
@click.option("--ris", "as_ris", is_flag=True, help="RIS, for Zotero, Mendeley and EndNote.")
@click.option("--csl", "as_csl", is_flag=True, help="CSL-JSON, for pandoc and Zotero.")
@click.option(
    "--version",
    "version",
    type=click.IntRange(min=1),
    metavar="N",
    help="Cite this version of the preprint, with its own day; only for one PAPER. Default: the paper as such.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write into FILE, which is replaced whole.",
)
def cite(
    papers: tuple[str, ...], as_bibtex: bool, as_ris: bool, as_csl: bool, version: int | None, out: Path | None
) -> None:
    """Cite papers: BibTeX, RIS or CSL-JSON of one or several, in the order asked for, each once.

    PAPER is its key, a previous key, an arXiv id, a DOI, an address or the whole title. The key of an entry stays the
    same, whatever else is cited. If one PAPER is not found, nothing is written.
    """
    if version and len(papers) > 1:
        raise click.UsageError("--version is the version of one paper: cite the others by themselves")
    asked = [form for form, is_asked in (("bibtex", as_bibtex), ("ris", as_ris), ("csl", as_csl)) if is_asked]
    if len(asked) > 1:
        raise click.UsageError("one form at a time: --bibtex, --ris or --csl")
    form = asked[0] if asked else "bibtex"
    if out is not None and out.exists() and not out.is_file():
        raise click.UsageError(f"--out {out}: that is no file, and would be replaced by one")
    citations = citations_of(papers, version)
    for each in citations:
        if lacks := _lacks(each):
            output.line(f"paperlog: {each.key}: no {' and no '.join(lacks)} is known", is_error=True)
    if out is not None:
        write_whole(out.absolute(), WRITERS[form](citations).encode())
        output.line(f"{out}: {counted(len(citations), 'paper')}")
    elif form == "csl":
        output.print_json(csl_items(citations))  # JSON also where the terminal has ASCII only
    else:
        output.document(WRITERS[form](citations))


def citations_of(papers: Sequence[str], version: int | None) -> tuple[Citation, ...]:
    """The citations of the papers that the texts mean, each paper once. Raises UnknownPaper and NotCitable."""
    with warehouse_of(from_environment()).reader() as reader:
        keys = dict.fromkeys(paper_named(reader, text).paper_key for text in papers)
        return tuple(citation_of(each, version) for each in cited_papers(reader, list(keys)))


def _lacks(citation: Citation) -> list[str]:
    """What a reader of a list of references would miss."""
    known = {"author": citation.authors, "year": citation.year, "address": citation.url}
    return [name for name, value in known.items() if not value]
