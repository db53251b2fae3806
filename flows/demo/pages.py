"""Pages of the real shape around given contents, for the demo, the tests and the benchmark; all contents are invented.

The shapes are those of captured day pages (embedded JSON and cards) and of text dumps. HTML pages carry the word
`reconstructed`, so that none is mistaken for a capture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from transforms.fields.dates import MONTHS

SITE = "https://huggingface.co"
Item = dict[str, Any]
"""One paper of a day page, as its JSON has it."""

_WEEK_TABLE = ("| **Paper**  | **Links** |", "| ------------- | ------------- |")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedText:
    """One paper of a listing dump: `who` and `dated` make its block, neither makes a paper without one."""

    title: str
    abstract: str
    who: str | None = None
    dated: str | None = None


def hf_item(
    paper_id: str,
    title: str,
    abstract: str,
    *,
    authors: Sequence[str] = ("Ada Example",),
    published: str = "2026-01-01T00:00:00.000Z",
    upvotes: int = 0,
    comments: int = 0,
    submitter: str | None = "example-reader",
    organization: tuple[str, str] | None = None,
    code: str | None = None,
    stars: int | None = None,
    project: str | None = None,
    media: Sequence[str] = (),
) -> Item:
    """One item as the site's JSON has it; `organization` is (name, fullname)."""
    account = {"name": submitter, "fullname": f"{submitter} (invented)", "type": "user", "isPro": False}
    shared = {
        "mediaUrls": list(media) or None,
        "organization": {"name": organization[0], "fullname": organization[1]} if organization else None,
    }
    paper = {
        "id": paper_id,
        "authors": [{"name": name, "hidden": False} for name in authors],
        "publishedAt": published,
        "submittedOnDailyAt": published,
        "title": title,
        "submittedOnDailyBy": account if submitter else None,
        "summary": abstract,
        "upvotes": upvotes,
        "discussionId": f"d{paper_id}",
        "projectPage": project,
        "githubRepo": code,
        "githubStars": stars,
        **shared,
    }
    item = {
        "paper": _present(paper),
        "publishedAt": published,
        "title": title,
        "summary": abstract,
        "thumbnail": f"{SITE}/social-thumbnails/papers/{paper_id}.png",
        "numComments": comments,
        "upvoted": False,
        "submittedBy": account if submitter else None,
        "isAuthorParticipating": False,
        **shared,
    }
    return _present(item)


def hf_day_page(
    day: date,
    items: Sequence[Item],
    previous_on: date | None = None,
    next_on: date | None = None,
    *,
    with_json: bool = True,
) -> str:
    """The page of one list day; a `next_on` closes the day. Without JSON only the cards are left of it."""
    data = hf_day(day, items, previous_on, next_on)
    return hf_page(data, "\n".join(hf_card(item) for item in items), with_json=with_json)


def hf_day(
    day: date, items: Sequence[Item], previous_on: date | None = None, next_on: date | None = None, **changes: object
) -> dict[str, Any]:
    """The JSON of one list day; `changes` replace or add fields of its top level."""
    return {
        "canSubmit": False,
        "dateString": day.isoformat(),
        "dailyPapers": list(items),
        "prevDate": (previous_on or day - timedelta(days=1)).isoformat(),
        "publisher": {"fullname": "Example Curator", "user": "example-curator"},
        "periodType": "day",
        **({"nextDate": next_on.isoformat()} if next_on else {}),
        "query": {},
        "isTrending": False,
        **changes,
    }


def hf_page(data: Mapping[str, Any], cards: str, *, with_json: bool = True) -> str:
    """A page around any JSON and any cards, for layouts that differ from the real one."""
    props = f' data-props="{_attribute(json.dumps(data, ensure_ascii=False))}"' if with_json else ""
    return f"""<!doctype html>
<html class="">
	<head>
		<meta charset="utf-8" />
		<!-- reconstructed: the shape of a real page, contents invented -->
		<meta property="og:url" content="{SITE}/papers/date/{data.get("dateString")}" />
		<title>Daily Papers - Hugging Face</title>
	</head>
	<body class="flex flex-col min-h-dvh bg-white">
		<header><a class="hover" href="/login">Log In</a><h3 class="mb-1">Get trending papers</h3></header>
		<main><div class="SVELTE_HYDRATER contents" data-target="DailyPapers"{props}><section>
{cards}
		</section></div></main>
		<script></script>
	</body>
</html>
"""


def hf_card(item: Item) -> str:
    """The rendered card of one item."""
    paper = item["paper"]
    paper_id, title = escape(paper.get("id", "")), escape(" ".join(paper.get("title", "").split()), quote=False)
    upvotes = paper.get("upvotes") or "-"
    return f"""<article class="relative flex flex-col overflow-hidden rounded-xl border">\
<a class="peer relative block h-56 w-full" href="/papers/{paper_id}"><img alt="" loading="lazy"></a>\
{_submitter(item)}<div class="-mt-2 flex px-6 pb-6 pt-8">\
<a class="self-start" href="/login?next=%2Fpapers%2F{paper_id}"><div class="shadow-alternate flex h-14 w-12">\
<input disabled type="checkbox" class="peer hidden"/><div class="leading-none">{upvotes}</div></div></a>\
<div class="w-full min-w-0"><h3 class="mb-1 text-lg/6 font-semibold"><a class="line-clamp-3" href="/papers/{paper_id}">\
{title}</a></h3><div class="flex min-w-0 items-center justify-between gap-1">{_owner(item)}\
<div class="flex items-center gap-2">{_stars(item)}{_comments(item)}</div></div></div></div></article>"""


def short_review(abstract: str, summary: str) -> tuple[str, ...]:
    """An entry of two lines."""
    return (abstract, summary)


def long_review(
    abstract: str,
    primary: str,
    institutions: str,
    summary: str,
    sections: Sequence[str],
    impact: str | None = None,
) -> tuple[str, ...]:
    """An entry with 3 or 4 sections: with its own `impact` text variant A, without one variant B."""
    closing = f"{impact} {summary}" if impact else summary
    return (abstract, f"Primary: {primary}", f"All Institutions: {institutions}", summary, *sections, closing)


def weekly_dump(start: date, top: Sequence[Sequence[str]], rest: Sequence[Sequence[str]]) -> str:
    """The dump of the seven days from `start`: 3 top entries, and a list of 15: them again among the 12 others."""
    if (len(top), len(rest)) != (3, 12):
        raise ValueError(f"a week has 3 top entries and 12 others, not {len(top)} and {len(rest)}")
    listed = [top[0], *rest[:4], top[1], top[2], *rest[4:]]
    lines = [weekly_header(start), *(line for entry in (*top, *listed) for line in entry)]
    return "\n".join(lines) + "\n"


def weekly_header(start: date, days: int = 7) -> str:
    """The first line; the year is that of the last day."""
    end = start + timedelta(days=days - 1)
    first, last = (f"{MONTHS[day.month - 1]} {day.day:02d}" for day in (start, end))
    return f"Last {days} Days ({first} \N{EN DASH} {last}, {end.year})"


def listing_dump(own_date: str, entries: Sequence[ListedText]) -> str:
    """The rendered text of a search page that was shown on `own_date` (as `Jun 1`)."""
    preamble = [
        "new",
        "Get trending papers in your email inbox!",
        "Subscribe",
        "Daily Papers",
        "byAK and the research community",
        own_date,
    ]
    parts = [*preamble]
    for entry in entries:
        block = [f"{entry.who}\n\N{MIDDLE DOT}\n{entry.dated}"] if entry.who and entry.dated else []
        parts += [entry.title, entry.abstract, *block]
    return "\n\n".join(parts) + "\n"


def week_row(position: int, text: str, links: str) -> str:
    """One row of a week's table: both cells as Markdown."""
    return f"| {position}) {text} | {links} |"


def weeks_readme(weeks: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The README of weekly lists: (the text of its heading from the days on, its rows), the latest week first."""
    contents = [f"- [Top ML Papers of the Week ({days.split(')')[0]})](./#top-ml-papers)" for days, _ in weeks]
    lines = ["# ML Papers of The Week", "", "<!-- reconstructed: the shape of a real README, contents invented -->", ""]
    lines += ["## 2025", *contents, "", *_week_tables("ML", weeks)]
    return "\n".join([*lines, "", "We read them all.", ""])


def weeks_of_year(year: int, weeks: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The file of a year since the list moved: the same weeks in other words, and the year in the title."""
    lines = [f"# AI Papers of the Week \N{EM DASH} {year}", "", "[\N{LEFTWARDS ARROW} Back](../README.md)", ""]
    lines += ["<!-- reconstructed: the shape of a real file, contents invented -->", "", "---", ""]
    return "\n".join([*lines, *_week_tables("AI", weeks)[:-2], ""])


def weeks_index(days: Mapping[int, Sequence[str]]) -> str:
    """The README since the list moved: for each year what its weeks' headings say in their brackets."""
    lines = ["# AI Papers of the Week", "", "<!-- reconstructed: the shape of a real index, contents invented -->"]
    for year, weeks in days.items():
        lines += ["", f"## {year}", *(f"- [Top AI Papers of the Week ({each})](years/{year}.md#top)" for each in weeks)]
    return "\n".join([*lines, "", "We read them all.", ""])


def _week_tables(word: str, weeks: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    return [
        line
        for days, rows in weeks
        for line in (f"## Top {word} Papers of the Week ({days}", *_WEEK_TABLE, *rows, "", "---")
    ]


def _present(fields: Item) -> Item:
    """The site leaves a field out where it has no value."""
    return {name: value for name, value in fields.items() if value is not None}


def _attribute(text: str) -> str:
    """The site escapes `&`, `"` and `<` in attributes, and leaves `>` (captured pages of 2026)."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _submitter(item: Item) -> str:
    if "submittedBy" not in item:
        return ""
    name = escape(item["submittedBy"]["name"])
    return (
        '<div class="shadow-xs pointer-events-none absolute right-2 top-56 text-xs leading-none">Submitted by '
        f'<div class="flex-none"><img alt="" loading="lazy"></div> {name}</div>'
    )


def _owner(item: Item) -> str:
    if "organization" in item:
        name, fullname = (escape(item["organization"][key]) for key in ("name", "fullname"))
        return f'<a class="inline-flex" href="/{name}"><span class="block truncate">{fullname}</span></a>'
    paper_id, count = escape(item["paper"].get("id", "")), len(item["paper"].get("authors", ()))
    return (
        f'<a class="flex" href="/papers/{paper_id}"><ul class="flex items-center">'
        f'<li class="text-xs order-first ml-3"><div class="flex"><div class="mx-1">\N{MIDDLE DOT}</div> '
        f"{count} authors</div></li></ul></a>"
    )


def _stars(item: Item) -> str:
    stars = item["paper"].get("githubStars")
    if stars is None:
        return ""
    shown = f"{stars / 1000:.2f}k" if stars >= 1000 else str(stars)
    paper_id = escape(item["paper"].get("id", ""))
    return f'<a class="flex gap-1 rounded-md" href="/papers/{paper_id}"><svg></svg> <span>{shown}</span></a>'


def _comments(item: Item) -> str:
    comments = item.get("numComments")
    paper_id = escape(item["paper"].get("id", ""))
    return f'<a class="flex gap-1" href="/papers/{paper_id}#community"><svg></svg> {comments}</a>' if comments else ""
