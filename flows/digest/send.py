"""One message over HTTP: handed over once, in time, to the address that was configured and no other.

A receiver that wants to be asked later is asked again; whatever else it answers ends the attempt, with the one fact
that matters afterwards: whether it may have the message.
"""

from __future__ import annotations

import json
import math
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from extractors.http.connection import Call, TookTooLong, WatchedAdapter, within
from extractors.http.exchange import reasons_of
from extractors.http.waits import seconds_to_wait
from flows.design.names import is_web_address
from flows.digest.channel import Means, Undelivered
from flows.shown import in_one_line
from transforms.digest.readers import Channel

ANSWER_BYTES_MAX = 10_000
ANSWER_SHOWN_MAX = 200
# Shorter pieces of an address, such as `hooks` or `v2`, are no secrets, and hiding them would spoil the answer.
SECRET_PIECE_MIN = 6
_NEVER_SENT = (ConnectTimeoutError, NewConnectionError, ssl.SSLCertVerificationError, requests.exceptions.InvalidURL)


class Verdict(Enum):
    """What an answer says about a message: taken, refused for good, to be sent later, or nothing for certain."""

    TAKEN = auto()
    REFUSED = auto()
    LATER = auto()
    UNCERTAIN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a receiver said: its status, its headers, and the first bytes of its body as text."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def said(self) -> Mapping[str, object]:
        """The body as a JSON object; empty where it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a connection and a whole request may take, how often it is made, and the longest wait between two."""

    connect_seconds: float = 10.0
    request_seconds: float = 30.0
    tries: int = 3
    wait_seconds: float = 30.0


PATIENT = Patience()
"""A part takes two and a half minutes at most: three requests of 30 seconds and two waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where a channel's messages go. `name` is shown, `url` is not, nor any piece of it, nor what is in `hidden`."""

    name: str
    url: str = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)


def by_status(answer: Answer) -> Verdict:
    """What the status alone says. After a 5xx, and after 408, the receiver may have the message."""
    if answer.status in range(200, 300):
        return Verdict.TAKEN
    if answer.status == requests.codes.too_many_requests:
        return Verdict.LATER
    is_doubtful = answer.status >= 500 or answer.status == requests.codes.request_timeout
    return Verdict.UNCERTAIN if is_doubtful else Verdict.REFUSED


def shown_name(channel: Channel) -> str:
    """A channel in messages: `slack "team"`."""
    return f'{channel.kind} "{in_one_line(channel.name)}"'


def secret_of(channel: Channel, means: Means) -> str:
    """The value of the variable that the channel names; Undelivered if there is none."""
    if value := means.secrets.get(channel.secret, "").strip():
        return value
    told = f"the variable {channel.secret} is not set" if channel.secret else "it names no variable with its address"
    raise Undelivered(f"{shown_name(channel)}: {told}: nothing was sent", is_uncertain=False)


def receiver_of(channel: Channel, means: Means) -> Receiver:
    """Where a channel goes whose secret is a whole address."""
    return receiver_at(channel, secret_of(channel, means))


def receiver_at(channel: Channel, url: str, *hidden: str) -> Receiver:
    """Where a channel goes; Undelivered if that is no web address. `hidden` are secrets within pieces of it."""
    if not is_web_address(url):
        told = f"what the variable {channel.secret} holds is no http(s) address; it is not shown"
        raise Undelivered(f"{shown_name(channel)}: {told}", is_uncertain=False)
    return Receiver(name=shown_name(channel), url=url, hidden=hidden)


def post(
    receiver: Receiver,
    payload: str,
    *,
    headers: Mapping[str, str] | None = None,
    judge: Callable[[Answer], Verdict] = by_status,
    patience: Patience = PATIENT,
) -> None:
    """Hand a JSON text over.

    A receiver that asks for it gets the message again after its `Retry-After`, or what its JSON says in its place.

    Raises:
        Undelivered: it was not accepted, or nobody knows. The message names the channel, the status and the beginning
            of the answer, never the address.
    """
    for left in reversed(range(patience.tries)):
        answer = _asked(receiver, payload, headers or {}, patience)
        verdict = judge(answer)
        if verdict is Verdict.TAKEN:
            return
        if verdict is not Verdict.LATER:
            raise Undelivered(_refusal(receiver, answer), is_uncertain=verdict is Verdict.UNCERTAIN)
        seconds = _wait_of(answer)
        if not left or seconds > patience.wait_seconds:
            told = f"{_refusal(receiver, answer)}; it takes nothing more for {seconds:g} s"
            raise Undelivered(told, is_uncertain=False)
        time.sleep(seconds)


def _asked(receiver: Receiver, payload: str, headers: Mapping[str, str], patience: Patience) -> Answer:
    # Named after the channel: the thread of a request, and what is told of a long wait, show this name.
    call = Call(receiver.name)
    try:
        return within(patience.request_seconds, call, lambda: _answer(receiver, payload, headers, patience))
    except TookTooLong as error:
        told = f"{receiver.name}: no answer within {patience.request_seconds:g} s; it may have the message"
        raise Undelivered(told, is_uncertain=True) from error
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        # Neither the text of the error nor the error itself is shown: both hold the address.
        reasons = tuple(reasons_of(error))
        is_uncertain = not any(isinstance(each, _NEVER_SENT) for each in reasons)
        what = type(reasons[-1]).__name__
        told = f"no answer ({what}); it may have the message" if is_uncertain else f"it cannot be reached ({what})"
        raise Undelivered(f"{receiver.name}: {told}", is_uncertain=is_uncertain) from None


def _answer(receiver: Receiver, payload: str, headers: Mapping[str, str], patience: Patience) -> Answer:
    with requests.Session() as session:
        session.mount("http://", WatchedAdapter())
        session.mount("https://", WatchedAdapter())
        session.auth = lambda request: request  # else requests reads a netrc file
        with session.post(
            receiver.url,
            data=payload.encode(),
            headers={"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity", **headers},
            timeout=(patience.connect_seconds, patience.request_seconds),
            allow_redirects=False,  # the message would go to an address that nobody configured
            stream=True,
        ) as response:
            text = response.raw.read(ANSWER_BYTES_MAX).decode(errors="replace")
            return Answer(status=response.status_code, headers=response.headers, text=text)


def _wait_of(answer: Answer) -> float:
    """Seconds until the receiver wants the message again; a second where it does not say.

    Discord says it as `retry_after` and Telegram as `parameters.retry_after` too, Discord with decimals.
    """
    said = answer.said.get("parameters", answer.said)
    told = said.get("retry_after") if isinstance(said, dict) else None
    by_body = float(told) if isinstance(told, int | float) and math.isfinite(told) else 0.0
    by_header = seconds_to_wait(requests.codes.too_many_requests, answer.headers, datetime.now(UTC)) or 0.0
    return max(by_body, by_header) or 1.0


def _refusal(receiver: Receiver, answer: Answer) -> str:
    """The status and the beginning of the answer; of a page for people only the status."""
    is_page = "html" in answer.headers.get("Content-Type", "").lower() or answer.text.lstrip().startswith("<")
    text = "" if is_page else in_one_line(_without_secrets(answer.text, receiver))
    cut = text if len(text) <= ANSWER_SHOWN_MAX else f"{text[:ANSWER_SHOWN_MAX]}…"
    return f"{receiver.name}: answered {answer.status}" + (f": {cut}" if cut else "")


def _without_secrets(text: str, receiver: Receiver) -> str:
    """The text without the address and its pieces, which some receivers repeat."""
    parts = urlsplit(receiver.url)
    pieces = {
        receiver.url,
        *receiver.hidden,
        parts.path,
        parts.query,
        parts.username,
        parts.password,
        *parts.path.split("/"),
    }
    pieces |= {value for _, value in parse_qsl(parts.query)}
    pieces |= {pair[pair.find("=") + 1 :] for pair in parts.query.split("&")}
    if parts.username or parts.password:
        login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        pieces.add(b64encode(login.encode()).decode())
    known = {form for each in pieces if each for form in _forms(each) if len(form) >= SECRET_PIECE_MIN}
    for each in sorted(known, key=len, reverse=True):
        text = re.sub(re.escape(each), "(secret)", text, flags=re.IGNORECASE)
    return text


def _forms(piece: str) -> Iterator[str]:
    """A piece of an address as receivers may write it: as it is, decoded, encoded anew, and as JSON has it."""
    for plain in {piece, unquote(piece), unquote_plus(piece)}:
        yield from (plain, quote(plain, safe=""), quote_plus(plain), plain.replace("/", "\\/"))
