"""`paperlog digest`: tells readers what is new, and explains why."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import click

from flows.cli import options, output
from flows.digest.channels import KINDS
from flows.digest.channels.webhook import fields_of
from flows.digest.deliver import Asked, Delivery, deliver, dropped, issue_since, newest_list
from flows.digest.explain import explained
from flows.digest.interests_file import example, read_interests
from flows.digest.terminal import lines_of
from flows.settings import Settings, SettingsError, from_environment
from transforms.digest.readers import DigestReader

EVERYTHING = DigestReader(name="everything", title="Everything", at_most=10_000)
"""Who is told of all papers: where there is no interests file, `--since` is about this one."""


@click.command()
@click.option("--reader", "name", metavar="NAME", help="Only this reader of the interests file.")
@click.option("--to", "channel", metavar="CHANNEL", help="Only channels of this name.")
@click.option("--since", type=options.day, metavar="DATE", help="Show what is new since a day; nothing is sent.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; nothing is sent or written down.")
@click.option(
    "--explain",
    "paper",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[PAPER]",
    help="Show why each paper would be chosen, or why one paper would be or not; nothing is sent.",
)
@click.option(
    "--drop",
    is_flag=True,
    help="Take back what is on its way and does not arrive: its papers are told anew, though some may have arrived.",
)
@click.option("--example", "wants_example", is_flag=True, help="Print an interests file to begin with.")
@options.json_option
def digest(
    name: str | None,
    channel: str | None,
    since: date | None,
    dry_run: bool,
    paper: str | None,
    drop: bool,
    wants_example: bool,
    as_json: bool,
) -> None:
    """Tell each reader once what is new: by mail, in a chat, as a feed or a file, as the interests file says.

    The file is interests.toml in the home, or the one that PAPERLOG_INTERESTS names; `--example` prints one. A ledger
    in the home (digests.sqlite) keeps who was told what. What could not be delivered is tried again by the next call.
    """
    if wants_example:
        sys.stdout.write(example())
        return
    if sum([since is not None, bool(paper), drop]) > 1 or (channel and (since is not None or paper)):
        raise click.UsageError("--since, --explain PAPER and --drop are for themselves; --to is about what is sent")
    settings, now = from_environment(), datetime.now(UTC)
    readers = _readers(settings, name, may_be_none=since is not None)
    if paper:
        title, why = explained(settings, readers, paper, note=_note)
        output.answer([each.row for each in why], "\n".join([title, *(each.line for each in why)]), as_json=as_json)
        return
    if since is not None:
        issues = [issue_since(settings, each, since, now=now, note=_note) for each in readers]
        text = "\n\n".join("\n".join(lines_of(each, with_reasons=paper is not None)) for each in issues)
        if not any(each.items for each in issues) and (newest := newest_list(settings)):
            text += f"\n\nThe newest list is of {newest}: try --since with an earlier day"
        output.answer([fields_of(each, settings.site_url) for each in issues], text, as_json=as_json)
        return
    asked = Asked(reader=name, channel=channel, dry_run=dry_run or paper is not None)
    _require_channel(readers, channel)
    if drop:
        taken = dropped(settings, readers, asked)
        output.answer(taken, "\n".join(taken) or "nothing is on its way", as_json=as_json)
        return
    found = deliver(settings, readers, KINDS, asked, now=now, note=_note)
    lines = [each.line for each in found]
    if asked.dry_run:
        lines += _issues(found, with_reasons=paper is not None)
    output.answer([_row(each, settings) for each in found], "\n".join(lines), as_json=as_json)
    sys.exit(any(each.is_bad for each in found))


def _readers(settings: Settings, name: str | None, *, may_be_none: bool) -> Sequence[DigestReader]:
    if may_be_none and name is None and not settings.interests.exists():
        return (EVERYTHING,)
    readers = read_interests(settings.interests, KINDS)
    found = [each for each in readers if name in {None, each.name}]
    if not found:
        known = ", ".join(each.name for each in readers)
        raise SettingsError(f"{settings.interests}: there is no reader {name!r}; there are: {known}")
    return found


def _require_channel(readers: Sequence[DigestReader], channel: str | None) -> None:
    names = sorted({each.name for reader in readers for each in reader.channels})
    if not names:
        raise SettingsError("no reader has a channel: add one to the interests file, or look with --since")
    if channel is not None and channel not in names:
        raise SettingsError(f"no channel is named {channel!r}; there are: {', '.join(names)}")


def _issues(found: Sequence[Delivery], *, with_reasons: bool) -> Iterator[str]:
    """What would be told: channels that get the same are shown together."""
    texts: dict[str, list[str]] = {}
    for each in found:
        if each.issue is not None and each.issue.items:
            text = "\n".join(lines_of(each.issue, with_reasons=with_reasons))
            texts.setdefault(text, []).append(each.channel)
    for text, channels in texts.items():
        yield from ("", f"by {', '.join(channels)}:", text)


def _row(delivery: Delivery, settings: Settings) -> dict[str, object]:
    return {
        "reader": delivery.reader,
        "channel": delivery.channel,
        "kind": delivery.kind,
        "outcome": delivery.outcome,
        "said": delivery.said,
        "parts": delivery.parts_count,
        "sent_again": delivery.again_count,
        "issue": fields_of(delivery.issue, settings.site_url) if delivery.issue else None,
    }


def _note(line: str) -> None:
    output.line(f"paperlog: {line}", is_error=True)
