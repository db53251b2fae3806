"""What a mail says to programs that sort, thread and end it, and to people who read it as text or as a page."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.digest.channel import Means, WrongChannel
from flows.digest.channels.mail import HTML_BYTES_MAX, MAIL
from tests.support.hostile import HOSTILE
from tests.support.issues import issue, item, rich_issue
from transforms.digest.readers import Channel
from transforms.digest.records import Issue

ELEMENTS = {"html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "h3", "p", "a", "b", "span"}
SENDER = "Paperlog <digest@example.org>"


def mails(whole: Issue, to: str = "ada@example.net", sender: str | None = SENDER) -> list[EmailMessage]:
    means = Means(home=Path(), site_url="https://papers.example.org", mail_from=sender)
    found = []
    for part in MAIL.parts(whole, Channel(kind="mail", name="home", to=to), means):
        message = email.message_from_string(part.payload, policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert message.defects == []
        found.append(message)
    return found


def body(message: EmailMessage, form: str) -> str:
    found = message.get_body((form,))
    assert found is not None
    return str(found.get_content())


def test_programs_can_sort_thread_and_end_it() -> None:
    (mail,) = mails(rich_issue(), to="Ada Örn <ada@example.net>")
    headers = dict(mail.items())
    assert set(headers) == {
        "Message-ID",
        "List-Id",
        "List-Unsubscribe",
        "From",
        "To",
        "Subject",
        "Date",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    assert headers["Message-ID"] == "<ada-2026-03-09-mail.ada.1@example.org>"
    assert headers["List-Id"] == "<ada.paperlog.example.org>"
    assert headers["List-Unsubscribe"] == "<mailto:digest@example.org?subject=unsubscribe%20ada>"
    assert (headers["To"], headers["From"]) == ("Ada Örn <ada@example.net>", SENDER)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    assert headers["Subject"].startswith("Looms and tides: 3 new papers, 1 paper that came late")


@pytest.mark.parametrize(
    "title",
    ["Looms\r\nBcc: a@evil.example\r\n\r\nhello", "Größe 😀 " * 40, HOSTILE, "\x00\ud800", "=?utf-8?q?Bcc=3A?= x"],
    ids=range(5),
)
def test_no_text_becomes_a_header(title: str) -> None:
    (mail,) = mails(issue([item()], title=title, reader=title, issue_id=title))
    assert "Bcc" not in mail
    assert len(mail.keys()) == 10
    assert "\n" not in str(mail["Subject"])
    assert re.fullmatch(r"<[\w.-]+@example\.org>", str(mail["Message-ID"]))
    assert re.fullmatch(r"<[A-Za-z0-9-]+\.paperlog\.example\.org>", str(mail["List-Id"]))
    assert re.fullmatch(r"<mailto:digest@example\.org\?subject=[\w.~%-]+>", str(mail["List-Unsubscribe"]), re.ASCII)
    assert mail.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@example.net",
        "a@example.net, b@example.net",
        "ada@example.net\r\nBcc: a@evil.example",
        "ada@exam ple.net",
        "ädä@example.net",
        "ada@exämple.net",
        "Team: a@example.net, b@example.net;",
        '"a b"@example.net',
        "<ada@example.net",
        "ada@example.net> <b@example.net",
        "Ada <a>b@example.net>",
        "a" * 65 + "@example.net",
        "a@" + "b." * 126 + "net",
    ],
)
def test_what_is_no_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(WrongChannel, match=r'^mail "home": to: .*is not one mail address: write') as caught:
        mails(issue([item()]), to=address)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" ada+looms@example.net ", "ada+looms@example.net"),
        ('"Ada Örn" <ada@sub.example.net>', "Ada Örn <ada@sub.example.net>"),
        ("<ada@localhost>", "ada@localhost"),
        ("O'Ada (home) $1 <ada@example.net>", '"O\'Ada (home) $1" <ada@example.net>'),
    ],
)
def test_an_address_may_have_a_name(written: str, read: str) -> None:
    (mail,) = mails(issue([item()]), to=written)
    assert str(mail["To"]) == read


@pytest.mark.parametrize("sender", [None, "", "nobody"])
def test_a_sender_is_needed(sender: str | None) -> None:
    with pytest.raises(WrongChannel, match="PAPERLOG_MAIL_FROM"):
        mails(issue([item()]), sender=sender)


def test_the_text_keeps_72_columns_but_for_addresses() -> None:
    (mail,) = mails(rich_issue())
    long = [line for line in body(mail, "plain").splitlines() if len(line) > 72]
    assert [line for line in long if "://" not in line and not line.startswith("mailto:")] == []


def test_the_text_says_all_that_the_page_says() -> None:
    (mail,) = mails(rich_issue())
    text = " ".join(body(mail, "plain").split())
    for each in BeautifulSoup(body(mail, "html"), "lxml").find_all(["h1", "h3", "b", "p"]):
        for said in each.find_all(string=True, recursive=False):
            shown = " ".join(said.split()).strip(" ·.").removeprefix("You are the reader “ada” of a Paperlog")
            assert shown in text


def test_the_page_fetches_nothing_runs_nothing_and_knows_dark_screens() -> None:
    for whole in (rich_issue(), issue([item()], title=HOSTILE, reader=HOSTILE)):
        (mail,) = mails(whole)
        html = body(mail, "html")
        soup = BeautifulSoup(html, "lxml")
        assert {each.name for each in soup.find_all()} <= ELEMENTS
        allowed = {"lang", "charset", "name", "content", "class", "style", "href"}
        assert {name for each in soup.find_all() for name in each.attrs} <= allowed
        assert "url(" not in html
        assert "@import" not in html
        assert soup.find("meta", attrs={"name": "color-scheme", "content": "light dark"}) is not None
        assert "prefers-color-scheme: dark" in html


def test_links_lead_to_the_paper_and_to_its_page() -> None:
    (mail,) = mails(issue([item()]))
    links = [str(each["href"]) for each in BeautifulSoup(body(mail, "html"), "lxml").find_all("a")]
    unsubscribe = "mailto:digest@example.org?subject=unsubscribe%20ada"
    assert links == ["https://arxiv.org/abs/2603.00001", "https://papers.example.org/papers/p1", unsubscribe]


def test_a_long_issue_is_several_mails_that_gmail_shows_whole() -> None:
    whole = issue([item(number) for number in range(1, 201)])
    found = mails(whole)
    sizes = [len(body(each, "html").encode()) for each in found]
    assert len(found) > 1
    assert max(sizes) <= HTML_BYTES_MAX < 102_000
    # All but the last are full: there is no room for one more paper.
    assert min(sizes[:-1]) > HTML_BYTES_MAX - 3000
    assert len({str(each["Message-ID"]) for each in found}) == len(found)
    assert str(found[0]["Subject"]).startswith(f"Looms and tides (1 of {len(found)}): 200 new papers")
