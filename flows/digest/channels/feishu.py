"""Feishu and Lark, through a custom bot of a group: a `post`, whose paragraphs are plain texts and links.

The limits: 20 KB a request, 100 requests a minute and 5 a second (open.feishu.cn, "Custom bot usage guide"). It answers
200 with `{"code": 0}`, and 200 or 400 with another code if not: 9499 for a body that it cannot read or is too large,
19024 for a missing keyword, 19022 for another address than allowed, 19021 for a missing signature; 11232, and 9499 with
"too many request", ask to come again later. Bots that want a signature are not served: a keyword, which may be a word
of the reader's title, or an allowed address does the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from flows.digest.channel import ChannelKind, Means, Part
from flows.digest.channels.told import Sheet, Told, parts_of, unlinked
from flows.digest.send import PATIENT, Answer, Patience, Verdict, by_status, post, receiver_of
from transforms.digest.readers import Channel
from transforms.digest.records import Issue

BYTES_MAX = 20_000
CODE_BUSY = 11232
CODE_BAD = 9499

_TAG = re.compile(r"<(?=[A-Za-z/])")
_Tag = Mapping[str, str]


def parts(issue: Issue, _: Channel, means: Means) -> Sequence[Part]:
    """One message for each 20,000 bytes."""
    return parts_of(issue, means.site_url, _payload, lambda sheet: len(_payload(sheet).encode()) <= BYTES_MAX)


def send(part: Part, channel: Channel, means: Means, patience: Patience = PATIENT) -> None:
    """Post it, and read the code in the answer."""
    post(receiver_of(channel, means), part.payload, judge=_judged, patience=patience)


def _judged(answer: Answer) -> Verdict:
    """What the code says; of an answer without one, its status, where a 200 may come from something in between."""
    code = answer.said.get("code")
    if not isinstance(code, int):
        return Verdict.UNCERTAIN if (found := by_status(answer)) is Verdict.TAKEN else found
    if code == 0:
        return Verdict.TAKEN
    is_busy = code == CODE_BUSY or (code == CODE_BAD and "too many" in str(answer.said.get("msg")).lower())
    return Verdict.LATER if is_busy else Verdict.REFUSED


def _payload(sheet: Sheet) -> str:
    post_of = {"title": _plain(sheet.heading), "content": list(_paragraphs(sheet))}
    return json.dumps({"msg_type": "post", "content": {"post": {"en_us": post_of}}}, ensure_ascii=False)


def _paragraphs(sheet: Sheet) -> Iterator[list[_Tag]]:
    yield from ([_text(each)] for each in sheet.summary)
    for heading, told in sheet.sections:
        yield [_text(f"【{heading}】")]
        for each in told:
            yield [{"tag": "text", "text": "• "}, _name(each)]
            yield from ([_text(line)] for line in each.lines)
    if sheet.end:
        yield [_text(sheet.end)]


def _name(told: Told) -> _Tag:
    return {"tag": "a", "text": _plain(told.name), "href": told.url} if told.url else _text(told.name)


def _text(text: str) -> _Tag:
    return {"tag": "text", "text": _plain(text)}


def _plain(text: str) -> str:
    """The text as text: in texts of other kinds, `<at user_id="all">` calls everybody."""
    return _TAG.sub("<\N{WORD JOINER}", unlinked(text))


FEISHU = ChannelKind(
    name="feishu",
    meaning="a message in a Feishu or Lark group, through a custom bot",
    secret="the variable with the bot's address, https://open.feishu.cn/open-apis/bot/v2/hook/…",  # noqa: S106 - a meaning
    parts=parts,
    send=send,
)
