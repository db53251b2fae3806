"""Whatever an issue holds, its parts keep the limits, tell everything once, and give nothing of a page a meaning."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.digest.channel import ChannelKind, Means, Part
from flows.digest.channels import KINDS
from flows.digest.channels.mail import HTML_BYTES_MAX
from tests.support.hostile import BREAKOUT, HOSTILE
from tests.support.issues import issue, item, paper, place, rich_issue, unread
from tests.support.receivers import (
    TOKEN,
    Asked,
    Discord,
    Feishu,
    RefusedError,
    Slack,
    Telegram,
    TelegramText,
    elements_of,
)
from transforms.digest.readers import Channel
from transforms.digest.records import DigestPaper, Issue, Item, News, Reason, ReviewNote
from transforms.records import Link

MEANS = Means(home=Path(), site_url="https://papers.example.org", mail_from="Paperlog <digest@example.org>")
SENT = {name: kind for name, kind in KINDS.items() if name not in {"feed", "markdown"}}
"""The kinds that hand messages over; those that write files have tests of their own."""

CHATS = {"slack": Slack, "discord": Discord, "telegram": Telegram, "feishu": Feishu}
CALLS = (
    '@everyone @here <!channel> <!here|x> <@U123> <@&1> <#C1> <at user_id="all"></at> <at id=all></at> @ada_orn '
    "[log in](javascript:alert(1)) [x](https://evil.example) <https://evil.example|sign in> </b></a> *b* _i_ ~s~ `c` "
    "||spoiler|| :smile: <t:1:R> "
    "https://evil.example evil.example 10.1.2.3 t.me/evil #tag /start $USD mailto:a@evil.example"
)
NASTY = (
    f"{CALLS} {HOSTILE} \x00 \ud800 \r\nBcc: a@evil.example\r\n\r\n\u202e\u2028",
    "W" * 100_000,
    "many words " * 10_000,
    "&<>\"'" * 500,
    "\U0001f600" * 1000,
    "\\*_" * 400,
    BREAKOUT,
)


SHORT = [each for each in NASTY if len(each) < 5000]


def nasty_paper(text: str, number: int = 1) -> DigestPaper:
    """A paper with this text in every field that a page fills."""
    return paper(
        number,
        paper_key=text[:500],
        title=text,
        abstract=text,
        authors=(text, *[text[:500]] * 3000),
        author_count=3001,
        institutions=(text,) * 3,
        categories=(text,),
        keywords=(text,),
        arxiv_id=text[:300],
        doi=text,
        venue=text,
        links=(Link(kind=text, url=f"https://evil.example/{text}"), Link(kind="code", url=f"javascript:{text}")),
        places=tuple(place(source=text[:200], series=text[:200], position=each) for each in range(1, 40)),
        reviews=(ReviewNote(source=text[:200], partition_on=place().partition_on, summary=text, verdict=text),),
    )


def nasty_issue(text: str) -> Issue:
    """An issue in which every text is that one."""
    reasons = (Reason(kind="words", text=text),) * 5
    items = [
        item(number, news, paper=nasty_paper(text, number), reasons=reasons, detail=text)
        for number, news in enumerate(News, start=1)
    ]
    lists = (unread("refused", 1, reason=text, source=text[:200]), unread("open", 2))
    return issue(items, title=text, reader=text[:200], unread=lists)


def channel_of(kind: ChannelKind) -> Channel:
    return Channel(kind=kind.name, name="home", to="ada@example.net" if kind.name == "mail" else "-100123")


def parts_of(kind: ChannelKind, whole: Issue) -> Sequence[Part]:
    return kind.parts(whole, channel_of(kind), MEANS)


def html_of(part: Part) -> str:
    return body_of(part, "html")


def body_of(part: Part, form: str) -> str:
    message = email.message_from_string(part.payload, policy=policy.default)
    assert isinstance(message, EmailMessage)
    found = message.get_body((form,))
    assert found is not None
    return str(found.get_content())


def require_within_limits(kind: ChannelKind, part: Part) -> None:
    """As the real receiver would; of a mail, what Gmail shows whole, and lines that every server takes."""
    if kind.name == "mail":
        assert len(html_of(part).encode()) <= HTML_BYTES_MAX
        assert max(map(len, part.payload.split("\r\n"))) <= 998
        assert part.payload.isascii()
    elif kind.name in CHATS:
        path = "/?wait=true" if kind.name == "discord" else f"/bot{TOKEN}/sendMessage"
        try:
            CHATS[kind.name].judge(Asked(path=path, body=part.payload.encode()))
        except RefusedError as error:
            pytest.fail(f"{kind.name} would refuse it: {error}")


def keys_of(whole: Issue) -> list[str]:
    """What is to be told, in its order: troubles, items, lists that are open."""
    troubles = [each.entry_key for each in whole.trouble]
    still_open = [each.entry_key for each in whole.unread if not each.is_trouble]
    return [*troubles, *(each.entry_key for each in whole.items), *still_open]


@pytest.fixture(params=list(SENT))
def kind(request: pytest.FixtureRequest) -> ChannelKind:
    return KINDS[request.param]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_hostile_and_endless_texts_keep_the_limits_and_are_told_once(kind: ChannelKind, text: str) -> None:
    whole = nasty_issue(text)
    parts = parts_of(kind, whole)
    for part in parts:
        require_within_limits(kind, part)
    told = [key for part in parts for key in part.entry_keys]
    assert sorted(told) == sorted(keys_of(whole))
    assert told == keys_of(whole) or kind.name == "webhook"
    assert parts == parts_of(kind, nasty_issue(text))


@pytest.mark.parametrize("name", ["mail", *CHATS])
def test_parts_are_filled_to_their_limits_and_not_over(name: str) -> None:
    titles = [f"{number} " + "loom " * (number * 7 % 23) for number in range(1, 401)]
    whole = issue([item(number, paper=paper(number, title=title)) for number, title in enumerate(titles, start=1)])
    parts = parts_of(KINDS[name], whole)
    for part in parts:
        require_within_limits(KINDS[name], part)
    assert len(parts) > 1


texts = st.text(max_size=400) | st.sampled_from(SHORT) | st.just("A usual title of a paper")
papers = st.builds(
    paper,
    st.integers(1, 99999),
    title=st.none() | texts,
    abstract=st.none() | texts,
    authors=st.lists(texts, max_size=5).map(tuple),
    upvotes=st.none() | st.integers(0, 10**6),
    arxiv_id=st.none() | st.just("2603.00001") | texts,
    is_withdrawn=st.booleans(),
)
items = st.builds(
    Item,
    news=st.sampled_from(News),
    paper=papers,
    reasons=st.lists(st.builds(Reason, kind=st.just("words"), text=texts), max_size=3).map(tuple),
    detail=texts,
    entry_key=st.uuids().map(str),
)
lists = st.builds(unread, st.sampled_from(["open", "refused", "missing", "unrecoverable"]), st.integers(0, 300))


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    """Items in the order of their news, as an issue has them; now and then very many."""
    some = draw(st.lists(items, max_size=8)) * draw(st.sampled_from([1, 1, 1, 9]))
    ordered = sorted(some, key=lambda each: list(News).index(each.news))
    named = [replace(each, entry_key=f"{number}") for number, each in enumerate(ordered)]
    unique = {each.entry_key: each for each in draw(st.lists(lists, max_size=6))}
    return issue(named, title=draw(texts), unread=tuple(unique.values()), left_out_count=draw(st.integers(0, 3)))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(whole=issues())
def test_any_issue_keeps_the_limits_and_is_told_once(whole: Issue) -> None:
    for kind in SENT.values():
        parts = parts_of(kind, whole)
        for part in parts:
            require_within_limits(kind, part)
        assert sorted(key for part in parts for key in part.entry_keys) == sorted(keys_of(whole))
        assert [part.part_id for part in parts] == [f"{whole.issue_id}.{n}" for n in range(1, len(parts) + 1)]


def test_an_issue_with_nothing_to_tell_is_one_part_that_says_so(kind: ChannelKind) -> None:
    (part,) = parts_of(kind, issue())
    assert part.entry_keys == ()
    assert "nothing new" in part.payload
    require_within_limits(kind, part)


@pytest.mark.parametrize("name", ["mail", *CHATS])
def test_several_parts_say_which_they_are_and_only_the_first_sums_up(name: str) -> None:
    whole = issue([item(number) for number in range(1, 301)], left_out_count=7, unread=(unread("refused"),))
    shown = [visible_of(name, part).replace("\\", "") for part in parts_of(KINDS[name], whole)]
    count = len(shown)
    assert count > 1
    for number, text in enumerate(shown, start=1):
        assert f"Looms and tides ({number} of {count})" in text
        assert ("2 to 8 March 2026" in text) == (number == 1)
        assert ("7 more papers fitted" in text) == (number == count)
        assert ("was refused" in text) == (number == 1)


def visible_of(name: str, part: Part) -> str:
    """What a person reads; in Discord with the signs before those that are escaped."""
    if name == "mail":
        return BeautifulSoup(html_of(part), "lxml").get_text()
    message = json.loads(part.payload)
    if name == "slack":
        return "".join(each["text"] for each in elements_of(message))
    if name == "discord":
        return "\n".join([message["content"], *(each["description"] for each in message["embeds"])])
    if name == "telegram":
        return TelegramText(message["text"]).text
    post = message["content"]["post"]["en_us"]
    return "\n".join([post["title"], *(each["text"] for line in post["content"] for each in line)])


# What the programs of receivers make of plain text.
LINKED = re.compile(r"https?://|\w\.[^\W\d_]{2}|\d\.\d+\.\d+\.\d|(?<!\w)[@#$/]\w|\w@\w")


@pytest.mark.parametrize("name", ["telegram", "feishu"])
def test_no_text_of_a_page_is_a_link_a_call_or_a_command_by_itself(name: str) -> None:
    for part in parts_of(KINDS[name], nasty_issue(NASTY[0])):
        assert LINKED.findall(visible_of(name, part)) == []
        assert "<at" not in visible_of(name, part) or name != "feishu"


def test_no_text_of_a_page_is_a_link_in_a_mail() -> None:
    for part in parts_of(KINDS["mail"], nasty_issue(NASTY[0])):
        soup = BeautifulSoup(html_of(part), "lxml")
        for each in soup.find_all("a"):
            each.extract()
        assert soup.body is not None
        assert LINKED.findall(soup.body.get_text()) == []


def test_texts_in_slack_are_texts() -> None:
    for part in parts_of(KINDS["slack"], nasty_issue(NASTY[0])):
        message = json.loads(part.payload)
        assert {each["type"] for each in message["blocks"]} <= {"rich_text", "divider"}
        assert {each["type"] for each in elements_of(message)} <= {"text", "link"}
        assert not set("<>") & set(message["text"])
        assert "@" not in message["text"] or not re.search(r"@\w", message["text"])


def test_every_sign_of_markdown_is_escaped_in_discord() -> None:
    for part in parts_of(KINDS["discord"], nasty_issue(NASTY[0])):
        message = json.loads(part.payload)
        assert message["allowed_mentions"] == {"parse": []}
        ours = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\((https?://[^\s()<>]+)\)|\*\*|\\.", re.DOTALL)
        for text in (message["content"], *(each["description"] for each in message["embeds"])):
            assert not set("*_~`|<>[]()#@:") & set(ours.sub("", text))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("name", ["mail", *CHATS])
def test_links_are_web_addresses_that_nothing_ends_early(name: str, text: str) -> None:
    for url in urls_in(name, parts_of(KINDS[name], nasty_issue(text))):
        assert re.fullmatch(r"https?://[\w.-]+(?::\d+)?/[!#$%&+,./:;=?@\w~-]*", url, re.ASCII), url


def urls_in(name: str, parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if name == "mail":
            links = BeautifulSoup(html_of(part), "lxml").find_all("a")
            yield from (str(each["href"]) for each in links if not str(each["href"]).startswith("mailto:"))
            continue
        message: Any = json.loads(part.payload)
        if name == "slack":
            yield from (each["url"] for each in elements_of(message) if each["type"] == "link")
        elif name == "discord":
            for each in message["embeds"]:
                yield from re.findall(r"(?<!\\)\]\((.*?)\)", each["description"])
        elif name == "telegram":
            yield from TelegramText(message["text"]).links
        else:
            for line in message["content"]["post"]["en_us"]["content"]:
                yield from (each["href"] for each in line if each["tag"] == "a")


def test_long_texts_are_shortened_where_one_can_see_it() -> None:
    for name in ("mail", *CHATS):
        (part,) = parts_of(KINDS[name], issue([item(paper=paper(title="many words " * 1000))]))
        assert "many words\N{NO-BREAK SPACE}…" in visible_of(name, part)


def test_a_program_gets_everything_as_it_is() -> None:
    whole = rich_issue()
    (part,) = parts_of(KINDS["webhook"], whole)
    found = json.loads(part.payload)
    assert (found["version"], found["issue_id"], found["reader"]) == (1, "ada-2026-03-09-mail", "ada")
    assert (found["made_at"], found["since_on"], found["left_out_count"]) == ("2026-03-09T06:30:00Z", "2026-03-02", 12)
    assert found["headline"].startswith("3 new papers")
    tides = found["items"][1]
    assert (tides["news"], tides["entry_key"]) == ("new", whole.items[1].entry_key)
    assert tides["reasons"][0] == {"kind": "authors", "text": "Ada Orn"}
    assert tides["paper"]["url"] == "https://arxiv.org/abs/2603.00002"
    assert tides["paper"]["page_url"] == "https://papers.example.org/papers/p2"
    assert (tides["paper"]["has_code"], tides["paper"]["author_count"]) == (True, 1204)
    assert tides["paper"]["places"][1]["source"] == "weekly_review"
    assert tides["paper"]["reviews"][0]["verdict"] == "Careful work; the tables are worth it."
    assert [each["state"] for each in found["unread"]] == ["refused", "missing", "open"]
    assert found["unread"][0]["entry_key"] == whole.unread[0].entry_key


def test_a_program_gets_hostile_texts_unchanged_in_json_that_is_safe_to_print() -> None:
    (part,) = parts_of(KINDS["webhook"], nasty_issue(NASTY[0]))
    assert json.loads(part.payload)["items"][0]["paper"]["title"] == NASTY[0]
    assert not {"\x1b", "\u202e", "\u2028", "\ud800"} & set(part.payload)
    part.payload.encode()
