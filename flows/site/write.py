"""Writes a site: all pages of a snapshot as files, with redirects, the search, feeds and a sitemap."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from flows.feeds.atom import atom_of
from flows.feeds.json_feed import json_feed_of
from flows.feeds.new import ADDRESS as FEED
from flows.feeds.new import new_papers
from flows.pages import assets, links
from flows.pipeline.work import Progress
from flows.settings import Settings
from flows.site.folder import Changes, Writing, Written, opened
from flows.site.pages import NAMES_FROM, Made, Pages, Place
from flows.site.search import FOLDER as INDEX
from flows.site.search import SearchedPaper, index_files
from flows.site.sitemap import robots_file, sitemap_files
from flows.site.workers import Job, crawl, makers
from flows.terms import may_be_shown
from transforms.records import Content
from warehouse import Reader, open_warehouse, shown_copy

Show = Literal["terms", "all"]
SEARCH = "search"
# Below that another process takes longer to start than it saves.
PAPERS_OF_ONE_PROCESS = 400
PROCESSES_MAX = 8
_BY_TERMS = (Content.ABSTRACT, Content.REVIEW, Content.SUMMARY, Content.ACCOUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is to be written: where its pages will be, if that is known, and whether terms decide what is shown."""

    base_url: str | None = None
    show: Show = "terms"

    def may_be_shown(self, source: str, content: str) -> bool:
        """Whether texts or names of this kind that a source gave may stand on its pages."""
        return self.show == "all" or may_be_shown(source, Content(content))

    def page_of(self, paper_key: str) -> str | None:
        """Where the page about a paper will be, if that is known."""
        return f"{self.base_url}/{quote(links.file_of(links.paper(paper_key)))}" if self.base_url else None


def write_site(settings: Settings, root: Path, site: Site, progress: Progress) -> Changes:
    """Write the site of the published snapshot into a folder, and say what changed.

    Raises WarehouseError if nothing is published, and SiteFolderError if the folder cannot be used. Until all pages are
    made the folder stays as it was.
    """
    with opened(root) as folder, shown_copy(settings.home, _BY_TERMS, site.may_be_shown) as home:
        with open_warehouse(str(home)).reader() as reader:
            papers = reader.records("site_papers", SearchedPaper)
            job = Job(settings=settings, home=home, named=_named(reader), writing=folder.writing())
            redirects = {
                links.paper(str(old)): links.paper(str(key)) for old, key in reader.named("site_redirects").rows
            }
            progress.note(f"{len(papers):,} papers: search and feeds")
            apart = _put(
                job.writing, chain(_own_pages(job, reader, papers, redirects), _other_files(reader, papers, site))
            )
        written = _pages(job, papers, progress)
        if site.base_url:
            apart |= _put(job.writing, sitemap_files(site.base_url, list(written)))
        progress.note(f"{len(written) + len(apart):,} files are compared with {root}")
        return folder.finish(written | apart)


def _pages(job: Job, papers: Sequence[SearchedPaper], progress: Progress) -> dict[str, Written]:
    """All pages that any page leads to; every paper is one of them, whether a list still has it or not."""
    roots: list[Place] = [(links.START, 1), *((links.paper(each.paper_key), 1) for each in papers)]
    processes = PROCESSES_MAX if len(papers) > PAPERS_OF_ONE_PROCESS else 1
    with makers(job, min(processes, len(os.sched_getaffinity(0)))) as makes:
        return crawl(makes, roots, apart={(SEARCH, 1)}, progress=progress)


def _named(reader: Reader) -> frozenset[str]:
    addresses = {"author": links.author, "institution": links.institution, "topic": links.topic}
    rows = reader.named("site_names", {"least": NAMES_FROM}).rows
    return frozenset(addresses[str(what)](str(key)) for what, key in rows)


def _own_pages(
    job: Job, reader: Reader, papers: Sequence[SearchedPaper], redirects: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The search page, and a page for every key that a paper had before."""
    pages = Pages(job.settings, reader, job.named)
    about = {
        "heading": "Search",
        "has_abstracts": any(each.abstract for each in papers),
        "sources": sorted({source for each in papers for source in each.sources}),
        "years": sorted({each.known_on.year for each in papers if each.known_on}, reverse=True),
    }
    yield from _encoded(pages.own("find.html.j2", SEARCH, about))
    for old, new in redirects.items():
        yield from _encoded(pages.moved(old, new))


def _other_files(reader: Reader, papers: Sequence[SearchedPaper], site: Site) -> Iterator[tuple[str, bytes]]:
    """The files that are no pages."""
    for name, each in assets.assets().items():
        yield f"assets/{name}", each.body
    yield "assets/search.js", files("flows.site").joinpath("assets/search.js").read_bytes()
    for name, body in index_files(papers):
        yield f"{INDEX}/{name}", body
    feed = new_papers(reader, home_url=site.base_url and f"{site.base_url}/", page_of=site.page_of)
    yield f"{FEED}.xml", atom_of(feed, own_url=site.base_url and f"{site.base_url}/{FEED}.xml")
    yield f"{FEED}.json", json_feed_of(feed, own_url=site.base_url and f"{site.base_url}/{FEED}.json")
    # Some hosts would leave out files whose names begin with an underline.
    yield ".nojekyll", b""
    if site.base_url and (robots := robots_file(site.base_url)):
        yield "robots.txt", robots


def _encoded(page: Made) -> Iterator[tuple[str, bytes]]:
    yield page.path, page.body


def _put(writing: Writing, made: Iterable[tuple[str, bytes]]) -> dict[str, Written]:
    return {path: writing.add(path, body) for path, body in made}
