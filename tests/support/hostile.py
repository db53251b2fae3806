"""A small home whose every text tries something: markup, scripts, marks of direction, control characters, formulas."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path

from tests.support.batches import hours, run
from tests.support.small import (
    CLOCKS,
    KITES,
    MONDAY,
    SALT,
    TIDES,
    Invented,
    at,
    built,
    daily,
    weekly,
)
from transforms.records import (
    AuthorClaim,
    Batch,
    HumanDecision,
    Institution,
    Link,
    Reason,
    Rejection,
    Review,
    Sighting,
)
from warehouse import open_warehouse

SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
MARKS = "\u202eover\u202c \u2066in\u2069 \x1b[31mred\x07"
BREAKOUT = "\"'></title></style></svg>--><a href=javascript:alert(1)>"
LONG = "W" * 400
HOSTILE = f"{SCRIPT} {IMAGE} {MARKS} {BREAKOUT} {{{{ 7*7 }}}} {LONG}"
FORMULA = "=cmd|' /C calc'!A0"
FRIDAY = MONDAY + timedelta(days=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileHome:
    """The home's folder, the key of its hostile paper, and a key that a merge redirected to another one."""

    folder: Path
    paper_key: str
    former_key: str
    merged_key: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """An address of every kind of page, with hostile text wherever a page has some."""
        return (
            "",
            "days",
            f"days/{FRIDAY}",
            "weeks/2026-W10",
            "months/2026-03",
            f"papers/{self.paper_key}",
            f"papers/{self.merged_key}",
            "authors",
            "authors/ada-orn",
            "institutions",
            "institutions/mila-quebec-ai-institute",
            "topics",
            "topics/looms",
            "sources",
            "sources/hf_daily",
            "sources/weekly_review",
            "calendar",
            "health",
            "search",
            "search?q=looms&reviewed=1&from=2026-03-01",
            "search?q=%3Cscript%3Ealert(1)%3C/script%3E%E2%80%AE&institution=%22%3E%3Cimg%20src=x%3E",
            "help",
            "feeds",
            "api",
        )


def hostile_home(folder: Path) -> HostileHome:
    """Build it: the small home, a day and a review more, and two papers that a person merged."""
    warehouse, _ = built(folder)
    with warehouse.writer("hostile") as writer:
        writer.load([_day(), _review()])
        left, right = (f"hf_daily/{MONDAY + timedelta(days=days)}/-/2603.{number:05}" for days, number in _MERGED)
        writer.decide(run("decisions", MONDAY), [_same(left, right)])
        writer.publish()
    with open_warehouse(str(folder)).reader() as reader:
        (key,) = reader.query("select paper_key from papers where title like '%owned%'").rows[0]
        former, merged = reader.query("select previous_key, paper_key from core.redirects").rows[0]
    return HostileHome(folder=folder, paper_key=str(key), former_key=str(former), merged_key=str(merged))


_MERGED = ((0, CLOCKS.number), (0, KITES.number))


def _same(left: str, right: str) -> HumanDecision:
    return HumanDecision(left=left, right=right, is_same=True, reason=HOSTILE, decided_at=hours(1))


def _day() -> Batch:
    bad = Invented(number=66, title=HOSTILE, authors=(HOSTILE, FORMULA, "Ada Orn"), organization=HOSTILE)
    rejected = Rejection(
        position=3, section=None, reason=Reason.MISSING_TITLE, detail=HOSTILE, entry_text=f"{{{HOSTILE}}}"
    )
    found = daily(4, at(4), (bad, 7), (SALT, 25), rejections=(rejected,))
    first, *others = found.sightings
    return replace(found, sightings=(_hostile(first), *others))


def _hostile(sighting: Sighting) -> Sighting:
    """Every text of it, and addresses that no browser should follow."""
    return replace(
        sighting,
        abstract_text=f"{HOSTILE} {sighting.abstract_text}",
        submitted_by=HOSTILE,
        site_summary=HOSTILE,
        site_keywords=(HOSTILE, "looms", FORMULA),
        categories=(HOSTILE, "cs.LG"),
        comments=HOSTILE,
        journal_ref=HOSTILE,
        thumbnail_url="javascript:alert(1)",
        author_claims=(AuthorClaim(name=HOSTILE, status=HOSTILE),),
        doi=f"10.1000/{BREAKOUT.lower().replace(' ', '')}",
        institutions=(Institution(name=HOSTILE, raw=HOSTILE), Institution(name="Mila", raw="Mila")),
        links=(
            Link(kind="project", url="javascript:alert(1)"),
            Link(kind="code", url='https://example.org/"onmouseover="alert(1)'),
            Link(kind=HOSTILE, url=f"https://example.org/{SCRIPT}"),
            Link(kind="paper", url="data:text/html,<script>alert(1)</script>"),
        ),
    )


def _review() -> Batch:
    found = weekly((TIDES, (HOSTILE,)))
    texts = {each.name: HOSTILE for each in fields(Review) if each.name not in {"unassigned", "derived"}}
    review = Review(**texts, unassigned=(HOSTILE,), derived=("verdict",))
    later = date(2026, 3, 9)
    return replace(
        found,
        partition_on=later,
        run=run("weekly_review", later),
        sightings=tuple(replace(each, partition_on=later, review=review) for each in found.sightings),
    )
