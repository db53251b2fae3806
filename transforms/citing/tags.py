"""Citations in a page: tags in its head and a COinS, from which Zotero and its like save the paper with one click.

Zotero asks a page's COinS first and its tags second, and saves the authors of only one of them, so both name all. Its
rules (its translators "COinS" and "Embedded Metadata", read on 2026-11-26) that decide how a text is written here:

* A page with several COinS is a list to choose from: a page about one paper has one.
* `rft.au` and `citation_author` with a comma are `Family, Given`. What stands behind a second comma is lost, so a
  suffix goes behind the given names. A name that ends in a comma is a family name alone: so a team stays whole.
* A semicolon begins another author. A page's only author, with blanks on both sides of a comma, would be two.
* `rft.aucorp`, which is meant for teams, comes first, wherever it stands: it would change the order.
* `rft.type=preprint` behind the title makes it a preprint; the title of a journal or conference decides the kind too.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from transforms.citing.mathematics import in_plain_text
from transforms.citing.records import Citation, Kind, Name

_PLACES = {Kind.ARTICLE: "citation_journal_title", Kind.PROCEEDINGS: "citation_conference_title"}


def head_tags(citation: Citation) -> Iterator[tuple[str, str]]:
    """Names and contents of `<meta>` tags, in their order, as Google Scholar and Zotero read them; not yet escaped."""
    yield "citation_title", in_plain_text(citation.title)
    is_alone = len(citation.authors) == 1
    yield from (("citation_author", _author(each, is_alone=is_alone)) for each in citation.authors)
    if date := _date(citation, "/"):
        yield "citation_publication_date", date
        if citation.kind is Kind.PREPRINT:
            yield "citation_online_date", date
    if citation.venue and citation.kind in _PLACES:
        yield _PLACES[citation.kind], citation.venue
    if citation.doi:
        yield "citation_doi", citation.doi
    if citation.eprint:
        yield "citation_arxiv_id", citation.eprint
        yield "citation_pdf_url", f"https://arxiv.org/pdf/{quote(citation.eprint)}"
    if citation.url:
        yield "citation_abstract_html_url", citation.url


def coins_of(citation: Citation) -> str:
    """The context object of a COinS, which is the `title` of its `<span class="Z3988">`; not yet escaped for HTML.

    Keys and values as OpenURL's `info:ofi/fmt:kev:mtx:journal` and `…:book` have them.
    """
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in _pairs(citation))


def _pairs(citation: Citation) -> Iterator[tuple[str, str]]:
    is_proceedings = citation.kind is Kind.PROCEEDINGS
    yield "ctx_ver", "Z39.88-2004"
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if is_proceedings else 'journal'}"
    yield "rft.genre", {Kind.PROCEEDINGS: "proceeding", Kind.ARTICLE: "article"}.get(citation.kind, "preprint")
    yield "rft.atitle", in_plain_text(citation.title)
    if citation.venue:
        yield ("rft.btitle" if is_proceedings else "rft.jtitle"), citation.venue
    if date := _date(citation, "-"):
        yield "rft.date", date
    yield from (("rft.au", _author(each)) for each in citation.authors)
    if citation.doi:
        yield "rft_id", f"info:doi/{citation.doi}"
    if citation.url:
        yield "rft_id", citation.url
    if citation.kind is Kind.PREPRINT:
        yield "rft.type", "preprint"


def _date(citation: Citation, between: str) -> str:
    parts = [f"{part:02}" for part in (citation.year, citation.month, citation.day) if part]
    return between.join(parts)


def _author(name: Name, *, is_alone: bool = False) -> str:
    if name.literal:
        plain = " ".join(name.literal.replace(",", " ").replace(";", " ").split())
        return f"{plain}," if " " in plain else plain
    family = " ".join(filter(None, (name.particle, name.family)))
    given = " ".join(filter(None, (name.given, name.suffix)))
    if is_alone and " " in family and " " in given:
        return f"{name.given} {family} {name.suffix}".strip()
    return f"{family}, {given}" if given else family
