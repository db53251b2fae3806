"""`python -m tests.drills.digests [DAYS] [--kills N] [--seed N]`: a year of days, and what readers were told of them.

Every day a list comes, in the evening open and at noon closed, on some days with a refusal that is mended days later;
arXiv announces most papers a day before, reviews come a week later, people join and part papers, and in the middle of
the year everything moves into a home that was loaded in another order. Where there are real pages they come on their
own days. After each publish four readers are told by a webhook on 127.0.0.1, and one by a feed; at random moments
whoever tells them is killed. Everything that arrived is held against what was listed, without a look at the ledger.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from extractors.landing.adopt import page_of_file
from flows.digest.channels import KINDS
from flows.digest.deliver import Asked, Delivery, deliver
from flows.digest.interests_file import read_interests
from flows.settings import Settings, from_environment
from tests.support.batches import abstract_of, batch, run
from tests.support.environment import scrubbed
from tests.support.pages import batches_of
from tests.support.places import DATA
from tests.support.servers import Handler, serving
from tests.support.small import DAILY, WEEKLY
from transforms.records import (
    Batch,
    Cause,
    Closing,
    HumanDecision,
    Metric,
    Outcome,
    Review,
    Sighting,
    SourceFacts,
)
from warehouse import LEDGER, Warehouse, copy_ledger, open_warehouse

FIRST = date(2025, 6, 2)
ARXIV = SourceFacts(
    name="arxiv_announced:cs.LG", trust=2, closing=Closing.FIRST_READ, extractor_version=1, is_archive=True
)
SUBJECTS = ("Looms", "Kites", "Tides", "Clocks", "Moths", "Salt")
PAPERS_A_DAY = 6
SECRET = "DRILL_RECEIVER"  # noqa: S105 - the name of a variable
READERS = f"""
[readers.everyone]
since = {FIRST}
at_most = 100000

[[readers.everyone.channels]]
kind = "webhook"
secret = "{SECRET}"

[[readers.everyone.channels]]
kind = "feed"

[readers.looms]
words = ["loom*"]
not_words = ["kites"]
since = {FIRST}
rises = 40

[[readers.looms.channels]]
kind = "webhook"
secret = "{SECRET}"

[readers.mondays]
words = ["tides"]
days = ["monday"]
since = {FIRST}

[[readers.mondays.channels]]
kind = "webhook"
secret = "{SECRET}"

[readers.few]
at_most = 3
since = {FIRST}

[[readers.few.channels]]
kind = "webhook"
secret = "{SECRET}"
"""


WISHES: Mapping[str, Callable[[str], bool]] = {
    "everyone": lambda _: True,
    "looms": lambda title: "loom" in title.lower() and "kites" not in title.lower(),
    "mondays": lambda title: "tides" in title.lower(),
}
"""Of which titles a reader is to be told, in other words than the interests file has."""


@dataclass(slots=True)
class Arrived:
    """What a receiver took: for each key that came with a message, its bodies."""

    bodies: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


class Receiver(Handler):
    """Takes every message; a slow one leaves time for a kill between its yes and the ledger."""

    arrived: Arrived

    def do_POST(self) -> None:  # noqa: N802 - the standard library's name
        """Keep the message, then say yes."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.arrived.bodies[self.headers["Idempotency-Key"]].append(body)
        self.send_response(204)
        self.end_headers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What happens on each day, by the day and its order within: batches, decisions, and which lists are in trouble."""

    batches: Mapping[date, Sequence[Batch]]
    decisions: Mapping[date, Sequence[HumanDecision]]
    late: frozenset[str]
    titles: Mapping[str, date]
    joined_first: Mapping[str, str]
    trouble: Mapping[date, frozenset[str]]


def main() -> int:
    """0 if every reader was told every paper once, and nothing was repeated but what may be."""
    asked = _arguments()
    if asked.once:
        _tell(from_environment(), datetime.fromisoformat(asked.once))
        return 0
    arrived, dice = Arrived(), random.Random(asked.seed)
    year = invented(asked.days, dice)
    with tempfile.TemporaryDirectory(prefix="paperlog-digests-") as name, serving(Receiver, arrived=arrived) as base:
        home = Path(name) / "home"
        home.mkdir()
        (home / "interests.toml").write_text(READERS, "utf-8")
        environment = scrubbed(PAPERLOG_HOME=str(home), **{SECRET: f"{base}/take"})
        met = _lived(year, home, environment, asked.kills, dice)
    faults = [*met.faults, *judged(year, arrived)]
    for line in (*met.lines, *_counted(arrived), *(f"WRONG: {each}" for each in faults[:40])):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(faults)} wrong\n")
    return int(bool(faults))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.digests", description=__doc__)
    parser.add_argument("days", type=int, nargs="?", default=365)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--once", help="tell the readers of the home of the environment at this time, and end")
    return parser.parse_args()


def invented(days: int, dice: random.Random) -> Year:
    """A year that follows from the dice."""
    made: dict[date, list[Batch]] = defaultdict(list)
    decisions: dict[date, list[HumanDecision]] = defaultdict(list)
    trouble: dict[date, set[str]] = defaultdict(set)
    titles: dict[str, date] = {}
    late: set[str] = set()
    joined_first: dict[str, str] = {}
    real = _real_days()
    numbers = iter(range(1, 1_000_000))
    for ahead in range(days):
        day = FIRST + timedelta(days=ahead)
        if day.weekday() > 4 or day in real:
            continue
        papers = [next(numbers) for _ in range(PAPERS_A_DAY)]
        listed = [_listed(number, day, position) for position, number in enumerate(papers, start=1)]
        titles |= {str(each.title_text): day for each in listed}
        is_late = ahead > 7 and dice.random() < 0.06 and ahead + 12 < days
        comes = day + timedelta(days=dice.randint(3, 9)) if is_late else day
        if is_late:
            made[day].append(_refused(day))
            for missed in range((comes - day).days):
                trouble[day + timedelta(days=missed)].add(str(day))
            late |= {str(each.title_text) for each in listed}
        else:
            made[day - timedelta(days=1)].append(_announced(listed[:3], day - timedelta(days=1)))
        made[comes].append(_reading(listed[:-1], day, comes, 22, is_closed=False))
        trouble[comes].add(str(day))
        made[comes + timedelta(days=1)].append(_reading(listed, day, comes + timedelta(days=1), 12, is_closed=True))
        rising = [replace(each, metrics=((Metric.UPVOTES, 90 + position),)) for position, each in enumerate(listed)]
        made[comes + timedelta(days=5)].append(_reading(rising, day, comes + timedelta(days=5), 12, is_closed=True))
        if day.weekday() == 0:
            made[day + timedelta(days=8)].append(_reviewed(listed[:2], day))
        if dice.random() < 0.1 and not is_late:
            joined = _same(listed[3], listed[4], day, is_same=True)
            when = day if dice.random() < 0.5 else day + timedelta(days=2)
            decisions[when].append(joined)
            if when == day:  # told as one paper, under the title that is believed, until they are parted
                joined_first[str(listed[4].title_text)] = str(listed[3].title_text)
            decisions[day + timedelta(days=9)].append(_same(listed[3], listed[4], day, is_same=False))
    for day, found in real.items():
        made[day + timedelta(days=1)] += found
        titles |= {str(each.title_text): day for one in found for each in one.sightings if each.title_text}
    return Year(
        batches=made,
        decisions=decisions,
        late=frozenset(late),
        titles={title: day for title, day in titles.items() if day + timedelta(days=12) < FIRST + timedelta(days=days)},
        joined_first=joined_first,
        trouble={day: frozenset(each) for day, each in trouble.items()},
    )


def _real_days() -> Mapping[date, list[Batch]]:
    found: dict[date, list[Batch]] = defaultdict(list)
    for file in sorted(DATA.glob("hf_daily/*.html")) if DATA.exists() else ():
        for each in batches_of(page_of_file(file, "hf_daily", None)):
            if each.partition_on and each.outcome is Outcome.LISTING:
                found[each.partition_on].append(each)
    return found


def _listed(number: int, day: date, position: int) -> Sighting:
    title = f"{SUBJECTS[number % len(SUBJECTS)]} of kind {number} and what they are for"
    return Sighting(
        source=DAILY.name,
        partition_on=day,
        section=None,
        position=position,
        entry_key=f"{day:%y%m}.{number:05}",
        arxiv_id=f"{day:%y%m}.{number:05}",
        title_text=title,
        abstract_text=abstract_of(title),
        authors=(f"Ada Example{number}", "Bo Sample"),
        author_count=2,
        published_on=day - timedelta(days=1),
        metrics=((Metric.UPVOTES, 5 + position),),
    )


def _reading(sightings: Sequence[Sighting], day: date, read_on: date, hour: int, *, is_closed: bool) -> Batch:
    at = datetime(read_on.year, read_on.month, read_on.day, hour, tzinfo=UTC)
    return batch(sightings, at=at, day=day, facts=DAILY, is_closed=is_closed)


def _refused(day: date) -> Batch:
    at = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
    made = batch([], at=at, day=day, facts=DAILY)
    return replace(made, outcome=Outcome.REFUSED, reason="the layout changed", cause=Cause.LAYOUT_CHANGED)


def _announced(listed: Sequence[Sighting], day: date) -> Batch:
    sightings = [replace(each, source=ARXIV.name, partition_on=day, section="new", metrics=()) for each in listed]
    return batch(sightings, at=datetime(day.year, day.month, day.day, 6, tzinfo=UTC), day=day, facts=ARXIV)


def _reviewed(listed: Sequence[Sighting], monday: date) -> Batch:
    sightings = [
        replace(
            each,
            source=WEEKLY.name,
            partition_on=monday,
            section="list",
            entry_key=f"a-{each.entry_key}",
            title_text=None,
            arxiv_id=None,
            authors=(),
            author_count=None,
            metrics=(),
            review=Review(summary=f"What {each.entry_key} does."),
        )
        for each in listed
    ]
    at = datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC) + timedelta(days=8)
    return batch(sightings, at=at, day=monday, facts=WEEKLY)


def _same(left: Sighting, right: Sighting, day: date, *, is_same: bool) -> HumanDecision:
    moment = datetime(day.year, day.month, day.day, 21, tzinfo=UTC) + timedelta(days=0 if is_same else 9)
    return HumanDecision(
        left=left.sighting_key, right=right.sighting_key, is_same=is_same, reason="a drill", decided_at=moment
    )


@dataclass(slots=True)
class Lived:
    """What happened while the year was lived."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def _lived(year: Year, home: Path, environment: Mapping[str, str], kills: int, dice: random.Random) -> Lived:
    met, outcomes = Lived(), Counter[str]()
    days = sorted({*year.batches, *year.decisions})
    killed_on = Counter(dice.choices(days, k=kills)) if kills else Counter[date]()
    moved_on = days[len(days) // 2]
    loaded: list[Sequence[Batch] | Sequence[HumanDecision]] = []
    entries: dict[str, str] = {}
    began, killed, seconds = time.monotonic(), 0, 3.0
    for day in days:
        warehouse = open_warehouse(str(home))
        given = [each for each in (year.batches.get(day, ()), year.decisions.get(day, ())) if each]
        loaded += given
        _load(warehouse, given)
        if day == moved_on:
            _move(home, loaded)
            met.lines.append(f"on {day} everything moved into a home that was loaded in another order")
        now = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
        for _ in range(killed_on[day]):
            was_killed, took = _killed(environment, now, dice.uniform(0, 1.1 * seconds))
            killed += was_killed
            seconds = seconds if was_killed else took
        for each in _told(environment, now):
            outcomes[each.outcome] += 1
            if each.is_bad:
                met.faults.append(f"{day}: {each.line}")
            if each.outcome == "nothing new" and year.trouble.get(day):
                met.faults.append(f"{day}: {each.line}, although {sorted(year.trouble[day])} could not be looked at")
        if day.day == 1 or day == days[-1]:
            now_there = _entries(home)
            met.faults += [f"{day}: entry {each} is gone or another one" for each in entries if each not in now_there]
            met.faults += [f"{day}: {entries[each]!r} is called otherwise" for each in _other(entries, now_there)]
            entries = now_there
    met.faults += _in_feed(entries, year)
    met.lines.append(f"{len(entries):,} entries in the feed, each once, under the ids that they had from the first")
    took_all = time.monotonic() - began
    met.lines.append(f"{len(days)} days, {killed} kills of {kills} tries, {took_all:.0f} s")
    met.lines.append("outcomes: " + ", ".join(f"{count:,} {name}" for name, count in sorted(outcomes.items())))
    return met


def _entries(home: Path) -> dict[str, str]:
    """Every entry of the feed and its archives, by its id: its title."""
    files = sorted((home / "feeds" / "everyone").glob("archive-*.json"))
    items = [each for file in files for each in json.loads(file.read_text("utf-8"))["items"]]
    if len({each["id"] for each in items}) != len(items):
        raise RuntimeError("an entry stands twice in the feed")
    return {each["id"]: each["title"] for each in items}


def _other(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [each for each in before if each in now and before[each] != now[each]]


def _in_feed(entries: Mapping[str, str], year: Year) -> Iterator[str]:
    """What the feed lacks, or tells twice. A review that came with a late list tells of the paper too."""
    news = Counter(
        each.removeprefix("Late: ") for each in entries.values() if not each.startswith(("Review: ", "Rose: "))
    )
    reviews = {each.removeprefix("Review: ") for each in entries.values() if each.startswith("Review: ")}
    yield from (f"the feed lacks {title!r}" for title in year.titles if not news[title] and title not in reviews)
    yield from (f"the feed has {title!r} {count} times" for title, count in news.items() if count > 1)


def _load(warehouse: Warehouse, given: Sequence[Sequence[Batch] | Sequence[HumanDecision]]) -> None:
    with warehouse.writer("drill") as writer:
        for each in given:
            if isinstance(each[0], HumanDecision):
                writer.decide(run("manual", None), each)  # type: ignore[arg-type]  # all of one kind
            else:
                writer.load(each)  # type: ignore[arg-type]  # all of one kind
        writer.publish()


def _move(home: Path, loaded: Sequence[Sequence[Batch] | Sequence[HumanDecision]]) -> None:
    """Load all of it again, the youngest first, so that papers have other keys, and let the ledger follow."""
    other = home.with_name("other")
    other.mkdir()
    batches = [each for group in loaded for each in group if isinstance(each, Batch)]
    decided = [each for group in loaded for each in group if isinstance(each, HumanDecision)]
    named = [replace(each, run=run(each.run.source, each.partition_on)) for each in reversed(batches)]
    _load(open_warehouse(str(other)), [*([each] for each in named), *([decided] if decided else [])])
    shutil.copyfile(home / "interests.toml", other / "interests.toml")
    shutil.copytree(home / "feeds", other / "feeds")
    copy_ledger(home, other / LEDGER)
    shutil.rmtree(home)
    other.rename(home)


def _told(environment: Mapping[str, str], now: datetime) -> Sequence[Delivery]:
    """In this process, whose environment has the receiver's address only for as long as that takes."""
    import os  # noqa: PLC0415 - a drill stands for a process of its own here

    before = dict(os.environ)
    os.environ.update(environment)
    try:
        return _tell(from_environment(), now)
    finally:
        os.environ.clear()
        os.environ.update(before)


def _tell(settings: Settings, now: datetime) -> Sequence[Delivery]:
    readers = read_interests(settings.interests, KINDS)
    return deliver(settings, readers, KINDS, Asked(), now=now, note=lambda _: None)


def _killed(environment: Mapping[str, str], now: datetime, seconds: float) -> tuple[bool, float]:
    """Have a process tell the readers and kill it after so long; whether it was still at it, and how long it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.drills.digests", "--once", now.isoformat()]
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True, seconds
    return False, time.monotonic() - began


def judged(year: Year, arrived: Arrived) -> Iterator[str]:
    """What is wrong with all that arrived."""
    for key, bodies in arrived.bodies.items():
        if any(each != bodies[0] for each in bodies):
            yield f"{key} came {len(bodies)} times, and not always the same"
    issues = [bodies[0] for bodies in arrived.bodies.values()]
    for name, fits in WISHES.items():
        told = [item for each in issues if each["reader"] == name for item in each["items"]]
        first = [item for item in told if item["entry_key"].startswith("paper/")]
        counts = Counter(item["paper"]["title"] for item in first)
        due = {title for title in year.titles if fits(title)}
        yield from (f"{name} was not told of {title!r}" for title in sorted(due - set(counts)))
        yield from (f"{name} was told {count} times of {title!r}" for title, count in counts.items() if count > 1)
        # Of real papers the abstract may speak of what a reader wishes for.
        invented = [title for title in counts if title.startswith(SUBJECTS)]
        yield from (f"{name} was told of {title!r}, unasked" for title in invented if not fits(title))
        if name != "mondays":  # whoever looks once a week finds a list that came some days late as new as the others
            yield from _wrongly_marked(name, first, year)
        keys = Counter(item["entry_key"] for item in told)
        yield from (f"{name}: {key} came in {count} issues" for key, count in keys.items() if count > 1)
    few = [each for each in issues if each["reader"] == "few"]
    yield from (f"{each['issue_id']} has {len(each['items'])} papers" for each in few if len(each["items"]) > 3)


def _wrongly_marked(name: str, first: Sequence[Mapping[str, Any]], year: Year) -> Iterator[str]:
    """Papers of days that were refused are late, or came with their review; others are not, but for parted ones."""
    for item in first:
        title = item["paper"]["title"]
        is_parted = title in year.joined_first or title in year.joined_first.values()
        is_invented = title in year.titles and any(title.startswith(each) for each in SUBJECTS)
        is_marked = item["news"] == "late" or (item["news"] == "reviewed" and title in year.late)
        if is_invented and not is_parted and is_marked != (title in year.late):
            yield f"{name}: {title!r} came as {item['news']}"


def _counted(arrived: Arrived) -> Iterator[str]:
    issues = [bodies[0] for bodies in arrived.bodies.values()]
    again = sum(len(bodies) - 1 for bodies in arrived.bodies.values())
    yield f"{len(issues):,} issues arrived, {again} of them a second time under the same id"
    for name in ("everyone", "looms", "mondays", "few"):
        own = [each for each in issues if each["reader"] == name]
        news = Counter(item["news"] for each in own for item in each["items"])
        left = sum(each["left_out_count"] for each in own)
        said = ", ".join(f"{count:,} {kind}" for kind, count in sorted(news.items()))
        yield f"  {name}: {len(own)} issues: {said}" + (f"; {left:,} left out" if left else "")


if __name__ == "__main__":
    sys.exit(main())
