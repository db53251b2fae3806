"""Tells each reader what is new, on each channel once: what is on its way is handed over first, then what is new.

Every step is written down before the next begins, so that a kill anywhere loses nothing. A part is handed over twice
only where nobody knows whether its receiver took it, and then under the same id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex

from flows.design.names import day_text
from flows.digest import liked
from flows.digest.channel import ChannelKind, Means, Part, Undelivered, WrongChannel
from flows.digest.look import Seen, newest_lists, papers_since, seen, told_of_papers, upvotes_at
from flows.digest.words import headline
from flows.home import FEEDS
from flows.places.warehouse import warehouse_of
from flows.settings import Settings, secret_named
from flows.shown import counted, in_one_line
from transforms.digest.news import Look, Selection, Told, selection, told_with, wishes_of
from transforms.digest.readers import Channel, DigestReader
from transforms.digest.records import DigestPaper, Issue, Item
from transforms.errors import PaperlogError
from warehouse import (
    LEDGER,
    ChannelState,
    LastSent,
    Ledger,
    NewPart,
    Prepared,
    Reader,
    ledger_to_read,
    opened_ledger,
)

FIRST_DAYS = 7
"""How many days back the first issue looks, where the reader names no day."""

UNREAD = "unread/"


class LostLedger(PaperlogError):
    """The ledger of a home is gone; nothing is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one channel of a reader.

    `outcome` is `sent`, `nothing new`, `nothing yet` (and lists that could not be looked at, of which the reader was
    told), `not due`, `to send` (a dry run) or `failed`. `again_count` is how many parts were handed over although an
    earlier try may have arrived; `lacking` are the variables that must be set before anything can be sent.
    """

    reader: str
    channel: str
    kind: str
    outcome: str
    said: str = ""
    issue: Issue | None = None
    parts_count: int = 0
    again_count: int = 0
    lacking: tuple[str, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether a person should look."""
        return self.outcome == "failed"

    @property
    def line(self) -> str:
        """What became of it, in one line."""
        again = f"; {counted(self.again_count, 'part')} sent again, which may have arrived before"
        said = f": {in_one_line(self.said)}" if self.said else ""
        lacks = f"; nothing can be sent before {' and '.join(self.lacking)} is set" if self.lacking else ""
        return f"{self.reader}, {self.channel}: {self.outcome}{said}{again if self.again_count else ''}{lacks}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which channels of which readers: None stands for all. With `dry_run` nothing is sent and nothing written."""

    reader: str | None = None
    channel: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An issue, and what has to be written down of it besides its items."""

    issue: Issue
    left_out: tuple[Item, ...]
    look: Look


def deliver(
    settings: Settings,
    readers: Sequence[DigestReader],
    kinds: Mapping[str, ChannelKind],
    asked: Asked,
    *,
    now: datetime,
    note: Callable[[str], None],
) -> tuple[Delivery, ...]:
    """Tell the readers what is new in the published snapshot. Undelivered channels are in the answer, never raised."""
    chosen = [(each, channel) for each in readers for channel in each.channels if _is_asked(each, channel, asked)]
    warehouse_of(settings).require_published()  # before a ledger is made where there is nothing to tell
    _require_ledger(settings.home)
    if asked.dry_run:
        with ledger_to_read(settings.home) as ledger, warehouse_of(settings).reader() as reader:
            maker = _Maker(settings, reader, [each for each, _ in chosen], now, note)
            tried = tuple(
                replace(_tried(maker, ledger, one, channel, kinds[channel.kind], now), lacking=lacking)
                for one, channel in chosen
                for lacking in [kinds[channel.kind].lacking(channel, means_of(settings, channel))]
            )
            for name in dict.fromkeys(one.name for one, _ in chosen):
                for line in maker.misses(name):
                    note(line)
            return tried
    # The snapshot after the lock: while this waits, another one may be published.
    with (
        opened_ledger(settings.home, "digest", wait_seconds=settings.lock_seconds) as ledger,
        warehouse_of(settings).reader() as reader,
    ):
        maker = _Maker(settings, reader, [each for each, _ in chosen], now, note)
        found: list[Delivery] = []
        for one, channel in chosen:
            kind, means = kinds[channel.kind], means_of(settings, channel)
            made = _delivered(maker, ledger, one, channel, kind, means, now)
            found.append(replace(made, lacking=kind.lacking(channel, means)) if made.outcome == "not due" else made)
        return tuple(found)


def dropped(settings: Settings, readers: Sequence[DigestReader], asked: Asked) -> list[str]:
    """Take back what is on its way; one line for each issue. What of it did not arrive counts as never told."""
    found = []
    with opened_ledger(settings.home, "digest", wait_seconds=settings.lock_seconds) as ledger:
        for each in readers:
            for channel in each.channels:
                waiting = ledger.prepared(each.name, channel.name) if _is_asked(each, channel, asked) else None
                if waiting:
                    ledger.withdraw(waiting.issue_id)
                    found.append(f"{each.name}, {channel.name}: {waiting.issue_id} was taken back")
    return found


def summary_of(deliveries: Sequence[Delivery]) -> str:
    """`2 sent, 1 failed`: how the channels ended, those that somebody should look at last."""
    counts = Counter(each.outcome for each in sorted(deliveries, key=lambda each: each.is_bad))
    again = sum(each.again_count for each in deliveries)
    said = [f"{number} {outcome}" for outcome, number in counts.items()]
    return ", ".join([*said, *([f"{counted(again, 'part')} sent again"] if again else [])]) or "no channel"


def _require_ledger(home: Path) -> None:
    """Raise LostLedger where issues went out and nobody knows any more what they told."""
    if not (home / LEDGER).exists() and next((home / FEEDS).glob("*/feed.xml"), None):
        raise LostLedger(
            f"{home / LEDGER} is missing, and {home / FEEDS} shows that readers were told something: bring it back "
            "from a back-up, or move that folder away to tell everything anew"
        )


def issue_since(
    settings: Settings, reader: DigestReader, since_on: date, *, now: datetime, note: Callable[[str], None]
) -> Issue:
    """What is new for a reader since a day, whatever was told before; nothing is written down."""
    with warehouse_of(settings).reader() as snapshot:
        maker = _Maker(settings, snapshot, [reader], now, note)
        return maker.made(reader, f"since-{since_on}", None, (), since_on=since_on, looked_at=None).issue


def newest_list(settings: Settings) -> date | None:
    """The day of the newest list; None if there is none."""
    with warehouse_of(settings).reader() as snapshot:
        return max(newest_lists(snapshot).values(), default=None)


class _Maker:
    """Makes issues from one snapshot; what several readers need is read once."""

    def __init__(
        self,
        settings: Settings,
        snapshot: Reader,
        readers: Iterable[DigestReader],
        now: datetime,
        note: Callable[[str], None],
    ) -> None:
        self._settings, self._snapshot, self._now = settings, snapshot, now
        self._papers: dict[date, tuple[DigestPaper, ...]] = {}
        self._seen: Seen | None = None
        self._wanted = liked.wishes_of(snapshot, readers, note)

    @property
    def seen(self) -> Seen:
        """The lists of the snapshot."""
        if self._seen is None:
            self._seen = seen(self._snapshot, self._settings.lists_fetched, self._now.date())
        return self._seen

    def misses(self, reader: str) -> Iterator[str]:
        """What of a reader's likes no paper comes near that was looked at, and the nearest."""
        looked_at = {paper.paper_key: paper for papers in self._papers.values() for paper in papers}
        for each in self._wanted[reader].nearest(tuple(looked_at.values())):
            yield in_one_line(each.text)

    def made(
        self,
        reader: DigestReader,
        channel: str,
        before: Look | None,
        told: Sequence[Told],
        *,
        since_on: date,
        looked_at: datetime | None,
    ) -> _Made:
        """The reader's next issue on a channel; it may be empty."""
        if since_on not in self._papers:
            self._papers[since_on] = papers_since(self._snapshot, since_on)
        of_papers = told_of_papers(self._snapshot, (each for each in told if not each.what.startswith(UNREAD)))
        chosen: Selection = selection(
            reader,
            self._papers[since_on],
            self._wanted[reader.name].choice,
            of_papers,
            before,
            upvotes_at(self._snapshot, looked_at if reader.interests.upvotes else None),
        )
        look = replace(self.seen.look, wishes=wishes_of(reader.interests))
        first = max(since_on, before.until_on) if before else since_on
        issue = Issue(
            # By chance, too: where an older ledger was restored, no id may come again with other content.
            issue_id=f"{reader.name}.{channel}.{self._now:%Y%m%d}.{token_hex(4)}",
            reader=reader.name,
            title=reader.title,
            made_at=self._now,
            since_on=first,
            until_on=look.until_on,
            items=chosen.items,
            left_out_count=len(chosen.left_out),
            unread=tuple(each for each in self.seen.within(reader.interests.sources) if each.partition_on >= since_on),
        )
        return _Made(issue=issue, left_out=chosen.left_out, look=look)


def _tried(
    maker: _Maker,
    ledger: Ledger | None,
    reader: DigestReader,
    channel: Channel,
    kind: ChannelKind,
    now: datetime,
) -> Delivery:
    """What would be sent. What is on its way already would go first."""
    told = ledger.told(reader.name, channel.name) if ledger else ()
    state = _since(reader, (ledger.known(reader.name, channel.name) if ledger else None) or _new(reader, now))
    waiting = ledger.prepared(reader.name, channel.name) if ledger else None
    delivery = Delivery(reader=reader.name, channel=channel.name, kind=kind.name, outcome="to send")
    if waiting:
        count = sum(not each.is_sent for each in waiting.parts)
        return replace(delivery, said=f"{counted(count, 'part')} of {waiting.issue_id}, written earlier")
    made = _next(maker, reader, channel, state, told)
    if not _is_worth(made.issue, told):
        return _quiet(delivery, made.issue)
    last = ledger.last_sent(reader.name, channel.name) if ledger else LastSent()
    outcome = "to send" if is_due(reader, last, now) else f"to send on {_when(reader, now)}"
    return replace(delivery, outcome=outcome, said=headline(made.issue), issue=made.issue)


def _delivered(
    maker: _Maker,
    ledger: Ledger,
    reader: DigestReader,
    channel: Channel,
    kind: ChannelKind,
    means: Means,
    now: datetime,
) -> Delivery:
    """Send what is on its way, then what is new; what cannot be sent waits for the next time."""
    delivery = Delivery(reader=reader.name, channel=channel.name, kind=kind.name, outcome="sent")
    state = _since(reader, ledger.channel(reader.name, channel.name, _new(reader, now).since_on))
    again = 0
    try:
        waiting = ledger.prepared(reader.name, channel.name)
        if waiting and waiting.target != _target(channel):
            ledger.withdraw(waiting.issue_id)  # its place is not configured any more
            waiting = None
        if waiting:
            again = sum(each.tries > 0 and not each.is_sent for each in waiting.parts)
            _hand_over(ledger, reader, channel, kind, means, waiting, now)
            delivery = replace(delivery, said=f"{waiting.issue_id}, written earlier", again_count=again)
            state = _since(reader, ledger.channel(reader.name, channel.name, state.since_on))
        if state.since_on > now.date():
            return replace(delivery, outcome="not due", said=f"since = {state.since_on} lies ahead")
        if not is_due(reader, ledger.last_sent(reader.name, channel.name), now):
            return delivery if waiting else replace(delivery, outcome="not due", said=f"next on {_when(reader, now)}")
        told = ledger.told(reader.name, channel.name)
        made = _next(maker, reader, channel, state, told)
        if not _is_worth(made.issue, told):
            ledger.looked(reader.name, channel.name, made.look, now)
            return delivery if waiting else _quiet(delivery, made.issue)
        parts = kind.parts(made.issue, channel, means)
        prepared = ledger.prepare(
            made.issue.issue_id,
            reader.name,
            channel.name,
            _target(channel),
            made.look,
            now,
            [_stored(each, made.issue, now.date()) for each in parts],
            [_told(what, each, now.date(), is_left_out=True) for each in made.left_out for what in told_with(each)],
        )
        _hand_over(ledger, reader, channel, kind, means, prepared, now)
    except (Undelivered, WrongChannel) as error:
        stuck = ledger.prepared(reader.name, channel.name) is not None
        hint = "; the next run sends it again, `paperlog digest --drop` takes it back" if stuck else ""
        return replace(delivery, outcome="failed", said=f"{error}{hint}", again_count=again)
    return replace(
        delivery, said=headline(made.issue), issue=made.issue, parts_count=len(prepared.parts), again_count=again
    )


def _quiet(delivery: Delivery, issue: Issue) -> Delivery:
    """Nothing is sent: there is nothing new, or nothing yet that could be looked at."""
    if issue.unread:
        return replace(delivery, outcome="nothing yet", said=headline(issue), issue=issue)
    return replace(delivery, outcome="nothing new", issue=issue)


def is_due(reader: DigestReader, last: LastSent, now: datetime) -> bool:
    """Whether an issue may go out: always, or once on each of the reader's days (UTC).

    What failed on its day, or had no day because nothing ran, is due until it went out.
    """
    if not reader.days or last.is_overdue:
        return True
    ago = (now.date() - last.sent_at.date()).days if last.sent_at else 1
    if ago < 0:  # the clock was ahead then
        return now.weekday() in reader.days
    return any((now - timedelta(days=each)).weekday() in reader.days for each in range(min(ago, 7)))


def _since(reader: DigestReader, state: ChannelState) -> ChannelState:
    """The state with the day that the file names; without one, that which was chosen with the first issue stays."""
    return replace(state, since_on=reader.since_on) if reader.since_on else state


def _target(channel: Channel) -> str:
    """Where a channel leads: what was written for one place must not go to another."""
    return f"{channel.kind} {channel.to} {channel.secret}"


def _when(reader: DigestReader, now: datetime) -> str:
    """The reader's next day after today: `Monday, 30 November`."""
    ahead = next(each for each in range(1, 8) if (now.weekday() + each) % 7 in reader.days)
    return day_text(now + timedelta(days=ahead), "%A, {day} %B")


def _hand_over(
    ledger: Ledger,
    reader: DigestReader,
    channel: Channel,
    kind: ChannelKind,
    means: Means,
    issue: Prepared,
    now: datetime,
) -> None:
    """Hand the parts over that did not arrive yet, one after the other. Raises Undelivered.

    What certainly did not arrive is taken back, and written anew the next time: its form or its size may be to blame.
    """
    for part in issue.parts:
        if part.is_sent or part.payload is None:
            continue
        ledger.trying(issue.issue_id, part.place)
        try:
            kind.send(Part(part_id=part.part_id, payload=part.payload, entry_keys=()), channel, means)
        except Undelivered as error:
            # An earlier try may have arrived although this one did not.
            if not error.is_uncertain and part.tries == 0:
                ledger.withdraw(issue.issue_id)
            raise
        ledger.arrived(issue.issue_id, part.place, now)
    ledger.finish(reader.name, channel.name, issue)


def _next(maker: _Maker, reader: DigestReader, channel: Channel, state: ChannelState, told: Sequence[Told]) -> _Made:
    return maker.made(
        reader,
        channel.name,
        state.look,
        told,
        since_on=state.since_on,
        looked_at=state.looked_at,
    )


def _is_worth(issue: Issue, told: Iterable[Told]) -> bool:
    """Whether there is something to tell: news, or a list in trouble of which the reader was not told."""
    known = {each.what for each in told}
    return bool(issue.items) or any(known.isdisjoint(each.days_told) for each in issue.trouble)


def _stored(part: Part, issue: Issue, on: date) -> NewPart:
    """The part with all that it tells."""
    keys = set(part.entry_keys)
    items = [
        _told(what, each, on, is_left_out=False)
        for each in issue.items
        if each.entry_key in keys
        for what in told_with(each)
    ]
    unread = [
        Told(what=day, record="", paper_key="", told_on=on)
        for each in issue.trouble
        if each.entry_key in keys
        for day in each.days_told
    ]
    return NewPart(part_id=part.part_id, payload=part.payload, told=(*items, *unread))


def _told(what: str, item: Item, on: date, *, is_left_out: bool) -> Told:
    return Told(
        what=what,
        record=item.paper.record,
        paper_key=item.paper.paper_key,
        upvotes=item.paper.upvotes,
        told_on=on,
        is_left_out=is_left_out,
    )


def _new(reader: DigestReader, now: datetime) -> ChannelState:
    since_on = reader.since_on or now.date() - timedelta(days=FIRST_DAYS)
    return ChannelState(since_on=since_on, looked_at=None, look=None)


def means_of(settings: Settings, channel: Channel) -> Means:
    """What a channel needs of the settings and of the environment."""
    secret = secret_named(channel.secret) if channel.secret else None
    return Means(
        home=settings.home,
        site_url=settings.site_url,
        mail_server=settings.mail_server,
        mail_from=settings.mail_from,
        secrets={channel.secret: secret} if secret else {},
    )


def _is_asked(reader: DigestReader, channel: Channel, asked: Asked) -> bool:
    return asked.reader in {None, reader.name} and asked.channel in {None, channel.name}
