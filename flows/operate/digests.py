"""Whether digests can go out: the interests file, the settings of each channel, and what is still on its way."""

from __future__ import annotations

from collections.abc import Iterator

from flows.digest.channels import KINDS
from flows.digest.deliver import means_of
from flows.digest.interests_file import InterestsError, read_interests
from flows.operate.diagnosis import Diagnosis, fail, ok, warn
from flows.settings import Settings
from flows.shown import counted
from transforms.digest.readers import DigestReader
from warehouse import Ledger, ledger_to_read

NAME = "digests"


def digests(settings: Settings) -> Iterator[Diagnosis]:
    """One line for each channel with which something is wrong, else one for all. Nothing is sent."""
    if not settings.interests.exists():
        yield ok(NAME, "nobody is to be told: there is no interests file")
        return
    try:
        readers = read_interests(settings.interests, KINDS)
    except InterestsError as error:
        yield fail(NAME, str(error), "mend the file")
        return
    with ledger_to_read(settings.home) as ledger:
        found = [line for each in readers for line in _channels(settings, each, ledger)]
    channels = sum(len(each.channels) for each in readers)
    yield from found or [ok(NAME, f"{counted(len(readers), 'reader')}, {counted(channels, 'channel')}")]


def _channels(settings: Settings, reader: DigestReader, ledger: Ledger | None) -> Iterator[Diagnosis]:
    if not reader.channels:
        yield warn(NAME, f"reader {reader.name} has no channel", "add one to the interests file")
    for channel in reader.channels:
        where = f"{reader.name}, {channel.name}"
        if lacking := KINDS[channel.kind].lacking(channel, means_of(settings, channel)):
            yield fail(NAME, f"{where}: nothing can be sent", f"set {' and '.join(lacking)}")
        if ledger and (waiting := ledger.prepared(reader.name, channel.name)):
            since = f"{waiting.made_at:%Y-%m-%d %H:%M} UTC"
            yield warn(NAME, f"{where}: an issue of {since} is on its way", "run `paperlog digest`, and see why not")
