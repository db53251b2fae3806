"""Every part of an issue is taken by a receiver with the real one's limits, and every failure says what is certain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.digest.channel import ChannelKind, Means, Part, Undelivered
from flows.digest.channels import KINDS, discord, feishu, slack, telegram, webhook
from flows.digest.send import Patience
from tests.support.issues import issue, item, rich_issue
from tests.support.mail_servers import certificate, mail_server
from tests.support.patience import patient
from tests.support.receivers import (
    CUT,
    SECRET,
    SILENT,
    TOKEN,
    ChatHandler,
    Discord,
    Feishu,
    Inbox,
    Program,
    Reply,
    Slack,
    Telegram,
    receiving,
)
from transforms.digest.readers import Channel

RECEIVERS: dict[str, type[ChatHandler]] = {
    "slack": Slack,
    "discord": Discord,
    "telegram": Telegram,
    "feishu": Feishu,
    "webhook": Program,
}
SENDERS = {each.__name__.rpartition(".")[2]: each.send for each in (slack, discord, telegram, feishu, webhook)}
VARIABLE = "TEAM_SECRET"
BRIEF = Patience(connect_seconds=5, request_seconds=0.3)


@pytest.fixture(params=RECEIVERS)
def kind(request: pytest.FixtureRequest) -> ChannelKind:
    return KINDS[request.param]


@pytest.fixture
def inbox(kind: ChannelKind) -> Iterator[Inbox]:
    with receiving(RECEIVERS[kind.name]) as found:
        yield found


@pytest.fixture
def channel(kind: ChannelKind) -> Channel:
    return Channel(kind=kind.name, name="team", to="-100123", secret=VARIABLE)


def means_of(url: str) -> Means:
    return Means(home=Path(), site_url="https://papers.example.org", secrets={VARIABLE: url})


def refused(kind: ChannelKind, channel: Channel, means: Means, patience: Patience | None = None) -> Undelivered:
    """What sending a short issue raises; never with the secret in it."""
    (part,) = kind.parts(issue([item()]), channel, means)
    with pytest.raises(Undelivered) as caught:
        SENDERS[kind.name](part, channel, means, patience or Patience(request_seconds=patient(20)))
    told = str(caught.value) + repr(caught.value.__context__ if not caught.value.__suppress_context__ else "")
    assert SECRET not in told
    assert TOKEN not in told
    assert str(caught.value).startswith(f'{kind.name} "team": ')
    return caught.value


def test_every_part_is_taken_and_tells_each_thing_once(kind: ChannelKind, channel: Channel, inbox: Inbox) -> None:
    means, whole = means_of(inbox.address), issue([item(number) for number in range(1, 81)])
    parts = kind.parts(whole, channel, means)
    for part in parts:
        kind.send(part, channel, means)
    assert (len(inbox.messages), inbox.refusals) == (len(parts), [])
    assert [key for part in parts for key in part.entry_keys] == [each.entry_key for each in whole.items]
    assert len({part.part_id for part in parts}) == len(parts)
    assert (len(parts) > 1) == (kind.name != "webhook")


def test_a_rich_issue_is_taken_with_all_that_it_tells(kind: ChannelKind, channel: Channel, inbox: Inbox) -> None:
    means = means_of(inbox.address)
    for part in kind.parts(rich_issue(), channel, means):
        kind.send(part, channel, means)
    assert inbox.refusals == []
    told = json.dumps(inbox.messages, ensure_ascii=False).replace("\\", "").replace("\N{WORD JOINER}", "")
    for each in ("Tide Tables for Every Harbour", "Looms That Learn, Part 8", "v3 of 4 March 2026", "withdrawn"):
        assert each in told
    assert told.index("the page has no list of papers") < told.index("Part 1") or kind.name == "webhook"


def test_a_receiver_that_wants_to_be_asked_later_gets_the_same_message_again(
    kind: ChannelKind, channel: Channel, inbox: Inbox
) -> None:
    means = means_of(inbox.address)
    inbox.replies = [Reply(status=429, headers={"Retry-After": "1"}, body="{}")]
    (part,) = kind.parts(issue([item()]), channel, means)
    kind.send(part, channel, means)
    assert [json.dumps(each) for each in inbox.messages] == [json.dumps(json.loads(part.payload))]
    assert len(inbox.paths) == 2


@pytest.mark.parametrize("seconds", ["3600", "99999999999999999999"])
def test_a_long_wait_is_not_waited_for(kind: ChannelKind, channel: Channel, inbox: Inbox, seconds: str) -> None:
    inbox.replies = [Reply(status=429, headers={"Retry-After": seconds})]
    assert not refused(kind, channel, means_of(inbox.address)).is_uncertain
    assert len(inbox.paths) == 1


def test_patience_ends_after_three_tries(kind: ChannelKind, channel: Channel, inbox: Inbox) -> None:
    body = json.dumps({"retry_after": 0.01, "parameters": {"retry_after": 0.01}})
    inbox.replies = [Reply(status=429, body=body)] * 5
    assert not refused(kind, channel, means_of(inbox.address)).is_uncertain
    assert len(inbox.paths) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_a_refusal_is_certain_and_its_words_are_told(
    kind: ChannelKind, channel: Channel, inbox: Inbox, status: int
) -> None:
    own = TOKEN if kind.name == "telegram" else SECRET
    inbox.replies = [Reply(status=status, body=f"no such place: {urlsplit(inbox.address).path}\x1b[31m\n{own}")]
    error = refused(kind, channel, means_of(inbox.address))
    assert not error.is_uncertain
    assert f"answered {status}: no such place: " in str(error)
    assert "(secret)" in str(error)
    assert "\x1b" not in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_after_an_error_of_the_server_nobody_knows(
    kind: ChannelKind, channel: Channel, inbox: Inbox, status: int
) -> None:
    inbox.replies = [Reply(status=status, body="<html>Bad Gateway</html>")]
    error = refused(kind, channel, means_of(inbox.address))
    assert error.is_uncertain
    assert str(error).endswith(f"answered {status}")
    assert len(inbox.paths) == 1


@pytest.mark.parametrize("status", [301, 307])
def test_no_redirect_is_followed(kind: ChannelKind, channel: Channel, inbox: Inbox, status: int) -> None:
    inbox.replies = [Reply(status=status, headers={"Location": f"{inbox.address}/elsewhere"})]
    assert not refused(kind, channel, means_of(inbox.address)).is_uncertain
    assert len(inbox.paths) == 1


def test_a_connection_that_is_cut_while_waiting_leaves_it_open(
    kind: ChannelKind, channel: Channel, inbox: Inbox
) -> None:
    inbox.replies = [CUT]
    assert refused(kind, channel, means_of(inbox.address)).is_uncertain


def test_silence_leaves_it_open(kind: ChannelKind, channel: Channel, inbox: Inbox) -> None:
    inbox.replies = [SILENT]
    assert refused(kind, channel, means_of(inbox.address), BRIEF).is_uncertain


def test_a_receiver_that_is_not_there_has_certainly_nothing(kind: ChannelKind, channel: Channel) -> None:
    with receiving(RECEIVERS[kind.name]) as gone:
        pass
    error = refused(kind, channel, means_of(gone.address))
    assert not error.is_uncertain
    assert "cannot be reached" in str(error)


def test_a_receiver_whose_certificate_nobody_vouches_for_gets_nothing(
    kind: ChannelKind, channel: Channel, tmp_path: Path
) -> None:
    with mail_server(tls=certificate(tmp_path).context) as other:
        error = refused(kind, channel, means_of(f"https://127.0.0.1:{other.port}/services/{SECRET}"))
    assert not error.is_uncertain
    assert str(error).endswith("it cannot be reached (SSLCertVerificationError)")


@pytest.mark.parametrize("secrets", [{}, {VARIABLE: " "}, {VARIABLE: f"ftp://{SECRET}"}, {VARIABLE: f"//{SECRET}"}])
def test_without_an_address_nothing_is_sent(kind: ChannelKind, channel: Channel, secrets: dict[str, str]) -> None:
    error = refused(kind, channel, Means(home=Path(), secrets=secrets))
    assert not error.is_uncertain
    assert VARIABLE in str(error)


def test_the_same_issue_gives_the_same_parts(kind: ChannelKind, channel: Channel) -> None:
    means = means_of("http://127.0.0.1:9/x")
    assert kind.parts(rich_issue(), channel, means) == kind.parts(rich_issue(), channel, means)


@pytest.mark.parametrize(
    ("code", "message", "is_taken"), [(0, "success", True), (11232, "frequency limited", False), (19024, "", False)]
)
def test_feishu_says_in_its_body_whether_it_took_it(code: int, message: str, is_taken: bool) -> None:
    channel = Channel(kind="feishu", name="team", secret=VARIABLE)
    with receiving(Feishu) as inbox:
        inbox.replies = [Reply(body=json.dumps({"code": code, "msg": message, "retry_after": 0.01}))] * 3
        means = means_of(inbox.address)
        (part,) = feishu.FEISHU.parts(issue([item()]), channel, means)
        if is_taken:
            feishu.FEISHU.send(part, channel, means)
        else:
            assert not refused(feishu.FEISHU, channel, means).is_uncertain
        assert len(inbox.paths) == (3 if code == 11232 else 1)


def test_an_answer_of_feishu_without_a_code_says_nothing() -> None:
    channel = Channel(kind="feishu", name="team", secret=VARIABLE)
    with receiving(Feishu) as inbox:
        inbox.replies = [Reply(body="<html>welcome to this hotel</html>")]
        assert refused(feishu.FEISHU, channel, means_of(inbox.address)).is_uncertain


def test_discord_keeps_the_thread_of_its_address() -> None:
    channel = Channel(kind="discord", name="team", secret=VARIABLE)
    with receiving(Discord) as inbox:
        means = means_of(f"{inbox.address}?thread_id=77")
        (part,) = discord.DISCORD.parts(issue([item()]), channel, means)
        discord.DISCORD.send(part, channel, means)
        assert inbox.paths == [f"/services/{SECRET}?thread_id=77&wait=true"]


def test_a_program_gets_the_id_of_the_part_twice_when_it_is_sent_twice() -> None:
    channel = Channel(kind="webhook", name="team", secret=VARIABLE)
    with receiving(Program) as inbox:
        part = Part(part_id="ada/é\r\n.1", payload="{}", entry_keys=())
        for _ in range(2):
            webhook.WEBHOOK.send(part, channel, means_of(inbox.address))
        assert [each["Idempotency-Key"] for each in inbox.headers] == ["ada/%C3%A9%0D%0A.1"] * 2
