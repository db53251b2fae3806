"""What a kind of channel is: a record of plain functions that write an issue in its form and hand it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transforms.digest.readers import Channel
from transforms.digest.records import Issue
from transforms.errors import PaperlogError


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message or document of an issue, as it is handed over; a short issue has one.

    `payload` is text in the channel's own form, and holds no secret. `entry_keys` are the things that it tells. A part
    that is handed over again has the same `part_id`.
    """

    part_id: str
    payload: str
    entry_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What channels need besides an issue.

    `site_url` is where the pages about papers are, without a slash at its end; None where there are none.
    `mail_server` is `smtp://`, `smtps://` or `smtp+starttls://[user:password@]host[:port]`, `mail_from` the sender.
    `secrets` are the values of those variables that channels name.
    """

    home: Path
    site_url: str | None = None
    mail_server: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class Undelivered(PaperlogError):
    """A part was not accepted, or nobody knows. The message names the channel and never holds a secret.

    `is_uncertain`: the receiver may have it, so only the same part may be sent again, under the same id. Otherwise it
    certainly has not, and the issue may be written anew.
    """

    def __init__(self, message: str, *, is_uncertain: bool) -> None:
        super().__init__(message)
        self.is_uncertain = is_uncertain


class WrongChannel(PaperlogError):
    """A channel, or a setting that it needs, has a value with which no issue can be written for it."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """One kind of channel.

    `to` and `secret` say what these fields of a channel are, for messages and documentation; empty where the kind has
    no such field. `parts` writes an issue, cut between papers where the receiver has limits; it raises WrongChannel.
    `send` hands one part over and raises Undelivered.

    `settings` are the fields of Means without which nothing can be sent, each with the variable that sets it.
    """

    name: str
    meaning: str
    to: str = ""
    is_to_optional: bool = False
    secret: str = ""
    parts: Callable[[Issue, Channel, Means], Sequence[Part]]
    send: Callable[[Part, Channel, Means], None]
    settings: Mapping[str, str] = field(default_factory=dict)

    def lacking(self, channel: Channel, means: Means) -> tuple[str, ...]:
        """The variables that must be set before anything can be sent there."""
        lacks = [variable for name, variable in self.settings.items() if not getattr(means, name)]
        return (*lacks, *([channel.secret] if channel.secret and not means.secrets.get(channel.secret) else []))
