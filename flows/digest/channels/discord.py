"""Discord, through a channel's webhook: an embed for each heading, whose texts are Markdown with every sign escaped.

The limits: 2,000 characters of content, 4,096 in a description, 256 in an embed's title, 6,000 in all embeds of a
message, 10 embeds (discord.com/developers/docs, "Message", "Embed limits"). Texts in embeds call nobody, and
`allowed_mentions` with an empty `parse` says so for the whole message. `wait=true` makes the webhook answer once the
message is kept; without it an answer would only say that it was heard ("Execute webhook"). A limit that is broken is a
400 with `{"code": 50035, "message": "Invalid Form Body"}`; a 429 has `retry_after` in seconds ("Rate limits").
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from flows.digest.channel import ChannelKind, Means, Part
from flows.digest.channels.told import Sheet, Told, length, parts_of
from flows.digest.send import PATIENT, Patience, post, receiver_at, receiver_of
from transforms.digest.readers import Channel
from transforms.digest.records import Issue

DESCRIPTION_MAX = 4096
EMBEDDED_MAX = 6000
EMBEDS_MAX = 10

_SIGNS = re.compile(r"([\\`*_~|<>\[\]()#+\-.:@!])")


def parts(issue: Issue, _: Channel, means: Means) -> Sequence[Part]:
    """One message for each 6,000 characters of embeds."""
    return parts_of(issue, means.site_url, _payload, _fits)


def send(part: Part, channel: Channel, means: Means, patience: Patience = PATIENT) -> None:
    """Post it, and wait until it is kept."""
    url = urlsplit(receiver_of(channel, means).url)
    asked = {**dict(parse_qsl(url.query, keep_blank_values=True)), "wait": "true"}
    post(receiver_at(channel, url._replace(query=urlencode(asked)).geturl()), part.payload, patience=patience)


def _payload(sheet: Sheet) -> str:
    lines = [f"**{_plain(sheet.heading)}**", *map(_plain, sheet.summary), *([_plain(sheet.end)] if sheet.end else [])]
    message = {
        "content": "\n".join(lines),
        "embeds": [{"title": title, "description": text} for title, text in _embeds(sheet)],
        "allowed_mentions": {"parse": []},
    }
    return json.dumps(message, ensure_ascii=False)


def _fits(sheet: Sheet) -> bool:
    embeds = _embeds(sheet)
    whole = sum(length(title) + length(text) for title, text in embeds)
    is_each_short = all(length(text) <= DESCRIPTION_MAX for _, text in embeds)
    return is_each_short and whole <= EMBEDDED_MAX and len(embeds) <= EMBEDS_MAX


def _embeds(sheet: Sheet) -> list[tuple[str, str]]:
    return [(heading, "\n\n".join(map(_markdown, told))) for heading, told in sheet.sections]


def _markdown(told: Told) -> str:
    name = _plain(told.name)
    return "\n".join([f"[{name}]({told.url})" if told.url else name, *map(_plain, told.lines)])


def _plain(text: str) -> str:
    """The text as text: no emphasis, list, link, call, time stamp or emoji is made of it."""
    return _SIGNS.sub(r"\\\1", text)


DISCORD = ChannelKind(
    name="discord",
    meaning="a message in a Discord channel, through its webhook",
    secret="the variable with the webhook's address, https://discord.com/api/webhooks/…",  # noqa: S106 - a meaning
    parts=parts,
    send=send,
)
