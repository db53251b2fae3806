"""Slack, through an incoming webhook: blocks of rich text, in which words are words whatever signs they hold.

`rich_text` is what Slack's own composer makes; unlike `mrkdwn` it has nothing to escape: a name, a call of everybody or
an emoji in a text element stays text (docs.slack.dev, "Rich text block"; that webhooks take it is told in the issue
slackapi/bolt-js#1324). The limits: 50 blocks, and a length of all blocks that is nowhere written: people saw
`msg_blocks_too_long` from 11,300 characters on (slackapi/bolt-js#2509, #2867). A webhook answers `ok`, or a 4xx with a
word such as `invalid_payload`, `action_prohibited`, `channel_is_archived` (api.slack.com, "Changes to errors for
incoming webhooks").
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.digest.channel import ChannelKind, Means, Part
from flows.digest.channels.told import Sheet, Told, length, parts_of, unlinked
from flows.digest.send import PATIENT, Patience, post, receiver_of
from flows.shown import in_chat
from transforms.digest.readers import Channel
from transforms.digest.records import Issue

BLOCKS_MAX = 50
# Of the blocks as JSON, in units of UTF-16: more than any way of counting their text.
CHARACTERS_MAX = 10_000

_Block = Mapping[str, Any]


def parts(issue: Issue, _: Channel, means: Means) -> Sequence[Part]:
    """One message for each 10,000 characters of blocks."""
    return parts_of(issue, means.site_url, _payload, _fits)


def send(part: Part, channel: Channel, means: Means, patience: Patience = PATIENT) -> None:
    """Post it."""
    post(receiver_of(channel, means), part.payload, patience=patience)


def _payload(sheet: Sheet) -> str:
    # `text` is what a notification shows, and programs that know no blocks.
    text = in_chat(unlinked(": ".join([sheet.heading, *sheet.summary[:1]])))
    message = {"text": text, "blocks": list(_blocks(sheet)), "unfurl_links": False, "unfurl_media": False}
    return json.dumps(message, ensure_ascii=False)


def _fits(sheet: Sheet) -> bool:
    blocks = list(_blocks(sheet))
    return len(blocks) <= BLOCKS_MAX and length(json.dumps(blocks, ensure_ascii=False)) <= CHARACTERS_MAX


def _blocks(sheet: Sheet) -> Iterator[_Block]:
    summary = [_text(f"\n{' · '.join(sheet.summary)}")] if sheet.summary else []
    yield _block(_text(sheet.heading, bold=True), *summary)
    for heading, told in sheet.sections:
        yield {"type": "divider"}
        yield _block(_text(heading, bold=True))
        for each in told:
            yield _block(_name(each), *(_text(f"\n{line}") for line in each.lines))
    if sheet.end:
        yield {"type": "divider"}
        yield _block(_text(sheet.end))


def _name(told: Told) -> _Block:
    return {"type": "link", "url": told.url, "text": told.name} if told.url else _text(told.name)


def _text(text: str, *, bold: bool = False) -> _Block:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _block(*elements: _Block) -> _Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


SLACK = ChannelKind(
    name="slack",
    meaning="a message in a Slack channel, through an incoming webhook",
    secret="the variable with the webhook's address, https://hooks.slack.com/services/…",  # noqa: S106 - a meaning
    parts=parts,
    send=send,
)
