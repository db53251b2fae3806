"""Chat systems on 127.0.0.1: each refuses what the real one refuses, in its words, and keeps the rest.

The limits are written down here a second time, from the sources that the channels' modules name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Event
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Handler, serving

SECRET = "T0secretB0secret"  # noqa: S105 - invented
TOKEN = "123456:AAsecretAAsecretAA"  # noqa: S105 - invented


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that a test puts before the receiver's own."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: its path with the query, and its body."""

    path: str
    body: bytes


CUT, SILENT = "cut", "silent"
"""Hang up without an answer; never answer."""


@dataclass(slots=True, kw_only=True)
class Inbox:
    """What a receiver took, every path and header it was asked with, and what it answers before it judges."""

    address: str = ""
    messages: list[Any] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    replies: list[Reply | str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)


class RefusedError(Exception):
    """The real receiver would not take it; the message says why."""


class ChatHandler(Handler):
    """Takes a message, unless the test has an answer ready or the message breaks a rule."""

    inbox: ClassVar[Inbox]

    def answer(self) -> None:
        """Give the test's next answer, else judge the message."""
        inbox, body = self.inbox, self.rfile.read(int(self.headers["Content-Length"]))
        inbox.paths.append(self.path)
        inbox.headers.append(dict(self.headers))
        if inbox.replies:
            self._reply(inbox.replies.pop(0))
            return
        try:
            message = self.judge(Asked(path=self.path, body=body))
        except RefusedError as error:
            inbox.refusals.append(str(error))
            self._reply(self.refusal(str(error)))
            return
        inbox.messages.append(message)
        self._reply(self.acceptance())

    @classmethod
    def judge(cls, asked: Asked) -> Any:
        """The message, or RefusedError."""
        return json.loads(asked.body)

    def refusal(self, why: str) -> Reply:
        """What the real one says of a bad message."""
        return Reply(status=400, body=why)

    def acceptance(self) -> Reply:
        """What it says of a good one."""
        return Reply(body="ok")

    def _reply(self, reply: Reply | str) -> None:
        if reply == SILENT:
            self.inbox.over.wait()
        if not isinstance(reply, Reply):
            self.close_connection = True
            return
        headers = {"Content_Type": "application/json", **{k.replace("-", "_"): v for k, v in reply.headers.items()}}
        self.send(reply.status, reply.body.encode(), **headers)


class Slack(ChatHandler):
    """An incoming webhook of Slack."""

    @classmethod
    def judge(cls, asked: Asked) -> Any:
        """50 blocks, about 13,000 characters in them, no empty text, web addresses alone."""
        message = json.loads(asked.body)
        blocks = message["blocks"]
        _require(len(blocks) <= 50, "invalid_blocks")
        _require(_units(json.dumps(blocks, ensure_ascii=False)) <= 11_300, "msg_blocks_too_long")
        _require(0 < len(message["text"]) <= 40_000, "no_text")
        for element in elements_of(message):
            _require(element["type"] in {"text", "link"}, "invalid_blocks")
            _require(bool(element["text"]), "invalid_blocks")
            _require(element["type"] == "text" or element["url"].startswith(("http://", "https://")), "invalid_blocks")
        return message


class Discord(ChatHandler):
    """A webhook of Discord."""

    @classmethod
    def judge(cls, asked: Asked) -> Any:
        """The limits of content and embeds."""
        message = json.loads(asked.body)
        embeds = message["embeds"]
        _require(parse_qs(urlsplit(asked.path).query).get("wait") == ["true"], "wait")
        _require(_units(message["content"]) <= 2000, "content")
        _require(len(embeds) <= 10, "embeds")
        _require(all(0 < _units(each["title"]) <= 256 for each in embeds), "title")
        _require(all(0 < _units(each["description"]) <= 4096 for each in embeds), "description")
        _require(sum(_units(each["title"]) + _units(each["description"]) for each in embeds) <= 6000, "embeds")
        return message

    def refusal(self, why: str) -> Reply:
        """A JSON object with a code."""
        return Reply(status=400, body=json.dumps({"code": 50035, "message": "Invalid Form Body", "errors": {why: {}}}))

    def acceptance(self) -> Reply:
        """The message, which has an id."""
        return Reply(body=json.dumps({"id": "1", "type": 0}))


class Telegram(ChatHandler):
    """The Bot API."""

    @classmethod
    def judge(cls, asked: Asked) -> Any:
        """4,096 characters after the tags, which must be known ones and closed."""
        message = json.loads(asked.body)
        _require(asked.path == f"/bot{TOKEN}/sendMessage", "Not Found")
        _require(bool(message["chat_id"]), "Bad Request: chat_id is empty")
        read = TelegramText(message["text"])
        _require(read.is_whole, "Bad Request: can't parse entities")
        _require(0 < _units(read.text) <= 4096, "Bad Request: message is too long")
        _require(read.entities <= 100, "Bad Request: too many entities")
        return message

    def refusal(self, why: str) -> Reply:
        """A JSON object that is not ok."""
        return Reply(status=400, body=json.dumps({"ok": False, "error_code": 400, "description": why}))

    def acceptance(self) -> Reply:
        """One that is."""
        return Reply(body=json.dumps({"ok": True, "result": {"message_id": 1}}))


class Feishu(ChatHandler):
    """A custom bot of Feishu."""

    @classmethod
    def judge(cls, asked: Asked) -> Any:
        """20 KB, and the tags of a post."""
        _require(len(asked.body) <= 20_000, "Bad Request")
        message = json.loads(asked.body)
        _require(message["msg_type"] == "post", "Bad Request")
        for paragraph in message["content"]["post"]["en_us"]["content"]:
            _require(all(each["tag"] in {"text", "a"} and each["text"] for each in paragraph), "Bad Request")
        return message

    def refusal(self, why: str) -> Reply:
        """A code that is not 0."""
        return Reply(status=400, body=json.dumps({"code": 9499, "msg": why, "data": {}}))

    def acceptance(self) -> Reply:
        """Code 0."""
        return Reply(body=json.dumps({"code": 0, "msg": "success", "data": {}}))


class Program(ChatHandler):
    """What takes a plain webhook."""


@dataclass(slots=True)
class _Read:
    text: str = ""
    entities: int = 0
    open: list[str] = field(default_factory=list)
    is_whole: bool = True


class TelegramText(HTMLParser):
    """The text that a chat shows of Telegram's HTML, its links, and whether the tags are right."""

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self._read = _Read()
        self.links: list[str] = []
        self.feed(text)
        self.close()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._read.text

    @property
    def entities(self) -> int:
        """How many tags there are."""
        return self._read.entities

    @property
    def is_whole(self) -> bool:
        """Whether every tag is known, and closed in its order."""
        return self._read.is_whole and not self._read.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Only `b`, and `a` with a web address."""
        self._read.entities += 1
        self._read.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self._read.is_whole &= (tag, [name for name, _ in attrs]) in [("b", []), ("a", ["href"])]

    def handle_endtag(self, tag: str) -> None:
        """It must close the last one."""
        self._read.is_whole &= bool(self._read.open) and self._read.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text is shown."""
        self._read.text += data


@contextmanager
def receiving(handler: type[ChatHandler]) -> Iterator[Inbox]:
    """A receiver for as long as the block lasts; its address ends in a secret."""
    inbox = Inbox()
    with serving(handler, inbox=inbox) as base:
        inbox.address = f"{base}/bot{TOKEN}" if handler is Telegram else f"{base}/services/{SECRET}"
        try:
            yield inbox
        finally:
            inbox.over.set()


def elements_of(message: Any) -> Iterator[Any]:
    """The text and link elements of a Slack message."""
    for block in message["blocks"]:
        for section in block.get("elements", []):
            yield from section["elements"]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _require(is_so: bool, why: str) -> None:
    if not is_so:
        raise RefusedError(why)
