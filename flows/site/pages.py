"""Makes the pages of a site, many together: what is at their addresses, and to which pages they lead."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment

from flows.design.environment import environment_of, without_blank_lines
from flows.pages import forms, links
from flows.pages.asked import Asked, MovedPage, NoSuchPage, Part
from flows.pages.links import FileLinks, file_of
from flows.pages.registry import Kind
from flows.settings import Settings
from flows.site.route import kind_at
from warehouse import Manifest, Reader

Place = tuple[str, int]
"""A page: its address, and which part of it, from 1."""

NAMES_FROM = 3
"""Authors, institutions and topics of fewer papers have no page, which would say little more than those papers' own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One page: its file, and the pages that it links to."""

    path: str
    text: str
    leads_to: frozenset[Place] = frozenset()

    @property
    def body(self) -> bytes:
        """The file's bytes."""
        return self.text.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    address: str
    part: int
    kind: Kind
    asked: Asked


class Pages:
    """Makes pages from one snapshot. `named` are the addresses of the names that have a page."""

    def __init__(self, settings: Settings, reader: Reader, named: Container[str]) -> None:
        self._settings, self._reader, self._named = settings, reader, named
        self._manifest = reader.only("read_manifest", Manifest)
        self._not_shown: dict[str, dict[str, list[str]]] = {}
        for paper_key, content, source in reader.named("site_not_shown").rows:
            self._not_shown.setdefault(str(paper_key), {}).setdefault(str(content), []).append(str(source))

    def make(self, places: Iterable[Place]) -> Iterator[Made]:
        """The pages at these places. One that moved leads on, and one that is not there says why."""
        wanted = sorted((self._wanted(*each) for each in places), key=lambda each: (each.kind.name, each.address))
        for _, group in groupby(wanted, key=lambda each: each.kind.name):
            yield from self._of_one_kind(list(group))

    def own(self, template: str, address: str, page: Mapping[str, object]) -> Made:
        """A page that only sites have."""
        link = FileLinks(address, self._named)
        values = {"kind": None, "link": link, "address": address, "manifest": None, "is_served": False, "feeds": ()}
        text = _environment().get_template(template).render(to=links.ADDRESSES, page=page, **values)
        return Made(path=file_of(address), text=without_blank_lines(text), leads_to=frozenset(link.seen))

    def moved(self, address: str, to: str) -> Made:
        """A page that leads to another."""
        return self.own("moved.html.j2", address, {"heading": "Moved", "address": to})

    def _wanted(self, address: str, part: int) -> _Wanted:
        kind, values = kind_at(address)
        asked = {**values, **({"page": str(part)} if part > 1 else {})}
        return _Wanted(
            address=address,
            part=part,
            kind=kind,
            asked=Asked(
                settings=self._settings,
                values=asked,
                names_from=NAMES_FROM,
                # The same snapshot gives the same pages tomorrow.
                today=self._manifest.published_at.date(),
            ),
        )

    def _of_one_kind(self, wanted: list[_Wanted]) -> Iterator[Made]:
        read_many = wanted[0].kind.read_many
        pages = read_many(self._reader, [each.asked for each in wanted]) if read_many else [None] * len(wanted)
        for each, page in zip(wanted, pages, strict=True):
            try:
                yield self._made(each, each.kind.read(self._reader, each.asked) if page is None else page)
            except MovedPage as moved:
                yield self.moved(each.address, moved.address)
            except NoSuchPage as error:
                why = {"heading": "Nothing at this address", "message": f"{error}.", "status": 404}
                yield self.own("trouble.html.j2", each.address, why)

    def _made(self, wanted: _Wanted, page: object) -> Made:
        link = FileLinks(wanted.address, self._named)
        text = forms.html_of(
            wanted.kind,
            page,
            address=wanted.address,
            link=link,
            # Only there: every other page stays as it is until what it says changes.
            manifest=self._manifest if wanted.address == links.START else None,
            is_served=False,
            not_shown=self._terms_of(wanted.address),
        )
        part = getattr(page, "part", None)
        # All parts at once: each names only the next one.
        parts = {(wanted.address, number) for number in range(2, part.count + 1)} if isinstance(part, Part) else set()
        return Made(path=file_of(wanted.address, page=wanted.part), text=text, leads_to=frozenset(link.seen | parts))

    def _terms_of(self, address: str) -> Mapping[str, list[str]]:
        return self._not_shown.get(address.removeprefix(links.paper("")), {})


@cache
def _environment() -> Environment:
    return environment_of("flows.site", "flows.pages")
