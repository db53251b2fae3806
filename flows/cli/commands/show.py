"""`paperlog show`: one paper on a terminal, 80 columns wide."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from flows.cli import options, output
from flows.places.warehouse import warehouse_of
from flows.settings import from_environment
from flows.shown import counted, in_one_line
from transforms.records import REVIEW_SECTIONS
from warehouse import whole_paper

Row = Mapping[str, Any]

WIDTH = 79
LABEL = 16
SHORT = 300
"""Characters of a summary, a section of a review, or a list of names that are shown; `--json` has all."""

PAGES = {"arxiv": "arXiv page"}
"""Labels of links that are not their kind."""

MARKS = "▁▂▃▄▅▆▇█"
MARKS_MOST = 40


@click.command()
@click.argument("paper", metavar="PAPER")
@options.json_option
def show(paper: str, as_json: bool) -> None:
    """Show one paper: what each source said of it, its upvotes over time, reviews, arXiv's facts, why it is one paper.

    PAPER is its key, a previous key, an arXiv id, a DOI, an address or the whole title.
    """
    with warehouse_of(from_environment()).reader() as reader:
        found = whole_paper(reader, paper)
    output.answer(found, "\n".join(lines_of(found)), as_json=as_json)


def lines_of(paper: Row) -> list[str]:
    """The paper for people; long texts are cut, nothing is left out that is short."""
    return [
        *_wrapped(paper["title"] or "(no source gave a title)", "", ""),
        *_about(paper),
        *_part("seen in", (line for each in paper["sightings"] for line in _sighting(each, paper))),
        *_part("numbers", (line for each in paper["numbers"] for line in _number(each))),
        *_part("reviews", (line for each in paper["reviews"] for line in _review(each))),
        *_part("arXiv says", _arxiv(paper)),
        *_part("one paper", _why(paper)),
    ]


def _about(paper: Row) -> Iterator[str]:
    published = f"{paper['published_on']} ({paper['published_on_source']}, {paper['published_certainty']})"
    held = {each["content"] for each in paper["withheld"]}
    facts = {
        "key": paper["paper_key"],
        "was also": ", ".join(paper["previous_keys"]),
        "arXiv id": paper["arxiv_id"],
        "DOI": paper["doi"],
        "authors": _short(", ".join(paper["authors"])) or _unnamed(paper["author_count"]),
        "at": _short(", ".join(paper["institutions"])),
        "published": paper["published_on"] and published,
        "listed": _listed(paper),
        "reviewed": paper["first_reviewed_on"] and f"first on {paper['first_reviewed_on']}",
        "abstract": _short(paper["abstract"] or ("withheld" if "abstract" in held else "")),
        "withheld": ", ".join(sorted(held - {"abstract"})),
    }
    for label, value in facts.items():
        if value:
            yield from _labelled(label, value)
    for each in paper["links"]:
        yield from _labelled(PAGES.get(each["kind"], each["kind"]), each["url"])


def _listed(paper: Row) -> str | None:
    """The days of daily lists, else the partitions of other lists, with their names."""
    if paper["first_listed_on"]:
        return " to ".join(dict.fromkeys(map(str, (paper["first_listed_on"], paper["last_listed_on"]))))
    others = dict.fromkeys(f"{each['partition_on']} ({each['source']})" for each in paper["sightings"])
    return ", ".join(others) or None


def _sighting(sighting: Row, paper: Row) -> Iterator[str]:
    section = f" of {sighting['section']}" if sighting["section"] else ""
    place = "" if sighting["position"] is None else f", place {sighting['position']}"
    lost = "" if sighting["is_listed"] else ", no longer listed"
    by = f", submitted by {sighting['submitted_by']}" if sighting["submitted_by"] else ""
    source = ":".join(part for part in (sighting["source"], sighting["series"]) if part)
    yield from _wrapped(f"{sighting['partition_on']} {source}{place}{section}{by}{lost}")
    words = {
        "title": sighting["title_text"] if sighting["title_text"] != paper["title"] else None,
        "filed under": sighting["organization"],
        "summary": _short(sighting["site_summary"] or ""),
        "keywords": _short(", ".join(sighting["site_keywords"] or ())),
        "comments": sighting["comments"],
    }
    for label, value in words.items():
        if value:
            yield from _labelled(label, value, "    ")


def _number(number: Row) -> Iterator[str]:
    said = [
        f"{name} {number[f'{name}_value']:,} on {_minute(number[f'{name}_at'])}" for name in ("first", "last", "most")
    ]
    values = [each["value"] for each in number["readings"]]
    count = counted(len(values), "reading")
    yield from _wrapped(f"{number['metric']} in {number['source']}, {count}, UTC  {sparkline(values)}")
    yield from _wrapped(", ".join(said) if len(values) > 1 else said[1], "    ")


def sparkline(values: Sequence[int]) -> str:
    """A mark for each of the values, at most forty, from the least to the most; none where it cannot be printed."""
    if not (sys.stdout.encoding or "").lower().startswith("utf"):
        return ""
    count = min(len(values), MARKS_MOST)
    chosen = [values[round(place * (len(values) - 1) / max(count - 1, 1))] for place in range(count)]
    least, most = min(chosen), max(chosen)
    return "".join(MARKS[(len(MARKS) - 1) * (value - least) // max(most - least, 1)] for value in chosen)


def _review(review: Row) -> Iterator[str]:
    at = f", {', '.join(review['institutions'])}" if review["institutions"] else ""
    yield from _wrapped(f"{review['partition_on']} {review['source']}{at}")
    own = {name: review[name] for name in REVIEW_SECTIONS if review[name] != review["summary"]}
    said = {"summary": review["summary"], **own}
    for label, value in said.items():
        if value:
            yield from _labelled(label, _short(value), "    ")
    for each in review["unassigned"]:
        yield from _labelled("also", _short(each), "    ")


def _arxiv(paper: Row) -> Iterator[str]:
    facts = paper["arxiv_facts"]
    if facts is None:
        return
    said = {
        "categories": " ".join(facts["categories"] or ()),
        "venue": facts["venue"],
        "journal": facts["journal_ref"],
        "comments": facts["comments"],
        "licence": facts["license"],
        "withdrawn": "yes" if facts["is_withdrawn"] else None,
        "deleted": "yes" if facts["is_deleted"] else None,
        "read": f"{_minute(facts['read_at'])} UTC from {facts['service']}",
    }
    for each in paper["arxiv_versions"]:
        size = f", {each['size_text']}" if each["size_text"] else ""
        yield from _labelled(f"version {each['version']}", f"{_minute(each['created_at'])} UTC{size}", "  ")
    for label, value in said.items():
        if value:
            yield from _labelled(label, value, "  ")


def _why(paper: Row) -> Iterator[str]:
    if paper["is_named_by_arxiv"]:
        yield from _wrapped("title and id are arXiv's, whose abstract has the same letters and digits")
    for each in paper["sightings"]:
        bits = "founded the paper" if each["rule"] == "founded" else f"{each['rule']}, {each['score']:+.1f} bits"
        yield from _wrapped(f"{each['sighting_key']}: {bits}")
    if len(paper["sightings"]) > 1:
        yield from _wrapped(f"the evidence: paperlog resolve --explain {paper['paper_key']}")


def _part(title: str, lines: Iterator[str]) -> list[str]:
    found = list(lines)
    return ["", title, *found] if found else []


def _labelled(label: str, value: object, indent: str = "") -> list[str]:
    return _wrapped(f"{label:<{LABEL}}{in_one_line(str(value))}", indent, indent + " " * LABEL)


def _wrapped(text: str, indent: str = "  ", below: str = "    ") -> list[str]:
    """Lines of a terminal of 80 columns; a word that is longer, such as an address, stays whole."""
    return textwrap.wrap(
        output.text(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=max(indent, below, key=len),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _short(text: str) -> str:
    return textwrap.shorten(text, SHORT, placeholder=" …", break_on_hyphens=False)


def _unnamed(count: int | None) -> str | None:
    return f"{count}, whose names no source gives" if count else None


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
