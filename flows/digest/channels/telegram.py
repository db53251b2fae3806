"""Telegram, through a bot: text with the few tags of its HTML, in which nothing else becomes a link or a call.

The limits: 4,096 characters after the tags are read, in units of UTF-16, and 100 entities, past which formatting is
ignored (core.telegram.org/bots/api, "sendMessage"; limits.tginfo.me). Telegram makes links, calls and commands of plain
text too, and no option prevents that; a character without width stops it (`match_urls` of tdlib takes no sign of
U+2000 to U+206F). It answers `{"ok": false, "error_code": 400, "description": …}` with the same HTTP status; a 429 has
`parameters.retry_after` in seconds ("ResponseParameters").
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from flows.digest.channel import ChannelKind, Means, Part
from flows.digest.channels.told import Sheet, Told, length, parts_of, unlinked
from flows.digest.send import PATIENT, Patience, post, receiver_at, secret_of
from transforms.digest.readers import Channel
from transforms.digest.records import Issue

CHARACTERS_MAX = 4096
ENTITIES_MAX = 100
SERVER = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_TAG = re.compile(r"<[^>]*>")


def parts(issue: Issue, channel: Channel, means: Means) -> Sequence[Part]:
    """One message for each 4,096 characters; it names the chat, and not the bot."""
    return parts_of(issue, means.site_url, lambda sheet: _payload(sheet, channel.to), _fits)


def send(part: Part, channel: Channel, means: Means, patience: Patience = PATIENT) -> None:
    """Ask the bot to post it. The secret is a token, or the address of an own Bot API server that ends in one."""
    secret = secret_of(channel, means)
    bot = f"{SERVER}/bot{secret}" if _TOKEN.fullmatch(secret) else secret.rstrip("/")
    token = bot.rpartition("/bot")[2]
    post(receiver_at(channel, f"{bot}/sendMessage", token), part.payload, patience=patience)


def _payload(sheet: Sheet, chat: str) -> str:
    message = {
        "chat_id": chat,
        "text": _html(sheet),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    return json.dumps(message, ensure_ascii=False)


def _fits(sheet: Sheet) -> bool:
    text = _html(sheet)
    return length(html.unescape(_TAG.sub("", text))) <= CHARACTERS_MAX and text.count("</") <= ENTITIES_MAX


def _html(sheet: Sheet) -> str:
    sections = ("\n\n".join([f"<b>{heading}</b>", *(_told(each) for each in told)]) for heading, told in sheet.sections)
    head = "\n".join([f"<b>{_plain(sheet.heading)}</b>", *map(_plain, sheet.summary)])
    return "\n\n".join([head, *sections, *([_plain(sheet.end)] if sheet.end else [])])


def _told(told: Told) -> str:
    name = _plain(told.name)
    linked = f'<a href="{html.escape(told.url)}">{name}</a>' if told.url else name
    return "\n".join([linked, *map(_plain, told.lines)])


def _plain(text: str) -> str:
    return html.escape(unlinked(text), quote=False)


TELEGRAM = ChannelKind(
    name="telegram",
    meaning="a message in a Telegram chat, from a bot",
    to="the chat's id, such as -1001234567890, or @name of a public channel",
    secret="the variable with the bot's token, or with http(s)://…/botTOKEN of an own server",  # noqa: S106 - a meaning
    parts=parts,
    send=send,
)
